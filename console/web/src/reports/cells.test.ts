import { describe, expect, it } from "vitest";
import type { Report } from "../api/types";
import { cell, clockStep, emptyColumns, leadOf, plot, sorted } from "./cells";

it("writes each unit", () => {
  expect(cell(12_345, "count", "UTC", "en")).toBe("12,345");
  expect(cell(77.77, "percent", "UTC", "en")).toBe("77.8 %");
  expect(cell(3_725, "duration", "UTC", "en")).toBe("1:02:05");
  expect(cell("2026-03-01T10:00:00Z", "time", "Asia/Tokyo", "en")).toContain("19:00");
  expect(cell(null, "count", "UTC", "en")).toBe("–");
  expect(cell("=1+1", "text", "UTC", "en")).toBe("=1+1");
});

it("marks durations as a clock would", () => {
  expect([0, 5, 55, 400, 9000, 30_000, 260_000, 600_000].map(clockStep)).toEqual([1, 1, 10, 120, 1800, 7200, 86_400, 172_800]);
});

const report: Report = {
  kind: "queues",
  title: "Queues",
  from: "",
  to: "",
  zone: "UTC",
  generated: "",
  columns: [
    { id: "offered", label: "Offered", unit: "count" },
    { id: "sl", label: "Service level", unit: "percent" },
  ],
  rows: [
    { key: "a", label: "alpha", cells: { offered: 3, sl: null } },
    { key: "b", label: "beta", cells: { offered: 20, sl: 80 } },
    { key: "c", label: "gamma", cells: { offered: 7, sl: 95 } },
  ],
};

describe("sorted", () => {
  const keys = (column: string, down: boolean) => sorted(report.rows!, { column, down }).map(r => r.key);
  it("by figure, by label, empty ones last", () => {
    expect(keys("offered", true)).toEqual(["b", "c", "a"]);
    expect(keys("sl", true)).toEqual(["c", "b", "a"]);
    expect(keys("sl", false)).toEqual(["b", "c", "a"]);
    expect(keys("", true)).toEqual(["c", "b", "a"]);
    expect(sorted(report.rows!, null)).toBe(report.rows);
  });
});

it("plots columns over rows", () => {
  const p = plot(report, { kind: "bar", title: "T", series: [{ name: "Offered", column: "offered" }] }, "en");
  expect(p).toEqual({
    kind: "bar",
    title: "T",
    x: ["alpha", "beta", "gamma"],
    unit: "count",
    series: [{ name: "Offered", column: "offered", unit: "count", values: [3, 20, 7] }],
    stacked: false,
  });
  const heat = plot(report, { kind: "heatmap", title: "H", series: [{ name: "Mon", column: "offered" }] }, "en");
  expect(heat?.x).toEqual(["Mon"]);
  expect(heat?.series.map(s => [s.name, s.values])).toEqual([
    ["alpha", [3]],
    ["beta", [20]],
    ["gamma", [7]],
  ]);
  expect(plot(report, { kind: "timeline", title: "", series: [] }, "en")).toBeNull();
});

it("finds columns that say nothing", () => {
  const rows = [{ key: "a", label: "a", cells: { offered: 0, sl: null } }];
  expect([...emptyColumns({ columns: report.columns, rows })]).toEqual(["offered", "sl"]);
  expect([...emptyColumns({ columns: report.columns, rows, totals: { sl: 80 } })]).toEqual(["offered"]);
});

it("a figure leads to its list, to its call, or to a timeline", () => {
  const section = { columns: [], rows: [], leads: { abandoned: "queue=help&entered_from={from}&entered_to={to}" } };
  const row = {
    drills: { offered: "queue=help", longest_wait: "queue=help&call=c1" },
    from: "2026-03-02T09:00:00+08:00",
    to: "2026-03-02T10:00:00Z",
    timeline: "agent=mei&from=2026-03-02",
  };
  expect(leadOf(section, row, "offered", { unit: "count" }, 7)).toBe("/calls?queue=help&figure=7&unit=count");
  expect(leadOf(section, row, "longest_wait", { unit: "duration" }, 7)).toBe("/calls?queue=help&call=c1");
  expect(leadOf(section, row, "abandoned", { unit: "count" }, 1, "2026-03-03T06:00:00Z")).toBe(
    "/calls?queue=help&entered_from=2026-03-02T09%3A00%3A00%2B08%3A00&entered_to=2026-03-02T10%3A00%3A00Z&figure=1&unit=count&closed=2026-03-03T06:00:00Z",
  );
  expect(leadOf(section, row, "wrap_up", { unit: "duration", timed: true }, 60)).toBe(
    "/reports/agent-day?agent=mei&from=2026-03-02",
  );
  expect(leadOf(section, { timeline: "team=north" }, "talk", { unit: "duration" }, 60)).toBe("/reports/agents?team=north");
  expect(leadOf(section, {}, "abandoned", { unit: "count" }, 1)).toBeUndefined();
});
