import { Link } from "wouter";
import type { CallRow } from "../api/types";
import { useT } from "../i18n";
import { clock } from "../lib/clock";
import { dateTime, duration, fullDateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Empty } from "../ui/Page";
import { type Column, Table } from "../ui/Table";
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
  const { t, or, lang } = useT();
  const zone = useZone();
  if (calls.length === 0) return <Empty icon="phone" title={t("calls.none")} />;
  const { what } = countOf(calls);
  const start = { calls: "calls.start", stays: "calls.entered", offers: "calls.offered" } as const;
  const length = what === "stays" ? "calls.conversation" : "calls.length";
  const columns: (Column<Line> & { col?: Col })[] = [
    {
      head: t(start[what]),
      className: "rw-nowrap",
      cell: l => (
        <Link
          className="rw-link"
          href={`/calls/${encodeURIComponent(l.call.id)}`}
          title={fullDateTime(Date.parse(l.at), zone, lang)}
        >
          {dateTime(Date.parse(l.at), zone, lang, clock.now())}
        </Link>
      ),
    },
    {
      col: "customer",
      head: t("calls.caller"),
      cell: ({ call: c }) => (
        <>
          <b>{c.caller_name || c.caller_number || c.customer || "–"}</b>
          {c.kind !== "customer" && <span className="rw-dim"> · {or("kind", c.kind)}</span>}
        </>
      ),
    },
    {
      col: "queue",
      head: t("calls.queue"),
      cell: l => l.queue || (l.call.dialled && <span className="rw-dim">{l.call.dialled}</span>),
    },
    { col: "agent", head: t("calls.agent"), cell: l => l.agent },
    { head: t("calls.result"), cell: l => <Result l={l} /> },
    { head: t("disposition.title"), cell: l => l.call.label },
  ];
  if (what !== "offers")
    columns.push(
      { head: t("calls.wait"), cell: l => (l.wait !== undefined ? duration(l.wait) : ""), right: true },
      { head: t(length), cell: l => (l.length !== undefined ? duration(l.length) : ""), right: true },
    );
  return <Table rows={lines(calls)} id={l => l.key} columns={columns.filter(c => !c.col || !hide.includes(c.col))} />;
}

function Result({ l }: { l: Line }) {
  const { t, or } = useT();
  if (l.result.words === "result" && !l.call.end)
    return (
      <span className="rw-badge" data-tone="busy">
        <span className="rw-badge-dot" aria-hidden="true" />
        {t("calls.running")}
      </span>
    );
  return (
    <span className="rw-result" data-kind={l.result.tone}>
      {or(l.result.words, l.result.word)}
    </span>
  );
}
