import { Button, NativeSelect, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { get } from "../api/client";
import type { CallRow, Page } from "../api/types";
import { useT } from "../i18n";
import { addDays, dateTime, duration, isoDay, languageName, regionName, startOfDay } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Loaded, More, PageHead } from "../ui/Page";
import { Typed } from "../ui/Typed";
import { CallTable, Count } from "./CallTable";
import { figureOf } from "./counted";

const kinds = ["customer", "internal", "outgoing", "service"] as const;
const results = ["answered", "no_answer", "busy", "failed", "canceled"] as const;
const texts = ["queue", "agent", "customer"] as const;

// The filter holds instants; the fields show days of the person's zone, the last one included.
function instant(isoDate: string, zone: string): string {
  const at = startOfDay(isoDate, zone);
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}

function dayOf(time: string | null, zone: string, before = 0): string {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? "" : isoDay(at - before, zone);
}

const shown = new Set<string>(["search", "from", "to", "kind", "disposition", "share", "figure", "unit", "closed", ...texts]);

// What a report's figure adds to the filter.
function drillWords(key: string, value: string, zone: string, { or, lang }: ReturnType<typeof useT>): string {
  const name = or("drill", key);
  if (value === "yes" || value === "*") return name;
  const at = /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(at)) return `${name} ${dateTime(at, zone, lang)}`;
  switch (key) {
    case "language":
      return `${name} ${languageName(value, lang) || value}`;
    case "region":
      return `${name} ${regionName(value, lang) || value}`;
    case "result":
    case "outcome":
    case "end_reason":
      return `${name} ${or("outcome", value)}`;
    case "again_within":
      return `${name} ${duration(Number.parseInt(value, 10) * 3600)}`;
  }
  return `${name} ${value}`;
}

/** Calls: the address is the filter, so that a figure of a report can link to exactly the calls behind it. */
export default function Calls() {
  const words = useT();
  const { t, or } = words;
  const [params, setParams] = useSearchParams();
  const zone = useZone();
  const { figure: _, unit: __, closed: ___, ...query } = Object.fromEntries(params);
  const share = params.get("share") ?? undefined;
  const change = (key: string, value: string) =>
    setParams(
      old => {
        const next = new URLSearchParams(old);
        if (value) next.set(key, value);
        else next.delete(key);
        for (const of of ["figure", "unit", "closed"]) next.delete(of); // another list than the figure's
        return next;
      },
      { replace: true },
    );
  const q = useInfiniteQuery({
    queryKey: ["calls", query],
    queryFn: ({ pageParam, signal }) => get<Page<CallRow>>("/calls", { ...query, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });
  const filtered = params.size > 0;
  const others = [...params].filter(([k]) => !shown.has(k));
  return (
    <div className="rw-page">
      <PageHead title={t("nav.calls")} sub={`${t("card.zone")}: ${zone}`} />
      <div className="rw-filters">
        <Typed name="search" label={t("calls.search")} value={params.get("search") ?? ""} change={change} wide />
        <TextInput
          size="sm"
          type="date"
          label={t("calls.from")}
          value={dayOf(params.get("from"), zone)}
          onChange={e => change("from", instant(e.currentTarget.value, zone))}
        />
        <TextInput
          size="sm"
          type="date"
          label={t("calls.to")}
          value={dayOf(params.get("to"), zone, 1)}
          onChange={e => change("to", e.currentTarget.value && instant(addDays(e.currentTarget.value, 1), zone))}
        />
        <NativeSelect
          label={t("calls.kind")}
          value={params.get("kind") ?? ""}
          onChange={e => change("kind", e.currentTarget.value)}
          data={[{ value: "", label: t("common.any") }, ...kinds.map(k => ({ value: k, label: or("kind", k) }))]}
        />
        <NativeSelect
          label={t("calls.result")}
          value={params.get("disposition") ?? ""}
          onChange={e => change("disposition", e.currentTarget.value)}
          data={[{ value: "", label: t("common.any") }, ...results.map(k => ({ value: k, label: or("result", k) }))]}
        />
        {texts.map(k => (
          <Typed key={k} name={k} label={t(`calls.${k}`)} value={params.get(k) ?? ""} change={change} />
        ))}
        {others.map(([k, v]) => (
          <Button
            key={k}
            variant="light"
            className="rw-drill"
            rightSection={<Icon name="x" size={14} />}
            onClick={() => change(k, "")}
            title={`${k} = ${v}`}
          >
            {drillWords(k, v, zone, words)}
          </Button>
        ))}
        {filtered && (
          <Button variant="subtle" leftSection={<Icon name="x" size={14} />} onClick={() => setParams({}, { replace: true })}>
            {t("calls.clear")}
          </Button>
        )}
      </div>
      <Loaded q={q}>
        {data => (
          <>
            {filtered && (
              <Count
                calls={data.pages.flatMap(p => p.items ?? [])}
                more={q.hasNextPage}
                share={share}
                figure={figureOf(params)}
                limited={data.pages.some(p => p.limited)}
              />
            )}
            <CallTable calls={data.pages.flatMap(p => p.items ?? [])} share={share} />
            <More q={q} />
          </>
        )}
      </Loaded>
    </div>
  );
}
