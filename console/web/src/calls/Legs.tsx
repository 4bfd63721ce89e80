import type { Leg } from "../api/types";
import { type Key, useT } from "../i18n";
import { clockTime, duration, number, percent } from "../lib/format";
import { useNow } from "../lib/ticker";
import { useZone } from "../session/zone";
import { Table } from "../ui/Table";

/** verdict is one word on how a leg sounded, from loss and jitter as received. */
export function verdict(q: Leg["quality"]): "good" | "fair" | "poor" | null {
  if (!q || q.packets < 50) return null;
  const loss = q.lost / (q.packets + q.lost);
  if (loss > 0.05 || q.jitter_ms > 60) return "poor";
  return loss > 0.01 || q.jitter_ms > 30 ? "fair" : "good";
}

export function Legs({ legs, name }: { legs: Leg[]; name(agent: string): string }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const now = useNow();
  const talk = (l: Leg) => (l.answer ? duration(((l.end ? Date.parse(l.end) : now) - Date.parse(l.answer)) / 1000) : "–");
  return (
    <Table
      rows={legs}
      id={l => l.id}
      columns={[
        {
          head: t("leg.side"),
          cell: l => (
            <>
              <b>{(l.agent && name(l.agent)) || l.account || l.trunk || (l.direction === "in" ? t("calls.caller") : l.id)}</b>
              <div className="rw-dim rw-small">{t(l.direction === "in" ? "leg.in" : "leg.out")}</div>
            </>
          ),
        },
        { head: t("leg.start"), cell: l => clockTime(Date.parse(l.start), zone, lang, true), className: "rw-num" },
        {
          head: t("leg.talk"),
          cell: talk,
          right: true,
          className: "rw-num",
        },
        {
          head: t("leg.end"),
          cell: l => (
            <>
              {l.end ? or("cause", l.cause) : <Up answered={!!l.answer} />}{" "}
              {l.status ? <span className="rw-dim rw-num">{l.status}</span> : null}
            </>
          ),
        },
        { head: t("leg.codec"), cell: l => l.codec },
        { head: t("leg.quality"), cell: l => <Quality q={l.quality} />, className: "rw-nowrap" },
        {
          head: t("leg.phone"),
          cell: l => (
            <>
              {l.user_agent}
              <div className="rw-dim rw-mono">{l.remote}</div>
            </>
          ),
          className: "rw-small rw-nowrap",
        },
      ]}
    />
  );
}

/** Up marks a leg that has no end yet. */
function Up({ answered }: { answered: boolean }) {
  const { t } = useT();
  return (
    <span className="rw-badge" data-tone={answered ? "busy" : "ring"}>
      <span className="rw-badge-dot" aria-hidden="true" />
      {t(answered ? "leg.up" : "leg.set_up")}
    </span>
  );
}

function Quality({ q }: { q: Leg["quality"] }) {
  const { t, lang } = useT();
  const v = verdict(q);
  if (!q || !v) return null;
  return (
    <>
      <span className="rw-verdict" data-v={v}>
        {t(`quality.${v}` as Key)}
      </span>
      <div className="rw-dim rw-small rw-num">
        {percent(q.lost / Math.max(1, q.packets + q.lost), lang)} {t("quality.loss")} · {number(q.jitter_ms, lang, 1)} ms{" "}
        {t("quality.jitter")}
        {q.rtt_ms > 0 && ` · ${number(q.rtt_ms, lang)} ms RTT`}
      </div>
    </>
  );
}
