import { Button, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../api/client";
import { all } from "../api/list";
import type { Delivery, HookFailure, Page, Webhook } from "../api/types";
import { type Key, say, useT } from "../i18n";
import { dateTime, number } from "../lib/format";
import { useZone } from "../session/zone";
import { ConfirmButton } from "../ui/Confirm";
import { Empty, Loaded, More } from "../ui/Page";
import { Table } from "../ui/Table";
import { toastProblem } from "../ui/toast";

const failures = ["refused", "no_host", "certificate", "no_tls", "unreachable", "cut", "timeout", "private"];

export default function Webhooks() {
  const { t } = useT();
  const q = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => all<Webhook>("/webhooks"),
    refetchInterval: 5000,
  });
  return (
    <Loaded q={q}>
      {hooks =>
        hooks.length === 0 ? <Empty icon="external" title={t("hook.none")} /> : hooks.map(h => <Hook key={h.name} h={h} />)
      }
    </Loaded>
  );
}

const states = ["dead", "pending", "delivered"] as const;

function Hook({ h }: { h: Webhook }) {
  const { t, lang } = useT();
  const queries = useQueryClient();
  const [state, setState] = useState<(typeof states)[number]>(h.dead > 0 ? "dead" : "pending");
  const count = { dead: h.dead, pending: h.pending, delivered: h.delivered };
  return (
    <section className="rw-panel">
      <div className="rw-panel-head rw-hook-head">
        <div>
          <h3>{h.name}</h3>
          <span className="rw-mono rw-dim">{h.url}</span>
        </div>
        <span className="rw-badge" data-tone={h.state === "up" ? "good" : "bad"}>
          <span className="rw-badge-dot" aria-hidden="true" />
          {t(h.state === "up" ? "hook.up" : "hook.down")}
        </span>
      </div>
      {h.failure && (
        <p className="rw-error rw-hook-error">
          <Why of={h.failure} />
        </p>
      )}
      <div className="rw-row">
        <SegmentedControl
          size="xs"
          value={state}
          onChange={v => setState(v as (typeof states)[number])}
          data={states.map(s => ({ value: s, label: `${t(`hook.${s}` as Key)} ${number(count[s], lang)}` }))}
        />
        <span className="rw-grow" />
        {state === "dead" && h.dead > 0 && (
          <ConfirmButton
            c={undefined}
            label={t("hook.resend_all")}
            of={h.name}
            title={t("hook.resend_all")}
            act={() => post(`/webhooks/${encodeURIComponent(h.name)}/resend`)}
            done={() => {
              void queries.invalidateQueries({ queryKey: ["deliveries", h.name] });
              void queries.invalidateQueries({ queryKey: ["webhooks"] });
            }}
          >
            <p>{t("hook.resend_all_hint", { name: h.name, number: number(h.dead, lang) })}</p>
          </ConfirmButton>
        )}
      </div>
      <Deliveries hook={h.name} state={state} />
    </section>
  );
}

/** Why a delivery failed: in the reader's language, and what the network said of it. */
function Why({ of }: { of: HookFailure }) {
  if (of.code === "status" || of.code === "redirect") return say(`hook.why_${of.code}` as Key, { status: of.detail });
  const known = failures.includes(of.code);
  return (
    <>
      {known && say(`hook.why_${of.code}` as Key)}{" "}
      {of.detail && <span className={known ? "rw-dim" : undefined}>{of.detail}</span>}
    </>
  );
}

function Deliveries({ hook, state }: { hook: string; state: string }) {
  const { t, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const key = ["deliveries", hook, state];
  const path = `/webhooks/${encodeURIComponent(hook)}`;
  const q = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => get<Page<Delivery>>(`${path}/deliveries`, { state, cursor: pageParam, limit: 50 }),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
    refetchInterval: 5000,
  });
  const again = useMutation({
    mutationFn: (p: Promise<unknown>) => p,
    onError: toastProblem,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ["deliveries", hook] });
      void queries.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  const rows = q.data?.pages.flatMap(p => p.items ?? []) ?? [];
  if (rows.length === 0) return null;
  return (
    <Table
      inner
      rows={rows}
      id={d => d.id}
      foot={<More q={q} />}
      columns={[
        { head: t("hook.event"), cell: d => d.kind, className: "rw-mono" },
        { head: t("system.when"), cell: d => dateTime(Date.parse(d.created), zone, lang), className: "rw-num rw-nowrap" },
        { head: t("hook.attempts"), cell: d => d.attempts, right: true },
        { head: t("hook.error"), cell: d => d.failure && <Why of={d.failure} /> },
      ]}
      actions={
        state !== "dead"
          ? undefined
          : d => (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => again.mutate(post(`/webhooks/deliveries/${d.id}/resend`))}
              >
                {t("hook.resend")}
              </Button>
            )
      }
    />
  );
}
