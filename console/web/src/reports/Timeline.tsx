import { Link } from "wouter";
import type { TimelineSpan } from "../api/types";
import { norm } from "../desk/states";
import { useT } from "../i18n";
import { clockTime, day, duration, isoDay } from "../lib/format";
import "../calls/call.css";
import "./reports.css";

/** Timeline is an agent's day, every second of it in one state. One track per day. */
export function Timeline({ spans, zone, title }: { spans: TimelineSpan[]; zone: string; title?: string }) {
  const { or, lang } = useT();
  const days = group(spans, zone);
  const kinds = [...new Set(spans.map(s => norm(s.bucket)))];
  return (
    <div className="rw-panel rw-lanes" tabIndex={0}>
      {title && <b className="rw-lanes-title">{title}</b>}
      {[...days.entries()].map(([key, all]) => {
        const from = Math.min(...all.map(s => Date.parse(s.start)));
        const to = Math.max(...all.map(s => Date.parse(s.end)));
        const whole = Math.max(1, to - from);
        return (
          <div className="rw-lane rw-day" key={key}>
            <div className="rw-lane-name">
              <span>{day(from, zone, lang)}</span>
            </div>
            <div>
              <div className="rw-lane-track">
                {all.map((s, i) => {
                  const a = Date.parse(s.start);
                  const b = Date.parse(s.end);
                  const words = [
                    or("bucket", norm(s.bucket)),
                    or("reason", s.reason),
                    s.queue,
                    `${clockTime(a, zone, lang, true)}–${clockTime(b, zone, lang, true)}`,
                    duration((b - a) / 1000),
                  ]
                    .filter(Boolean)
                    .join(" · ");
                  const style = { left: `${(100 * (a - from)) / whole}%`, width: `${(100 * (b - a)) / whole}%` };
                  const kind = norm(s.bucket);
                  return s.call ? (
                    <Link
                      key={i}
                      className="rw-tick"
                      data-kind={kind}
                      style={style}
                      title={words}
                      aria-label={words}
                      href={`/calls/${encodeURIComponent(s.call)}`}
                    />
                  ) : (
                    <div key={i} className="rw-tick" data-kind={kind} style={style} title={words} />
                  );
                })}
              </div>
              <div className="rw-lane-axis" aria-hidden="true">
                {hours(from, to).map(h => (
                  <span key={h} style={{ left: `${(100 * (h - from)) / whole}%` }}>
                    {clockTime(h, zone, lang)}
                  </span>
                ))}
              </div>
            </div>
          </div>
        );
      })}
      <ul className="rw-legend">
        {kinds.map(k => (
          <li key={k}>
            <span className="rw-tick" data-kind={k} /> {or("bucket", k)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function group(spans: TimelineSpan[], zone: string): Map<string, TimelineSpan[]> {
  const out = new Map<string, TimelineSpan[]>();
  for (const s of spans) {
    const key = isoDay(Date.parse(s.start), zone);
    out.set(key, [...(out.get(key) ?? []), s]);
  }
  return out;
}

// Whole hours in the span, thinned so that their labels do not touch.
function hours(from: number, to: number): number[] {
  const hour = 3_600_000;
  const step = hour * Math.max(1, Math.ceil((to - from) / hour / 12));
  const out: number[] = [];
  for (let h = Math.ceil(from / hour) * hour; h <= to; h += step) out.push(h);
  return out;
}
