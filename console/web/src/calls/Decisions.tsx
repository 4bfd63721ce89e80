import type { Decision, Explained, OfferRow } from "../api/types";
import { useT } from "../i18n";
import { clockTime, duration } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";

interface Props {
  all: Decision[];
  offers: OfferRow[];
  explained: NonNullable<Explained["offers"]>;
}

/** Decisions: for every offer, whom the switch considered, which rule took whom out, and how the rest compared. */
export function Decisions({ all, offers, explained }: Props) {
  const { t, or, lang } = useT();
  const zone = useZone();
  return (
    <div className="rw-stack">
      {all.map(d => {
        const offer = offers.find(o => o.id === d.id);
        const text = explained.find(e => e.offer === d.id)?.text;
        return (
          <article key={d.id} className="rw-panel rw-decision">
            <header>
              <b>
                {d.chosen?.length ? (
                  <>
                    <Icon name="right" size={15} /> {d.chosen.join(", ")}
                  </>
                ) : (
                  t("decision.nobody")
                )}
              </b>
              <span className="rw-dim">
                {d.queue} · {clockTime(Date.parse(d.at), zone, lang, true)}
                {d.waited_seconds !== undefined && ` · ${t("card.waited")} ${duration(d.waited_seconds)}`}
                {` · ${t("decision.step", { step: d.step + 1 })}`}
              </span>
              {offer?.outcome && <span className="rw-outcome">{or("outcome", offer.outcome)}</span>}
            </header>
            {text && <p className="rw-pre">{text}</p>}
            <div className="rw-decision-cols">
              {(d.ranks?.length ?? 0) > 0 && <Ranks d={d} />}
              {(d.removed?.length ?? 0) > 0 && (
                <details>
                  <summary>{t("decision.removed")}</summary>
                  <ul>
                    {d.removed!.map((r, i) => (
                      <li key={i}>
                        <b>{or("rule", r.rule)}</b> <span className="rw-num">({r.count})</span>{" "}
                        <span className="rw-dim">
                          {(r.agents ?? []).join(", ")}
                          {r.detail && (
                            <>
                              {" "}
                              <code className="rw-mono">{r.detail}</code>
                            </>
                          )}
                        </span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
          </article>
        );
      })}
    </div>
  );
}

function Ranks({ d }: { d: Decision }) {
  const { t } = useT();
  const names = d.rank_names ?? [];
  return (
    <div className="rw-scroll" tabIndex={0}>
      <table className="rw-table rw-compact">
        <thead>
          <tr>
            <th>{t("calls.agent")}</th>
            {names.map(n => (
              <th key={n}>{n}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {d.ranks!.map(r => (
            <tr key={r.agent} data-chosen={d.chosen?.includes(r.agent) || undefined}>
              <td>{r.agent}</td>
              {names.map((n, i) => (
                <td key={n} className="rw-num">
                  {r.values?.[i]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
