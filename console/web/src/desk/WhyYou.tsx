import { Badge } from "@mantine/core";
import { useEffect, useState } from "react";
import type { WhyYou as Reason } from "../api/types";
import { loadMore, useT } from "../i18n";
import { rankName, rankValue, why } from "../i18n/why";

/** WhyYou tells an agent in her language why the call is hers. Its words come after the desk's: no card waits for them. */
export default function WhyYou({ reason }: { reason: Reason }) {
  const { t } = useT();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let here = true;
    loadMore().then(
      () => here && setReady(true),
      () => {}, // offline: it says nothing
    );
    return () => {
      here = false;
    };
  }, []);
  if (!ready) return null;
  const names = reason.rank_names ?? [];
  const ranks = (reason.candidates ?? []).map(c => ({ ...c, values: c.values ?? [] }));
  const chosen = reason.chosen ?? [];
  // The first sentence says it; the rest is for the curious.
  const [first, ...rest] = why({ chosen, eligible: reason.eligible ?? 0, names, ranks }, id => reason.names?.[id] || id);
  const hers = ranks.find(r => chosen.includes(r.agent));
  return (
    <details className="rw-why">
      <summary>
        {t("card.why")} <span className="rw-dim">{first}</span>
      </summary>
      {rest.length > 0 && <p className="rw-dim">{rest.join(" ")}</p>}
      <div className="rw-row">
        {names.map((name, i) => (
          <Badge key={name} variant="default" tt="none" fw={500}>
            {rankName(name)}: {rankValue(name, hers?.values[i])}
          </Badge>
        ))}
      </div>
    </details>
  );
}
