import { Button, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../api/client";
import { list } from "../api/list";
import type { Delivery, Webhook } from "../api/types";
import { type Key, useT } from "../i18n";
import { dateTime, number } from "../lib/format";
import { useZone } from "../session/zone";
import { Empty, Loaded } from "../ui/Page";
import { toastProblem } from "../ui/toast";

export default function Webhooks() {
  const { t } = useT();
  const q = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => get<unknown>("/webhooks").then(list<Webhook>),
    refetchInterval: 5000,
  });
  return (
    <Loaded q={q}>
      {all => (all.length === 0 ? <Empty icon="external" title={t("hook.none")} /> : all.map(h => <Hook key={h.name} h={h} />))}
    </Loaded>
  );
}

const states = ["dead", "pending", "delivered"] as const;

function Hook({ h }: { h: Webhook }) {
  const { t, lang } = useT();
  const [state, setState] = useState<(typeof states)[number]>(h.dead > 0 ? "dead" : "pending");
  const count = { dead: h.dead, pending: h.pending, delivered: h.delivered };
  return (
    <section className="rw-panel">
      <div className="rw-panel-head">
        <div>
          <h3>{h.name}</h3>
          <span className="rw-mono rw-dim">{h.url}</span>
        </div>
        <span className="rw-badge" data-tone={h.state === "up" ? "good" : "bad"}>
          <span className="rw-badge-dot" aria-hidden="true" />
          {t(h.state === "up" ? "hook.up" : "hook.down")}
        </span>
      </div>
      {h.error && <p className="rw-error">{h.error}</p>}
      <SegmentedControl
        size="xs"
        value={state}
        onChange={v => setState(v as (typeof states)[number])}
        data={states.map(s => ({ value: s, label: `${t(`hook.${s}` as Key)} ${number(count[s], lang)}` }))}
      />
      <Deliveries hook={h.name} state={state} />
    </section>
  );
}

function Deliveries({ hook, state }: { hook: string; state: string }) {
  const { t, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const key = ["deliveries", hook, state];
  const path = `/webhooks/${encodeURIComponent(hook)}`;
  const q = useQuery({
    queryKey: key,
    queryFn: () => get<unknown>(`${path}/deliveries`, { state, limit: 50 }).then(list<Delivery>),
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
  const rows = q.data ?? [];
  if (rows.length === 0) return null;
  return (
    <div className="rw-scroll" tabIndex={0}>
      <table className="rw-table">
        <thead>
          <tr>
            <th>{t("system.when")}</th>
            <th>{t("hook.event")}</th>
            <th className="rw-right">{t("hook.attempts")}</th>
            <th>{t("hook.error")}</th>
            <th className="rw-right">
              {state === "dead" && (
                <Button size="compact-sm" variant="default" onClick={() => again.mutate(post(`${path}/resend`))}>
                  {t("hook.resend_all")}
                </Button>
              )}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(d => (
            <tr key={d.id}>
              <td className="rw-num rw-nowrap">{dateTime(Date.parse(d.created), zone, lang)}</td>
              <td className="rw-mono">{d.kind}</td>
              <td className="rw-right rw-num">{d.attempts}</td>
              <td>
                {d.status ? `${d.status} ` : ""}
                {d.error}
              </td>
              <td className="rw-right">
                {d.state === "dead" && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => again.mutate(post(`/webhooks/deliveries/${d.id}/resend`))}
                  >
                    {t("hook.resend")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
