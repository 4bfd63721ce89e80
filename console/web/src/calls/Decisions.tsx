import type { Decision, OfferRow } from "../api/types";
import { useT } from "../i18n";
import { choiceOf, list, removedOf } from "../i18n/why";
import { clockTime, duration } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Why } from "../ui/Why";

interface Props {
  all: Decision[];
  offers: OfferRow[];
  name(agent: string): string;
}

/** Decisions: for every offer, whom the switch considered, which rule took whom out, and how the rest compared. */
export function Decisions({ all, offers, name }: Props) {
  const { t, or, lang } = useT();
  const zone = useZone();
  return (
    <div className="rw-stack">
      {all.map(d => {
        const offer = offers.find(o => o.id === d.id);
        const choice = choiceOf(d);
        const chosen = choice.chosen;
        return (
          <article key={d.id} className="rw-panel rw-decision">
            <header>
              <b>
                {chosen.length > 0 ? (
                  <>
                    <Icon name="right" size={15} /> {list(chosen.map(name))}
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
            <Why c={choice} removed={removedOf(d)} name={name} />
          </article>
        );
      })}
    </div>
  );
}
