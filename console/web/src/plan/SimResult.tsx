import { Lanes } from "../calls/Lanes";
import { useT } from "../i18n";
import { useFindings } from "../i18n/findings";
import { clockTime, duration, languageName } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Why } from "../ui/Why";
import { drawnCall } from "./drawn";
import { SimGraph } from "./SimGraph";
import { SimSteps } from "./SimSteps";
import "../calls/call.css";
import type { SimDecision, Simulated, SimVisit } from "./types";

/** SimResult: what the caller lived through, step by step, and why the queue chose whom it chose. */
export function SimResult({ s }: { s: Simulated }) {
  const { t, or } = useT();
  const tell = useFindings();
  const decisions = s.decisions ?? [];
  const visits = s.visits ?? [];
  return (
    <>
      <section className="rw-panel rw-sim-sum">
        <Icon name={s.agent ? "headset" : "info"} />
        <div>
          <b>{s.agent ? t("sim.reached", { name: s.agent_name || s.agent }) : t("sim.reached_nobody")}</b>
          <span className="rw-dim">
            {" "}
            {s.context} · {duration(s.duration_seconds)} · {or("cause", s.cause)}
          </span>
          {visits.map((v, i) => (
            <Visit key={i} v={v} />
          ))}
        </div>
      </section>
      {s.problem && (
        <p className="rw-notice" data-kind="bad" role="alert">
          {tell(s.problem, s.problem_said)}
        </p>
      )}
      <h2 className="rw-h2">{t("sim.path")}</h2>
      <div className="rw-stack">
        <Lanes s={drawnCall(s, t("sim.caller"))} />
        <SimGraph steps={s.steps ?? []} />
        <SimSteps all={s.steps ?? []} />
      </div>
      {s.truncated && <p className="rw-dim">{t("sim.truncated")}</p>}
      {s.behind && <Before b={s.behind} />}
      {decisions.length > 0 && <h2 className="rw-h2">{t("call.decisions")}</h2>}
      <div className="rw-stack">
        {decisions.map((d, i) => (
          <Decision key={i} d={d} />
        ))}
      </div>
    </>
  );
}

function Visit({ v }: { v: SimVisit }) {
  const { t, or } = useT();
  return (
    <p className="rw-sim-visit">
      <Icon name="queue" size={15} /> {v.queue} <b>{or("visitresult", v.result)}</b>
      <span className="rw-dim">
        {t("card.waited")} {duration(v.waited_seconds)}
        {v.ahead > 0 && ` · ${t("sim.ahead", { count: v.ahead })}`}
      </span>
    </p>
  );
}

/** Before: who waited in the running queues when the call was placed behind them, and what becomes of each. */
function Before({ b }: { b: NonNullable<Simulated["behind"]> }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const callers = b.callers ?? [];
  return (
    <>
      <h2 className="rw-h2">{t("sim.before", { time: clockTime(Date.parse(b.at), zone, lang, true) })}</h2>
      {callers.length === 0 ? (
        <p className="rw-dim">{t("sim.before_none")}</p>
      ) : (
        <section className="rw-panel rw-scroll" tabIndex={0} aria-label={t("sim.before_list")}>
          <table className="rw-table rw-compact">
            <thead>
              <tr>
                <th>{t("calls.queue")}</th>
                <th>{t("card.waited")}</th>
                <th>{t("card.language")}</th>
                <th>{t("sim.then")}</th>
              </tr>
            </thead>
            <tbody>
              {callers.map((c, i) => (
                <tr key={i}>
                  <td>{c.queue}</td>
                  <td className="rw-num">{duration(c.waited_seconds)}</td>
                  <td>{languageName(c.language, lang) || "–"}</td>
                  <td>
                    {c.result ? or("visitresult", c.result) : t("sim.still_waits")}
                    {c.agent && ` · ${c.agent.name || c.agent.id}`}
                    {c.result && <span className="rw-dim rw-num"> +{duration(c.after_seconds)}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {b.count > callers.length && <p className="rw-dim">{t("sim.before_more", { count: b.count - callers.length })}</p>}
      {b.left_out > 0 && <p className="rw-dim">{t("sim.left_out", { count: b.left_out })}</p>}
    </>
  );
}

function Decision({ d }: { d: SimDecision }) {
  const { t, or } = useT();
  const people = new Map<string, string>();
  for (const x of [d.chosen, ...(d.removed ?? []).map(r => r.agents), (d.ranks ?? []).map(r => r.agent)])
    for (const who of x ?? []) people.set(who.id, who.name || who.id);
  const name = (id: string) => people.get(id) ?? id;
  const ranks = d.ranks ?? [];
  const chosen = (d.chosen ?? []).map(x => x.id);
  return (
    <article className="rw-panel rw-decision">
      <header>
        <b>{chosen.length > 0 ? chosen.map(name).join(", ") : t("decision.nobody")}</b>
        <span className="rw-dim">
          {d.queue} · +{d.after_seconds.toFixed(1)} s · {t("card.waited")} {duration(d.waited_seconds)} ·{" "}
          {t("decision.step", { step: d.step + 1 })}
        </span>
        {(d.offers ?? []).map(o => (
          <span key={o.agent.id} className="rw-outcome" data-outcome={o.outcome}>
            {chosen.length > 1 && `${name(o.agent.id)}: `}
            {or("outcome", o.outcome)} · {duration(o.rang_seconds)}
          </span>
        ))}
      </header>
      <Why
        name={name}
        c={{
          chosen,
          eligible: d.eligible,
          names: (ranks[0]?.values ?? []).map(v => v.name),
          ranks: ranks.map(r => ({ ...r, agent: r.agent.id, values: (r.values ?? []).map(v => v.value) })),
        }}
        removed={(d.removed ?? []).map(r => ({ ...r, agents: (r.agents ?? []).map(x => x.id) }))}
      />
    </article>
  );
}
