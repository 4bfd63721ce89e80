// How the cells of a report are written, by their column's unit. Pure.
import type { Cell, Column, Report, ReportChart, ReportRow, ReportSection, Unit } from "../api/types";
import { clockTime, dateTime, duration, number } from "../lib/format";

/** word is what a code in a cell is called. */
export function word(c: Column, v: Cell | undefined): Cell | undefined {
  return typeof v === "string" ? (c.words?.[v] ?? v) : v;
}

export function cell(v: Cell | undefined, unit: Unit, zone: string, lang: string, oneDay = false): string {
  if (v === null || v === undefined || v === "") return "–";
  switch (unit) {
    case "count":
      return typeof v === "number" ? number(v, lang) : String(v);
    case "number":
      return typeof v === "number" ? number(v, lang, 2) : String(v);
    case "percent":
      return typeof v === "number" ? `${number(v, lang, 1)} %` : String(v);
    case "duration":
      return typeof v === "number" ? duration(v) : String(v);
    case "time": {
      const at = Date.parse(String(v));
      if (Number.isNaN(at)) return String(v);
      return oneDay ? clockTime(at, zone, lang) : dateTime(at, zone, lang);
    }
    default:
      return String(v);
  }
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];

/** clockStep is between the marks of an axis of durations up to top seconds: one that reads well on a clock, for five marks or so. */
export function clockStep(top: number): number {
  return steps.find(s => s * 6 >= top) ?? Math.ceil(top / 6 / 86_400) * 86_400;
}

/** rightward: figures stand to the right, so that their digits line up. */
export function rightward(unit: Unit): boolean {
  return unit !== "text" && unit !== "time";
}

/** emptyColumns are those that say nothing in any row: all zero or without value. */
export function emptyColumns(s: ReportSection): Set<string> {
  const nothing = (v: Cell | undefined) => v === null || v === undefined || v === 0 || v === "";
  const out = new Set<string>();
  for (const c of s.columns ?? [])
    if (nothing(s.totals?.[c.id]) && (s.rows ?? []).every(r => nothing(r.cells[c.id]))) out.add(c.id);
  return out;
}

type Leading = Pick<ReportRow, "drills" | "from" | "to" | "timeline">;

/** leadOf is the page that lists what is behind a cell. The list is told the figure, to say where it has another: a count of
    stays, the sum of what they have, the rating. */
export function leadOf(
  s: ReportSection,
  row: Leading,
  id: string,
  part: { unit: Unit; timed?: boolean },
  v: Cell | undefined,
  closed?: string | null,
): string | undefined {
  if (part.timed || agentStates.has(id)) {
    const page = row.timeline?.includes("agent=") ? "agent-day" : "agents";
    return row.timeline && `/reports/${page}?${row.timeline}`;
  }
  const drill = row.drills?.[id] ?? fill(s.leads?.[id], row);
  if (!drill) return undefined;
  const one = /(^|&)call=/.test(drill); // the longest of several: there is no sum
  const figure =
    typeof v === "number" && !one
      ? `&figure=${v}&unit=${part.unit === "text" ? "count" : part.unit}${closed ? `&closed=${closed}` : ""}`
      : "";
  return `/calls?${drill}${figure}`;
}

// The parts of an agent's occupancy, which are columns of her times too.
const agentStates = new Set("available reserved ringing talk hold consult wrap_up logged_in".split(" "));

function fill(lead: string | undefined, row: Leading): string | undefined {
  if (!lead || !row.from || !row.to) return undefined;
  return lead.replaceAll("{from}", encodeURIComponent(row.from)).replaceAll("{to}", encodeURIComponent(row.to));
}

export interface Sort {
  column: string; // "" is the row's label
  down: boolean;
}

/** sorted orders rows by one column; what has no value comes last either way. */
export function sorted(rows: ReportRow[], s: Sort | null): ReportRow[] {
  if (!s) return rows;
  const value = (r: ReportRow): Cell => (s.column === "" ? r.label : (r.cells[s.column] ?? null));
  const sign = s.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = value(a);
    const y = value(b);
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return sign * String(x).localeCompare(String(y));
  });
}

/** Plot is a chart without a drawing library: names along x, and series of values. */
export interface Plot {
  kind: "line" | "bar" | "heatmap";
  title: string;
  x: string[];
  unit: Unit;
  series: { name: string; column: string; unit: Unit; values: (number | null)[] }[];
  stacked: boolean;
}

/** turned lays a heat map on its side, so that the longer way runs along the page. */
function turned(p: Plot): Plot {
  const series = p.x.map((name, i) => ({ name, column: "", unit: p.unit, values: p.series.map(s => s.values[i] ?? null) }));
  return { ...p, x: p.series.map(s => s.name), series };
}

/** plot takes a chart's values out of the report's rows; nothing where there is nothing to draw. */
export function plot(r: Report, c: ReportChart, lang: string): Plot | null {
  if (c.kind === "timeline") return null;
  const rows = r.rows ?? [];
  const columns = new Map((r.columns ?? []).map((k): [string, Column] => [k.id, k]));
  const label = (row: ReportRow) => {
    const at = /^\d{4}-\d\d-\d\dT/.test(row.label) ? Date.parse(row.label) : Number.NaN;
    return Number.isNaN(at) ? row.label : clockTime(at, r.zone, lang);
  };
  const series = (c.series ?? []).map(s => ({
    name: s.name,
    column: s.column ?? "",
    unit: columns.get(s.column ?? "")?.unit ?? "number",
    values:
      s.values ?? rows.map(row => (typeof row.cells[s.column ?? ""] === "number" ? (row.cells[s.column ?? ""] as number) : null)),
  }));
  if (series.length === 0 || rows.length === 0) return null;
  // Parts of one whole stand on each other: counts by outcome, time by state.
  const stacked = c.kind === "bar" && series.length > 1 && series.every(s => s.unit === series[0]!.unit && s.unit !== "percent");
  // A part that is nowhere is no part of the picture.
  const parts = stacked ? series.filter(s => s.values.some(v => v)) : series;
  const p: Plot = { kind: c.kind, title: c.title, x: rows.map(label), unit: series[0]!.unit, series: parts, stacked };
  return p.kind === "heatmap" && p.x.length > p.series.length ? turned(p) : p;
}
