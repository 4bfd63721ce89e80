import { Button, NativeSelect, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { get } from "../api/client";
import type { CallRow, Page } from "../api/types";
import { useT } from "../i18n";
import { addDays, isoDay, startOfDay } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Loaded, PageHead } from "../ui/Page";
import { CallTable } from "./CallTable";

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

/** Calls: the address is the filter, so that a figure of a report can link to exactly the calls behind it. */
export default function Calls() {
  const { t, or } = useT();
  const [params, setParams] = useSearchParams();
  const zone = useZone();
  const query = Object.fromEntries(params);
  const change = (key: string, value: string) =>
    setParams(
      old => {
        const next = new URLSearchParams(old);
        if (value) next.set(key, value);
        else next.delete(key);
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
  return (
    <div className="rw-page">
      <PageHead title={t("nav.calls")} />
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
        {filtered && (
          <Button variant="subtle" leftSection={<Icon name="x" size={14} />} onClick={() => setParams({}, { replace: true })}>
            {t("calls.clear")}
          </Button>
        )}
      </div>
      <Loaded q={q}>
        {data => (
          <>
            <CallTable calls={data.pages.flatMap(p => p.items ?? [])} />
            {q.hasNextPage && (
              <Button variant="subtle" fullWidth loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>
                {t("common.load_more")}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

function Typed(p: { name: string; label: string; value: string; wide?: boolean; change(key: string, value: string): void }) {
  const { name, change, value } = p;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change(name, text.trim()), 350);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      className={p.wide ? "rw-wide" : undefined}
      label={p.label}
      value={text}
      onChange={e => setText(e.currentTarget.value)}
      leftSection={p.wide ? <Icon name="search" size={16} /> : undefined}
    />
  );
}
