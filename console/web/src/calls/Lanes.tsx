import type { CallStory } from "../api/types";
import { useT } from "../i18n";
import { duration } from "../lib/format";
import { useNow } from "../lib/ticker";
import { Icon } from "../ui/Icon";
import { lanes, ticks } from "./lanes";

const icons = { caller: "user", queue: "queue", agent: "headset" } as const;

export function Lanes({ s, name = id => id }: { s: CallStory; name?(agent: string): string }) {
  const { or } = useT();
  const now = useNow(1000);
  const { from, to, lanes: all } = lanes(s, now);
  const whole = to - from;
  const place = (a: number, b: number) => ({
    left: `${(100 * (a - from)) / whole}%`,
    width: `max(3px, ${(100 * (b - a)) / whole}%)`,
  });
  return (
    <div className="rw-panel rw-lanes" tabIndex={0}>
      {all.map((l, i) => (
        <div className="rw-lane" key={i}>
          <div className="rw-lane-name">
            <Icon name={icons[l.who]} size={15} /> <span>{l.who === "agent" ? name(l.name) : l.name}</span>
          </div>
          <div className="rw-lane-track">
            {l.spans.map((x, n) => {
              const words = [
                or("bucket", x.kind),
                x.label && x.label !== x.kind ? or("outcome", x.label) : "",
                duration((x.to - x.from) / 1000),
              ]
                .filter(Boolean)
                .join(" · ");
              return (
                <div key={n} className="rw-span" data-kind={x.kind} style={place(x.from, x.to)} title={words}>
                  <span>{words}</span>
                </div>
              );
            })}
          </div>
        </div>
      ))}
      <div className="rw-lane" aria-hidden="true">
        <div className="rw-lane-name" />
        <div className="rw-lane-axis">
          {ticks(whole / 1000).map(s => (
            <span key={s} style={{ left: `${(100_000 * s) / whole}%` }}>
              {duration(s)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
