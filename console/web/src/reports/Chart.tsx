import { useComputedColorScheme } from "@mantine/core";
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { Unit } from "../api/types";
import { useT } from "../i18n";
import { cell, clockStep, type Plot } from "./cells";

use([
  BarChart,
  LineChart,
  HeatmapChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
  AriaComponent,
  CanvasRenderer,
]);

const light = { text: "#5a6672", line: "#dde3e8", ground: "#ffffff", ink: "#1d252d", low: "#eef6f8", high: "#0f6e84" };
const dark = { text: "#9aa7b4", line: "#2e3740", ground: "#20272f", ink: "#e3e8ed", low: "#1c2830", high: "#4fb3c4" };
// Told apart by lightness too, so that they differ for those who do not see the hues.
const hues = ["#1c8aa0", "#d9822b", "#7a5cc0", "#3f9f66", "#c94f6d", "#6b7682"];

// States and outcomes keep their colours wherever they are drawn.
const tones: Record<string, string> = {
  available: "#3f9f66",
  reserved: "#f0b37e",
  ringing: "#d9822b",
  talk: "#3a7bd5",
  hold: "#d9a514",
  consult: "#7fa9e6",
  outbound: "#9dbfe8",
  wrap_up: "#8a63cc",
  not_ready: "#8793a0",
  not_responding: "#c94f6d",
  unreachable: "#9c2f3f",
  answered: "#1c8aa0",
  abandoned: "#d9822b",
  flow_out: "#8a63cc",
};

export default function Chart({ p, zone }: { p: Plot; zone: string }) {
  const { t, lang } = useT();
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current, null, { renderer: "canvas" });
    const names = () => p.kind !== "heatmap" && chart.setOption({ xAxis: { axisLabel: within(p, chart.getWidth()) } });
    chart.setOption(
      p.kind === "heatmap"
        ? heat(p, scheme === "dark" ? dark : light, zone, lang)
        : lines(p, scheme === "dark" ? dark : light, zone, lang),
    );
    names();
    const watch = new ResizeObserver(() => {
      chart.resize();
      names();
    });
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      // A slow machine paints over several frames, and the next one would come to a chart that is gone.
      chart.clear();
      chart.getZr().refreshImmediately();
      chart.dispose();
    };
  }, [p, scheme, zone, lang]);
  return (
    <figure className="rw-panel rw-chart">
      <figcaption>{p.title}</figcaption>
      <div
        ref={box}
        className="rw-chart-box"
        data-kind={p.kind}
        role="img"
        aria-label={`${p.title}: ${t("report.chart_hint")}`}
      />
    </figure>
  );
}

type Colours = typeof light;

// Rich text on the canvas: no HTML is ever made of names that callers or administrators chose.
function tooltip(c: Colours, format: (v: number | null) => string): object {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: c.ground,
    borderColor: c.line,
    textStyle: { color: c.ink, fontSize: 12 },
    valueFormatter: (v: unknown) => format(typeof v === "number" ? v : null),
  };
}

/** within lets few names stand below their bars whole, in several lines where they are long; of many some are left out. */
function within(p: Plot, width: number): object {
  if (p.x.length > 12) return { interval: "auto" };
  return { interval: 0, width: Math.max(24, (width - 90) / p.x.length - 6), overflow: "break" };
}

function lines(p: Plot, c: Colours, zone: string, lang: string): EChartsCoreOption {
  const units = [...new Set(p.series.map(s => s.unit))].slice(0, 2);
  const axis = (unit: Unit, i: number) => ({
    type: "value",
    position: i === 0 ? "left" : "right",
    max: unit === "percent" ? 100 : unit === "duration" ? whole(highest(p, unit)) : undefined,
    minInterval: unit === "count" ? 1 : undefined,
    interval: unit === "duration" ? clockStep(highest(p, unit)) : undefined,
    axisLabel: { color: c.text, formatter: (v: number) => cell(v, unit, zone, lang) },
    splitLine: { show: i === 0, lineStyle: { color: c.line } },
  });
  return {
    color: hues,
    animation: false,
    aria: { enabled: true },
    grid: { left: 12, right: 12, top: 36, bottom: 8, containLabel: true },
    legend: {
      type: "scroll",
      pageTextStyle: { color: c.text },
      top: 0,
      left: 0,
      textStyle: { color: c.text },
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
    },
    tooltip: { trigger: "axis", ...tooltip(c, v => cell(v, p.unit, zone, lang)) },
    xAxis: {
      type: "category",
      data: p.x,
      axisLabel: { color: c.text, hideOverlap: true },
      axisLine: { lineStyle: { color: c.line } },
    },
    yAxis: units.map(axis),
    series: p.series.map(s => ({
      name: s.name,
      type: p.kind,
      stack: p.stacked ? "all" : undefined,
      color: tones[s.column],
      yAxisIndex: Math.max(0, units.indexOf(s.unit)),
      data: s.values,
      connectNulls: false,
      symbolSize: 6,
      barMaxWidth: 34,
      itemStyle: p.kind === "bar" && !p.stacked ? { borderRadius: [3, 3, 0, 0] } : undefined,
      tooltip: { valueFormatter: (v: unknown) => cell(typeof v === "number" ? v : null, s.unit, zone, lang) },
    })),
  };
}

/** whole is the end of an axis of durations: a mark of the clock. */
function whole(top: number): number {
  const step = clockStep(top);
  return Math.max(1, Math.ceil(top / step)) * step;
}

/** highest is where the tallest mark of a unit ends. */
function highest(p: Plot, unit: Unit): number {
  const own = p.series.filter(s => s.unit === unit);
  return Math.max(
    0,
    ...p.x.map((_, i) => own.reduce((top, s) => (p.stacked ? top + (s.values[i] ?? 0) : Math.max(top, s.values[i] ?? 0)), 0)),
  );
}

function heat(p: Plot, c: Colours, zone: string, lang: string): EChartsCoreOption {
  const data = p.series.flatMap((s, x) => s.values.map((v, y) => [x, y, v ?? "-"]));
  const top = Math.max(1, ...p.series.flatMap(s => s.values.map(v => v ?? 0)));
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 8, right: 12, top: 8, bottom: 48, containLabel: true },
    tooltip: tooltip(c, v => cell(v, p.unit, zone, lang)),
    xAxis: { type: "category", data: p.series.map(s => s.name), axisLabel: { color: c.text }, splitArea: { show: true } },
    yAxis: { type: "category", data: p.x, inverse: true, axisLabel: { color: c.text } },
    visualMap: {
      min: 0,
      max: top,
      calculable: false,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemHeight: 120,
      textStyle: { color: c.text },
      inRange: { color: [c.low, c.high] },
    },
    series: [{ type: "heatmap", data, name: p.title, itemStyle: { borderColor: c.ground, borderWidth: 2, borderRadius: 3 } }],
  };
}
