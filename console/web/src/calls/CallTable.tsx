import { Link } from "wouter";
import type { CallRow } from "../api/types";
import { useT } from "../i18n";
import { clock } from "../lib/clock";
import { dateTime, duration, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Empty } from "../ui/Page";

type Col = "customer" | "queue" | "agent" | "kind";

/** resultOf is what became of a call. The switch answers before the queue: who left that without an agent was not served. */
export function resultOf(c: CallRow): string | undefined {
  return c.disposition === "answered" && c.queue && !c.reached ? "unserved" : c.disposition;
}

export function callSeconds(c: CallRow): number | undefined {
  if (c.duration_seconds !== undefined) return c.duration_seconds;
  return c.end ? (Date.parse(c.end) - Date.parse(c.start)) / 1000 : undefined;
}

export function CallTable({ calls, hide = [] }: { calls: CallRow[]; hide?: Col[] }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  if (calls.length === 0) return <Empty icon="phone" title={t("calls.none")} />;
  const show = (c: Col) => !hide.includes(c);
  return (
    <div className="rw-tablebox" tabIndex={0}>
      <table className="rw-table">
        <thead>
          <tr>
            <th>{t("calls.start")}</th>
            {show("customer") && <th>{t("calls.caller")}</th>}
            {show("queue") && <th>{t("calls.queue")}</th>}
            {show("agent") && <th>{t("calls.agent")}</th>}
            <th>{t("calls.result")}</th>
            <th>{t("disposition.title")}</th>
            <th className="rw-right">{t("calls.wait")}</th>
            <th className="rw-right">{t("calls.length")}</th>
          </tr>
        </thead>
        <tbody>
          {calls.map(c => (
            <tr key={c.id}>
              <td className="rw-nowrap">
                <Link
                  className="rw-link"
                  href={`/calls/${encodeURIComponent(c.id)}`}
                  title={fullDateTime(Date.parse(c.start), zone, lang)}
                >
                  {dateTime(Date.parse(c.start), zone, lang, clock.now())}
                </Link>
              </td>
              {show("customer") && (
                <td>
                  <b>{c.caller_name || c.caller_number || c.customer || "–"}</b>
                  {c.kind !== "customer" && <span className="rw-dim"> · {or("kind", c.kind)}</span>}
                </td>
              )}
              {show("queue") && <td>{c.queue || <span className="rw-dim">{c.dialled}</span>}</td>}
              {show("agent") && <td>{c.agent_name || c.agent}</td>}
              <td>
                {c.end ? (
                  <span className="rw-result" data-kind={resultOf(c)}>
                    {or("result", resultOf(c))}
                  </span>
                ) : (
                  <span className="rw-badge" data-tone="busy">
                    <span className="rw-badge-dot" aria-hidden="true" />
                    {t("calls.running")}
                  </span>
                )}
              </td>
              <td>{c.label}</td>
              <td className="rw-right rw-num">{c.wait_seconds !== undefined ? duration(c.wait_seconds) : ""}</td>
              <td className="rw-right rw-num">{callSeconds(c) !== undefined ? duration(callSeconds(c)) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
