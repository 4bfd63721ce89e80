import { Button, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, useMemo, useState } from "react";
import { get } from "../api/client";
import { Problem } from "../api/problem";
import { useT } from "../i18n";
import { fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { arrows, columns, type LadderData } from "./arrows";
import "../plan/plan.css";
import "./ladder.css";

/** Ladder: the SIP messages of a call between the caller, the switch and those who were called. Reading them is audited, so
 * they are fetched when somebody asks. */
export default function Ladder({ id }: { id: string }) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const q = useQuery({
    queryKey: ["ladder", id],
    queryFn: () => get<LadderData>(`/calls/${encodeURIComponent(id)}/ladder`),
    enabled: open,
    retry: false,
  });
  const gone = q.error instanceof Problem && q.error.status === 404;
  return (
    <>
      <h2 className="rw-h2">{t("ladder.title")}</h2>
      {!open ? (
        <Button variant="default" leftSection={<Icon name="transfer" size={16} />} onClick={() => setOpen(true)}>
          {t("ladder.show")}
        </Button>
      ) : gone ? (
        <Empty title={t("ladder.none")} hint={t("ladder.recent")} />
      ) : (
        <Loaded q={q}>{l => <Drawn l={l} again={() => void q.refetch()} />}</Loaded>
      )}
    </>
  );
}

function Drawn({ l, again }: { l: LadderData; again(): void }) {
  const { t, or } = useT();
  const [every, setEvery] = useState(false);
  const [at, setAt] = useState(0);
  const parties = columns(l);
  const lines = useMemo(() => arrows(l), [l]);
  const messages = l.messages ?? [];
  const chosen = messages[at];
  if (messages.length === 0) return <Empty title={t("ladder.none")} hint={t("ladder.recent")} />;
  const grid = { "--columns": parties.length } as CSSProperties;
  return (
    <>
      <div className="rw-row rw-plan-bar">
        {!l.complete && <span className="rw-dim">{t("ladder.partial")}</span>}
        <div className="rw-grow" />
        {lines.some(x => x.again) && (
          <Switch label={t("ladder.every")} checked={every} onChange={e => setEvery(e.currentTarget.checked)} />
        )}
        <Button size="compact-sm" variant="subtle" leftSection={<Icon name="refresh" size={14} />} onClick={again}>
          {t("common.reload")}
        </Button>
      </div>
      <div className="rw-ladder-two">
        <div className="rw-tablebox rw-ladder" style={grid}>
          <div className="rw-ladder-head">
            <span />
            {parties.map(p => (
              <span key={p.id} title={p.address}>
                <b>{p.kind === "switch" ? "Ringway" : p.label === "caller" ? or("side", p.label) : p.label || p.id}</b>
                <span className="rw-dim rw-mono">{p.address}</span>
              </span>
            ))}
          </div>
          <ol>
            {messages.map((m, i) => {
              const a = lines[i]!;
              if (a.again && !every) return null;
              const where = { "--left": a.left, "--right": a.right } as CSSProperties;
              return (
                <li key={i}>
                  <button
                    type="button"
                    aria-pressed={i === at}
                    onClick={() => setAt(i)}
                    data-tone={a.tone}
                    data-again={a.again || undefined}
                  >
                    <span className="rw-num rw-dim">+{m.after_seconds.toFixed(3)}</span>
                    <span className="rw-ladder-lane">
                      {parties.map(p => (
                        <i key={p.id} aria-hidden="true" />
                      ))}
                      <span className="rw-ladder-arrow" data-right={a.toRight || undefined} style={where}>
                        <span className="rw-ladder-word">
                          {m.summary}
                          {m.has_sdp && <small>SDP</small>}
                        </span>
                        <span className="rw-sr">{m.direction === "in" ? `${m.from} → Ringway` : `Ringway → ${m.to}`}</span>
                      </span>
                    </span>
                  </button>
                </li>
              );
            })}
          </ol>
        </div>
        {chosen && <Message m={chosen} />}
      </div>
    </>
  );
}

function Message({ m }: { m: NonNullable<LadderData["messages"]>[number] }) {
  const { t, lang } = useT();
  const zone = useZone();
  return (
    <section className="rw-panel rw-ladder-message" aria-label={t("ladder.message")} aria-live="polite">
      <div className="rw-panel-head">
        <h3>{m.summary}</h3>
        <span className="rw-dim rw-small">
          {m.protocol} · {m.from} → {m.to}
        </span>
      </div>
      <p className="rw-dim rw-small">{fullDateTime(Date.parse(m.at), zone, lang)}</p>
      <pre className="rw-plan-text" tabIndex={0}>
        {m.text}
      </pre>
    </section>
  );
}
