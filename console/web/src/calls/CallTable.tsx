import { Link } from "wouter";
import type { CallRow } from "../api/types";
import { useT } from "../i18n";
import { clock } from "../lib/clock";
import { dateTime, duration, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Empty } from "../ui/Page";
import { countOf, type Line, lines } from "./counted";

type Col = "customer" | "queue" | "agent" | "kind";

/** Count is a list in one sentence, to hold against the figure that led here. */
export function Count({ calls, more }: { calls: CallRow[]; more: boolean }) {
  const { t } = useT();
  const n = countOf(calls);
  const inCalls = t("calls.count_calls", { count: n.calls });
  const text =
    n.what === "calls" ? inCalls : t("calls.count_in", { what: t(`calls.count_${n.what}`, { count: n.count }), calls: inCalls });
  return (
    <p className="rw-dim rw-small" role="status">
      {more ? t("calls.count_so_far", { what: text }) : text}
    </p>
  );
}

export function CallTable({ calls, hide = [] }: { calls: CallRow[]; hide?: Col[] }) {
  const { t } = useT();
  if (calls.length === 0) return <Empty icon="phone" title={t("calls.none")} />;
  const show = (c: Col) => !hide.includes(c);
  const { what } = countOf(calls);
  const start = { calls: "calls.start", stays: "calls.entered", offers: "calls.offered" } as const;
  return (
    <div className="rw-tablebox" tabIndex={0}>
      <table className="rw-table">
        <thead>
          <tr>
            <th>{t(start[what])}</th>
            {show("customer") && <th>{t("calls.caller")}</th>}
            {show("queue") && <th>{t("calls.queue")}</th>}
            {show("agent") && <th>{t("calls.agent")}</th>}
            <th>{t("calls.result")}</th>
            <th>{t("disposition.title")}</th>
            {what !== "offers" && <th className="rw-right">{t("calls.wait")}</th>}
            {what !== "offers" && <th className="rw-right">{t(what === "stays" ? "calls.conversation" : "calls.length")}</th>}
          </tr>
        </thead>
        <tbody>
          {lines(calls).map(l => (
            <Row key={l.key} l={l} show={show} timed={what !== "offers"} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ l, show, timed }: { l: Line; show: (c: Col) => boolean; timed: boolean }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  const c = l.call;
  const running = l.result.words === "result" && !c.end;
  return (
    <tr>
      <td className="rw-nowrap">
        <Link className="rw-link" href={`/calls/${encodeURIComponent(c.id)}`} title={fullDateTime(Date.parse(l.at), zone, lang)}>
          {dateTime(Date.parse(l.at), zone, lang, clock.now())}
        </Link>
      </td>
      {show("customer") && (
        <td>
          <b>{c.caller_name || c.caller_number || c.customer || "–"}</b>
          {c.kind !== "customer" && <span className="rw-dim"> · {or("kind", c.kind)}</span>}
        </td>
      )}
      {show("queue") && <td>{l.queue || <span className="rw-dim">{c.dialled}</span>}</td>}
      {show("agent") && <td>{l.agent}</td>}
      <td>
        {running ? (
          <span className="rw-badge" data-tone="busy">
            <span className="rw-badge-dot" aria-hidden="true" />
            {t("calls.running")}
          </span>
        ) : (
          <span className="rw-result" data-kind={l.result.tone}>
            {or(l.result.words, l.result.word)}
          </span>
        )}
      </td>
      <td>{c.label}</td>
      {timed && <td className="rw-right rw-num">{l.wait !== undefined ? duration(l.wait) : ""}</td>}
      {timed && <td className="rw-right rw-num">{l.length !== undefined ? duration(l.length) : ""}</td>}
    </tr>
  );
}
