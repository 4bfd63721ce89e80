import { Link } from "wouter";
import { useT } from "../i18n";
import { duration } from "../lib/format";
import { Icon } from "../ui/Icon";
import { Why } from "../ui/Why";
import { editLink, place } from "./position";
import "../calls/call.css";
import type { SimDecision, SimStep, Simulated } from "./types";

/** SimResult: what the caller lived through, step by step, and why the queue chose whom it chose. */
export function SimResult({ s }: { s: Simulated }) {
  const { t, or } = useT();
  const steps = s.steps ?? [];
  const decisions = s.decisions ?? [];
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
        </div>
      </section>
      {s.problem && (
        <p className="rw-notice" data-kind="bad" role="alert">
          {s.problem}
        </p>
      )}
      <h2 className="rw-h2">{t("sim.path")}</h2>
      <ol className="rw-panel rw-sim-steps">
        {steps.map((x, i) => (
          <Step key={i} x={x} />
        ))}
      </ol>
      {s.truncated && <p className="rw-dim">{t("sim.truncated")}</p>}
      {decisions.length > 0 && <h2 className="rw-h2">{t("call.decisions")}</h2>}
      <div className="rw-stack">
        {decisions.map((d, i) => (
          <Decision key={i} d={d} />
        ))}
      </div>
    </>
  );
}

const tones: Record<string, string> = { fail: "bad", end: "away", branch: "busy", enter: "good", skip: "away", message: "hold" };

function Step({ x }: { x: SimStep }) {
  const { or } = useT();
  return (
    <li data-tone={x.error ? "bad" : (tones[x.kind] ?? "away")}>
      <span className="rw-num rw-dim">+{x.after_seconds.toFixed(1)}</span>
      <span className="rw-badge">{or("simkind", x.kind)}</span>
      <span className="rw-sim-text">
        {x.label && <b>{x.label}: </b>}
        {x.text}
        {x.result && !x.text.endsWith(x.result) && <b> → {x.result}</b>}
        {x.detail && !x.text.includes(x.detail) && <span className="rw-dim"> {x.detail}</span>}
        {x.error && <span className="rw-sim-error"> {x.error}</span>}
      </span>
      {x.file && (
        <Link className="rw-link rw-mono" href={editLink(x)}>
          {place(x)}
        </Link>
      )}
    </li>
  );
}

function Decision({ d }: { d: SimDecision }) {
  const { t } = useT();
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
