import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { get } from "../api/client";
import type { AgentRow, Explanation, Explanations } from "../api/types";
import { useT } from "../i18n";
import { choiceOf, removedOf, whyNot } from "../i18n/why";
import { clockTime, instantOf, isoDay } from "../lib/format";
import { useZone } from "../session/zone";
import { Empty, Loaded } from "../ui/Page";

/** AgentWhy: what each decision around a time meant for one agent, newest first. */
export function AgentWhy({ a }: { a: AgentRow }) {
  const { t, lang } = useT();
  const zone = useZone();
  const [around, setAround] = useState(() => wall(Date.now(), zone));
  const at = instantOf(around, zone);
  const q = useQuery({
    queryKey: ["agent-why", a.id, at],
    queryFn: ({ signal }) =>
      get<Explanations>(`/agents/${encodeURIComponent(a.id)}/explain`, { at: new Date(at).toISOString() }, signal),
    enabled: !Number.isNaN(at),
  });
  return (
    <div className="rw-stack">
      <TextInput
        type="datetime-local"
        label={t("agentwhy.around")}
        description={t("agentwhy.hint", { zone })}
        value={around}
        onChange={e => setAround(e.currentTarget.value)}
      />
      {!Number.isNaN(at) && (
        <Loaded q={q}>
          {found => (
            <>
              {found.since && (
                <p className="rw-dim">{t("agentwhy.since", { time: clockTime(Date.parse(found.since), zone, lang, true) })}</p>
              )}
              {found.offers.length === 0 ? (
                <Empty icon="check" title={t("agentwhy.none")} hint={t("agentwhy.none_hint")} />
              ) : (
                <ul className="rw-why-list">
                  {found.offers.map(e => (
                    <Told key={e.id} e={e} agent={a.id} name={id => found.names?.[id] ?? (id === a.id ? a.name : id)} />
                  ))}
                </ul>
              )}
            </>
          )}
        </Loaded>
      )}
    </div>
  );
}

function Told({ e, agent, name }: { e: Explanation; agent: string; name(id: string): string }) {
  const { t, lang } = useT();
  const zone = useZone();
  const choice = choiceOf(e);
  return (
    <li>
      <p className="rw-dim rw-num">
        {clockTime(Date.parse(e.at), zone, lang, true)} · {e.queue}
        {e.call && choice.chosen.includes(agent) && (
          <>
            {" · "}
            <Link className="rw-link" href={`/calls/${encodeURIComponent(e.call)}`}>
              {t("agentwhy.call")}
            </Link>
          </>
        )}
      </p>
      <p>{whyNot(choice, removedOf(e), agent, name).join(lang === "en" ? " " : "")}</p>
    </li>
  );
}

// What a clock in the zone shows, as the field wants it.
function wall(ms: number, zone: string): string {
  return `${isoDay(ms, zone)}T${clockTime(ms, zone, "en-GB")}`;
}
