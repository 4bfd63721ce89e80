import { Button, Tooltip } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Link } from "wouter";
import type { Cell, Column, Report, ReportRow, ReportSection } from "../api/types";
import { CallBack } from "../calls/CallBack";
import { useT } from "../i18n";
import { dateTime, fullDateTime, isoDay } from "../lib/format";
import { Icon } from "../ui/Icon";
import { Empty } from "../ui/Page";
import { cell, emptyColumns, leadOf, plot, rightward, type Sort, sorted, word } from "./cells";
import { type Behind, Made } from "./Made";
import "./reports.css";
import { Timeline } from "./Timeline";

const Chart = lazy(() => import("./Chart"));

/** ReportView shows any report: its charts, its tables with the formula of each figure, and where the figures lead. */
export function ReportView({ r, part = false }: { r: Report; part?: boolean }) {
  const { t, lang } = useT();
  const plots = (r.charts ?? []).map(c => plot(r, c, lang)).filter(p => p !== null);
  const corrections = r.corrections ?? [];
  return (
    <div className="rw-report">
      {!part && <Head r={r} />}
      {(r.timeline?.length ?? 0) > 0 && (
        <Timeline spans={r.timeline!} zone={r.zone} title={r.charts?.find(c => c.kind === "timeline")?.title} />
      )}
      {plots.length > 0 && (
        <Suspense fallback={<div className="rw-panel rw-chart rw-chart-wait" />}>
          <div className="rw-charts">
            {plots.map(p => (
              <Chart key={p.title} p={p} zone={r.zone} />
            ))}
          </div>
        </Suspense>
      )}
      <Section s={r} r={r} />
      {(r.sections ?? []).filter(hasColumns).map(s => (
        <section key={s.id ?? s.heading}>
          {s.heading && <h2 className="rw-h2">{s.heading}</h2>}
          <Section s={s} r={r} />
        </section>
      ))}
      <Formulas r={r} />
      {corrections.length > 0 && (
        <section>
          <h2 className="rw-h2">{t("report.corrections")}</h2>
          <ul className="rw-corrections">
            {corrections.map((c, i) => (
              <li key={i}>
                <span className="rw-dim rw-num" title={fullDateTime(Date.parse(c.at), r.zone, lang)}>
                  {dateTime(Date.parse(c.at), r.zone, lang)}
                </span>{" "}
                {c.text || `${c.row} · ${c.column}: ${c.closed} → ${c.value}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

// A section of which nothing is known has not even a heading.
function hasColumns(s: ReportSection): boolean {
  return (s.columns ?? []).length > 0;
}

/** Head says which time the report covers, on which clock, and what it is worth. */
function Head({ r }: { r: Report }) {
  const { t, lang } = useT();
  return (
    <>
      <p className="rw-dim rw-small">
        {dateTime(Date.parse(r.from), r.zone, lang)} – {dateTime(Date.parse(r.to), r.zone, lang)} · {r.zone} ·{" "}
        {t("report.generated")} {dateTime(Date.parse(r.generated), r.zone, lang)}
        {r.open && ` · ${t("report.open")}`}
      </p>
      <MadeUp r={r} />
    </>
  );
}

/** MadeUp says which figures are the demo's history: nobody shall take them for what people did. */
function MadeUp({ r }: { r: Report }) {
  const { t, lang } = useT();
  const all = r.made_up ?? [];
  if (all.length === 0) return null;
  const from = Date.parse(all[0]!.from);
  const to = Date.parse(all[all.length - 1]!.to);
  const whole = all.length === 1 && from <= Date.parse(r.from) && to >= Date.parse(r.to);
  return (
    <p className="rw-sample" role="note">
      <Icon name="info" size={16} />{" "}
      {whole
        ? t("report.made_up")
        : t("report.partly_made_up", { from: dateTime(from, r.zone, lang), to: dateTime(to, r.zone, lang) })}
    </p>
  );
}

/** Formulas lists what each figure is, for those who cannot point at a heading. */
function Formulas({ r }: { r: Report }) {
  const { t } = useT();
  const all = new Map<string, Column>();
  for (const s of [r, ...(r.sections ?? [])]) for (const c of s.columns ?? []) if (c.formula) all.set(`${c.id} ${c.formula}`, c);
  if (all.size === 0) return null;
  return (
    <details className="rw-formulas">
      <summary>{t("report.formulas")}</summary>
      <dl>
        {[...all.entries()].map(([key, c]) => (
          <div key={key}>
            <dt>
              {c.label} <span className="rw-mono rw-dim">{c.id}</span>
            </dt>
            <dd>{c.formula}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Section({ s, r }: { s: ReportSection; r: Report }) {
  const { t } = useT();
  const [sort, setSort] = useState<Sort | null>(null);
  const [whole, setWhole] = useState(false);
  const rows = s.rows ?? [];
  const total = { cells: s.totals ?? {}, drills: s.total_drills ?? {}, timeline: s.total_timeline };
  const behind = (row: Pick<ReportRow, "cells" | "drills" | "from" | "to" | "timeline">): Behind => ({
    cells: row.cells,
    lead: (id, part) => leadOf(s, row, id, part, row.cells[id], r.closed),
    zone: r.zone,
  });
  const empty = emptyColumns(s);
  // A report has many figures that are zero on most days: they are one click away.
  const hidden = (s.columns?.length ?? 0) > 8 && rows.length > 0 && !whole ? empty : new Set<string>();
  const columns = (s.columns ?? []).filter(c => !hidden.has(c.id));
  const oneDay = isoDay(Date.parse(r.from), r.zone) === isoDay(Date.parse(r.to) - 1, r.zone);
  if (columns.length === 0) return null;
  if (rows.length === 0) return <Empty icon="chart" title={t("report.empty")} />;
  const provisional = new Set(r.provisional ?? []);
  const by = (column: string) =>
    setSort(o => (o?.column === column ? (o.down ? { column, down: false } : null) : { column, down: true }));
  const order = (column: string) => (sort?.column === column ? (sort.down ? "descending" : "ascending") : undefined);
  return (
    <div className="rw-tablebox" tabIndex={0}>
      <table className="rw-table rw-report-table">
        <thead>
          <tr>
            <th aria-sort={order("")}>
              <button type="button" className="rw-sort" onClick={() => by("")}>
                {t("report.row")}
                <Arrow order={order("")} />
              </button>
            </th>
            {columns.map(c => (
              <th key={c.id} className={rightward(c.unit) ? "rw-right" : undefined} aria-sort={order(c.id)}>
                <Heading c={c} provisional={provisional.has(c.id)}>
                  <button type="button" className="rw-sort" onClick={() => by(c.id)}>
                    {c.label}
                    {provisional.has(c.id) && <span aria-hidden="true">*</span>}
                    <Arrow order={order(c.id)} />
                  </button>
                </Heading>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, sort).map(row => (
            <tr key={row.key}>
              <th scope="row">
                {s.id === "agents" || r.kind === "agents" ? (
                  <Link className="rw-link" href={`/reports/agent-day?${new URLSearchParams({ agent: row.key, ...spanOf(r) })}`}>
                    {row.label}
                  </Link>
                ) : (
                  <Lead to={row.drill ? `/calls?${row.drill}` : leadOf(s, row, "offered", { unit: "count" }, row.cells.offered)}>
                    {row.label}
                  </Lead>
                )}
              </th>
              {columns.map(c => (
                <Value key={c.id} c={c} v={row.cells[c.id]} zone={r.zone} oneDay={oneDay} behind={behind(row)}>
                  {c.id === "reach" && <Back row={row} />}
                </Value>
              ))}
            </tr>
          ))}
        </tbody>
        {s.totals && Object.keys(s.totals).length > 0 && (
          <tfoot>
            <tr>
              <td>{t("report.total")}</td>
              {columns.map(c => (
                <Value key={c.id} c={c} v={s.totals![c.id]} zone={r.zone} oneDay={oneDay} behind={behind(total)} />
              ))}
            </tr>
          </tfoot>
        )}
      </table>
      {columns.some(c => provisional.has(c.id)) && <p className="rw-dim rw-small rw-foot">* {t("report.provisional")}</p>}
      {(hidden.size > 0 || (whole && empty.size > 0)) && (
        <Button variant="subtle" size="compact-sm" className="rw-foot-button rw-noprint" onClick={() => setWhole(w => !w)}>
          {whole ? t("report.hide_empty") : t("report.show_empty", { count: hidden.size })}
        </Button>
      )}
    </div>
  );
}

function spanOf(r: Report) {
  return { from: isoDay(Date.parse(r.from), r.zone), to: isoDay(Date.parse(r.to) - 1, r.zone), zone: r.zone };
}

function Arrow({ order }: { order: "descending" | "ascending" | undefined }) {
  return order ? <span aria-hidden="true"> {order === "descending" ? "↓" : "↑"}</span> : null;
}

function Heading({ c, provisional, children }: { c: Column; provisional: boolean; children: React.ReactElement }) {
  const { t } = useT();
  const label = (
    <span className="rw-formula">
      <b className="rw-mono">{c.id}</b>
      {c.formula && <span>{c.formula}</span>}
      {provisional && <span>{t("report.provisional")}</span>}
    </span>
  );
  return (
    <Tooltip label={label} multiline maw={340} events={{ hover: true, focus: true, touch: true }}>
      {children}
    </Tooltip>
  );
}

/** Back offers to call a customer who gave up, until somebody has reached her. */
function Back({ row }: { row: ReportRow }) {
  const { call, reach, number, called_back_result: result } = row.cells;
  if (result === "reached" || result === "under_way") return null;
  return <CallBack call={String(call)} reach={String(reach)} name={row.label || String(number || call)} />;
}

interface Valued {
  c: Column;
  v: Cell | undefined;
  zone: string;
  oneDay: boolean;
  behind: Behind;
  children?: React.ReactNode;
}

function Value({ c, v, zone, oneDay, behind, children }: Valued) {
  const { lang } = useT();
  const text = cell(word(c, v), c.unit, zone, lang, oneDay);
  const callable = c.id === "call" || c.id === "call_id";
  return (
    <td className={rightward(c.unit) ? "rw-right rw-num" : undefined} data-null={v === null || v === undefined || undefined}>
      {callable && typeof v === "string" ? (
        <Link className="rw-link rw-mono" href={`/calls/${encodeURIComponent(v)}`}>
          {v}
        </Link>
      ) : v !== null && v !== undefined && (c.over?.length ?? 0) > 0 ? (
        <Made c={c} text={text} behind={behind} />
      ) : (
        <Lead to={text === "–" || v === 0 ? undefined : behind.lead(c.id, c)}>{text}</Lead>
      )}
      {children}
    </td>
  );
}

function Lead({ to, children }: { to: string | undefined; children: React.ReactNode }) {
  if (!to) return <>{children}</>;
  return (
    <Link className="rw-link" href={to}>
      {children}
    </Link>
  );
}
