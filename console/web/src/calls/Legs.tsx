import type { Leg } from "../api/types";
import { type Key, useT } from "../i18n";
import { clockTime, duration, number, percent } from "../lib/format";
import { useZone } from "../session/zone";

/** verdict is one word on how a leg sounded, from loss and jitter as received. */
export function verdict(q: Leg["quality"]): "good" | "fair" | "poor" | null {
  if (!q || q.packets < 50) return null;
  const loss = q.lost / (q.packets + q.lost);
  if (loss > 0.05 || q.jitter_ms > 60) return "poor";
  return loss > 0.01 || q.jitter_ms > 30 ? "fair" : "good";
}

export function Legs({ legs }: { legs: Leg[] }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  return (
    <div className="rw-tablebox" tabIndex={0}>
      <table className="rw-table rw-legs">
        <thead>
          <tr>
            <th>{t("leg.side")}</th>
            <th>{t("leg.start")}</th>
            <th className="rw-right">{t("leg.talk")}</th>
            <th>{t("leg.end")}</th>
            <th>{t("leg.codec")}</th>
            <th>{t("leg.quality")}</th>
            <th>{t("leg.phone")}</th>
          </tr>
        </thead>
        <tbody>
          {legs.map(l => {
            const v = verdict(l.quality);
            return (
              <tr key={l.id}>
                <td>
                  <b>{l.agent || l.account || l.trunk || (l.direction === "in" ? t("calls.caller") : l.id)}</b>
                  <div className="rw-dim rw-small">{t(l.direction === "in" ? "leg.in" : "leg.out")}</div>
                </td>
                <td className="rw-num">{clockTime(Date.parse(l.start), zone, lang, true)}</td>
                <td className="rw-num rw-right">
                  {l.answer && l.end ? duration((Date.parse(l.end) - Date.parse(l.answer)) / 1000) : "–"}
                </td>
                <td>
                  {or("cause", l.cause)} {l.status ? <span className="rw-dim rw-num">{l.status}</span> : null}
                </td>
                <td>{l.codec}</td>
                <td>
                  {v && (
                    <>
                      <span className="rw-verdict" data-v={v}>
                        {t(`quality.${v}` as Key)}
                      </span>
                      <div className="rw-dim rw-small rw-num">
                        {percent(l.quality!.lost / Math.max(1, l.quality!.packets + l.quality!.lost), lang)} {t("quality.loss")} ·{" "}
                        {number(l.quality!.jitter_ms, lang, 1)} ms {t("quality.jitter")}
                        {l.quality!.rtt_ms > 0 && ` · ${number(l.quality!.rtt_ms, lang)} ms RTT`}
                      </div>
                    </>
                  )}
                </td>
                <td className="rw-small">
                  {l.user_agent}
                  <div className="rw-dim rw-mono">{l.remote}</div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
