import { Link } from "wouter";
import type { CallRow } from "../api/types";
import { useT } from "../i18n";
import { dateTime, duration, fullDateTime, number } from "../lib/format";
import { useZone } from "../session/zone";
import { Empty } from "../ui/Page";
import { type Column, Table } from "../ui/Table";
import { countOf, type Figure, have, type Line, lines, sumOf, why } from "./counted";

type Col = "customer" | "queue" | "agent" | "kind";

interface Counted {
  calls: CallRow[];
  more: boolean;
  share?: string; // what each row has in a sum
  figure?: Figure;
  limited?: boolean;
}

/** Count is a list in one sentence, to hold against the figure that led here, and says why where they differ. */
export function Count({ calls, more, share, figure, limited = false }: Counted) {
  const { t, lang } = useT();
  const zone = useZone();
  const n = countOf(calls);
  const inCalls = t("calls.count_calls", { count: n.calls });
  const counted =
    n.what === "calls" ? inCalls : t("calls.count_in", { what: t(`calls.count_${n.what}`, { count: n.count }), calls: inCalls });
  const told = (v: number, unit: string) => (unit === "duration" ? duration(v) : number(v, lang, unit === "number" ? 2 : 0));
  const text = share
    ? t("calls.together", { what: counted, sum: told(sumOf(calls), share === "rating" ? "number" : "duration") })
    : counted;
  const differs = figure && !more ? why(calls, figure, limited) : undefined;
  const values = figure && {
    have: told(have(calls, figure), figure.unit),
    figure: told(figure.value, figure.unit),
    at: figure.closed ? dateTime(Date.parse(figure.closed), zone, lang) : "",
  };
  return (
    <div role="status" className="rw-dim rw-small">
      {more
        ? figure
          ? t("calls.count_of", { what: text, figure: told(figure.value, figure.unit) })
          : t("calls.count_so_far", { what: text })
        : text}
      {differs && <p className="rw-differs">{t(`calls.${differs}`, values)}</p>}
    </div>
  );
}

export function CallTable({ calls, hide = [], share }: { calls: CallRow[]; hide?: Col[]; share?: string }) {
  const { t, or, lang } = useT();
  const zone = useZone();
  if (calls.length === 0) return <Empty icon="phone" title={t("calls.none")} />;
  const { what } = countOf(calls);
  const start = { calls: "calls.start", stays: "calls.entered", offers: "calls.offered", outcomes: "calls.said" } as const;
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
          {dateTime(Date.parse(l.at), zone, lang)}
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
    { head: t("disposition.title"), cell: l => l.label ?? l.call.label },
  ];
  if (what !== "offers")
    columns.push(
      { head: t("calls.wait"), cell: l => (l.wait !== undefined ? duration(l.wait) : ""), right: true },
      { head: t(length), cell: l => (l.length !== undefined ? duration(l.length) : ""), right: true },
    );
  if (share)
    columns.push({
      head: or("share", share),
      cell: l => (l.share === undefined ? "" : share === "rating" ? number(l.share, lang, 2) : duration(l.share)),
      right: true,
    });
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
