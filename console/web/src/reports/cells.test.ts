import { describe, expect, it } from "vitest";
import type { Report } from "../api/types";
import { cell, clockStep, emptyColumns, plot, sorted } from "./cells";

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
