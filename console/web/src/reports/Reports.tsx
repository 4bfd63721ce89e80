import { Autocomplete, Button, Menu, NativeSelect, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useParams, useSearchParams } from "wouter";
import { get, queryString } from "../api/client";
import type { Column, Report } from "../api/types";
import { type Key, useT } from "../i18n";
import { clock } from "../lib/clock";
import { addDays, isoDay, zoneOK } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Loaded, PageHead } from "../ui/Page";
import { Typed } from "../ui/Typed";
import { ReportView } from "./ReportView";
import "./reports.css";

export const kinds = [
  "daily",
  "queues",
  "agents",
  "agent-day",
  "teams",
  "languages",
  "regions",
  "intervals",
  "heatmap",
  "abandoned",
  "dispositions",
] as const;
type Kind = (typeof kinds)[number];

/** Reports: the address says which report of which span, so that a manager can send it to another. */
export default function Reports() {
  const { t, lang } = useT();
  const params = useParams();
  const kind: Kind = (kinds as readonly string[]).includes(params.kind ?? "") ? (params.kind as Kind) : "daily";
  const mine = useZone();
  const [search, setSearch] = useSearchParams();
  const today = isoDay(clock.now(), search.get("zone") || mine);
  const ask = {
    from: search.get("from") ?? today,
    to: search.get("to") ?? search.get("from") ?? today,
    zone: search.get("zone") ?? mine,
    queue: search.get("queue") ?? "",
    agent: search.get("agent") ?? "",
    team: search.get("team") ?? "",
    step: kind === "intervals" ? (search.get("step") ?? "") : "",
    measure: kind === "heatmap" ? (search.get("measure") ?? "") : "",
    lang,
  };
  const change = (change: Record<string, string>) =>
    setSearch(
      old => {
        const next = new URLSearchParams(old);
        for (const [k, v] of Object.entries(change)) {
          if (v) next.set(k, v);
          else next.delete(k);
        }
        return next;
      },
      { replace: true },
    );
  const q = useQuery({
    queryKey: ["report", kind, ask],
    queryFn: ({ signal }) => get<Report>(`/reports/${kind}`, ask, signal),
    placeholderData: (old, before) => (before?.queryKey[1] === kind ? keepPreviousData(old) : undefined),
    enabled: zoneOK(ask.zone),
    refetchInterval: r => (r.state.data?.rows?.some(x => x.cells.called_back_result === "under_way") ? 3000 : false),
  });
  const keep = search.size ? `?${search}` : "";
  return (
    <div className="rw-page rw-full">
      <PageHead title={t("nav.reports")}>
        <Export path={`/api/v1/reports/${kind}`} ask={ask} />
      </PageHead>
      <nav className="rw-kinds rw-noprint" aria-label={t("nav.reports")}>
        {kinds.map(k => (
          <Link key={k} href={`/reports/${k}${keep}`} className="rw-kind" aria-current={k === kind ? "page" : undefined}>
            {t(`report.kind.${k.replace("-", "_")}` as Key)}
          </Link>
        ))}
      </nav>
      <Filters kind={kind} ask={ask} change={change} today={today} measures={q.data?.measures ?? []} />
      <Loaded q={q}>{r => <ReportView r={r} />}</Loaded>
    </div>
  );
}

type Ask = Record<"from" | "to" | "zone" | "queue" | "agent" | "team" | "step" | "measure" | "lang", string>;

// Which reports a queue, or a person and a team, make narrower.
const narrows: Record<"queue" | "people", readonly Kind[]> = {
  queue: ["queues", "intervals", "heatmap", "abandoned", "dispositions"],
  people: ["daily", "agents", "agent-day", "teams", "dispositions"],
};

// A span that would end before it begins is of the day that was chosen. While a year is typed, it is one long ago.
const from = (day: string, last: string) => ({ from: day, to: day > last ? day : last });
const to = (day: string, first: string) => ({ from: day > "1970" && day < first ? day : first, to: day });

interface FiltersProps {
  kind: Kind;
  ask: Ask;
  change(c: Record<string, string>): void;
  today: string;
  measures: Column[];
}

function Filters({ kind, ask, change, today, measures }: FiltersProps) {
  const { t } = useT();
  const zones = useMemo(() => (Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : []), []);
  const one = (key: string, value: string) => change({ [key]: value });
  const spans: [Key, string, string][] = [
    ["report.today", today, today],
    ["report.yesterday", addDays(today, -1), addDays(today, -1)],
    ["report.week", addDays(today, -6), today],
    ["report.month", addDays(today, -29), today],
  ];
  return (
    <div className="rw-filters rw-noprint">
      <NativeSelect
        label={t("report.span")}
        value={spans.find(([, a, b]) => a === ask.from && b === ask.to)?.[0] ?? ""}
        onChange={e => {
          const found = spans.find(([k]) => k === e.currentTarget.value);
          if (found) change({ from: found[1], to: found[2] });
        }}
        data={[...spans.map(([k]) => ({ value: k, label: t(k) })), { value: "", label: t("report.other_span") }]}
      />
      <TextInput
        type="date"
        label={t("calls.from")}
        value={ask.from}
        onChange={e => change(from(e.currentTarget.value, ask.to))}
      />
      <TextInput type="date" label={t("calls.to")} value={ask.to} onChange={e => change(to(e.currentTarget.value, ask.from))} />
      <Autocomplete
        label={t("card.zone")}
        data={zones}
        limit={12}
        value={ask.zone}
        onChange={zone => change({ zone })}
        error={zoneOK(ask.zone) ? undefined : t("report.bad_zone")}
      />
      {narrows.queue.includes(kind) && <Typed name="queue" label={t("calls.queue")} value={ask.queue} change={one} />}
      {narrows.people.includes(kind) && (
        <>
          <Typed name="agent" label={t("calls.agent")} value={ask.agent} change={one} />
          <Typed name="team" label={t("board.team")} value={ask.team} change={one} />
        </>
      )}
      {kind === "intervals" && (
        <NativeSelect
          label={t("report.step")}
          value={ask.step}
          onChange={e => change({ step: e.currentTarget.value })}
          data={[{ value: "", label: "–" }, "15", "30", "60"]}
        />
      )}
      {kind === "heatmap" && measures.length > 0 && (
        <NativeSelect
          label={t("report.measure")}
          value={ask.measure || "offered"}
          onChange={e => change({ measure: e.currentTarget.value === "offered" ? "" : e.currentTarget.value })}
          data={measures.map(m => ({ value: m.id, label: m.label }))}
        />
      )}
    </div>
  );
}

function Export({ path, ask }: { path: string; ask: Ask }) {
  const { t } = useT();
  const to = (format: string) => path + queryString({ ...ask, format });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={16} />} rightSection={<Icon name="down" size={14} />}>
          {t("report.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={to("xlsx")} leftSection={<Icon name="chart" size={16} />}>
          {t("report.xlsx")}
        </Menu.Item>
        <Menu.Item component="a" href={to("csv")} leftSection={<Icon name="queue" size={16} />}>
          {t("report.csv")}
        </Menu.Item>
        <Menu.Item component="a" href={to("print")} target="_blank" rel="noopener" leftSection={<Icon name="print" size={16} />}>
          {t("report.print")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
