import { Autocomplete, Button, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { get, post } from "../api/client";
import { list } from "../api/list";
import { Problem } from "../api/problem";
import type { Binding } from "../api/types";
import { type Key, useT } from "../i18n";
import { useStore } from "../lib/store";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { words } from "../ui/toast";
import { findingsOf } from "./ApplyDialog";
import { draft, edited } from "./draft";
import { Findings } from "./Findings";
import { type Asked, request } from "./request";
import { SimResult } from "./SimResult";
import type { Graph, Simulated } from "./types";

const shown = ["exten", "account", "number", "language", "region", "zone", "customer", "booking", "at", "digits"];

/** Simulate lets a made-up caller live through the plan, the draft included; nothing of it reaches the switch's calls. */
export default function Simulate() {
  const { t } = useT();
  const zone = useZone();
  const d = useStore(draft);
  const files = edited(d);
  const [a, setA] = useState<Asked>({ who: "app", exten: "", agents: "now" });
  const run = useMutation({ mutationFn: () => post<Simulated>("/dialplan/simulate", request(a, files, zone)) });
  const p = run.error instanceof Problem ? run.error : null;
  const field = (key: keyof Asked, label: Key, extra: object = {}) => (
    <TextInput
      label={t(label)}
      value={a[key] ?? ""}
      onChange={e => setA({ ...a, [key]: e.currentTarget.value })}
      error={p?.at(key)}
      autoComplete="off"
      {...extra}
    />
  );
  const names = useNames();
  return (
    <div className="rw-sim">
      <form
        className="rw-panel rw-stack"
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          run.mutate();
        }}
      >
        <div>
          <span className="rw-label" id="rw-sim-who">
            {t("sim.who")}
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="rw-sim-who"
            value={a.who}
            onChange={v => setA({ ...a, who: v as Asked["who"] })}
            data={[
              { value: "app", label: t("sim.app") },
              { value: "account", label: t("sim.account") },
              { value: "trunk", label: t("sim.trunk") },
            ]}
          />
        </div>
        {a.who === "app" ? (
          <div className="rw-formgrid rw-sim-grid">
            {field("language", "card.language", { placeholder: "ja" })}
            {field("region", "card.region", { placeholder: "JP", maxLength: 2 })}
            {field("zone", "sim.zone", { placeholder: "Asia/Tokyo" })}
            {field("booking", "card.booking")}
            {field("customer", "calls.customer")}
          </div>
        ) : a.who === "account" ? (
          <Autocomplete
            label={t("sim.account")}
            data={names.accounts}
            value={a.account ?? ""}
            onChange={v => setA({ ...a, account: v })}
            error={p?.at("account")}
            required
          />
        ) : (
          field("trunk", "sim.trunk", { required: true })
        )}
        <Autocomplete
          label={t("call.dialled")}
          data={names.numbers}
          value={a.exten}
          onChange={v => setA({ ...a, exten: v })}
          error={p?.at("exten")}
          required
        />
        {field("number", "sim.number")}
        {field("at", "sim.at", { type: "datetime-local", description: zone })}
        {field("digits", "sim.digits", { description: t("sim.digits_hint") })}
        <div>
          <span className="rw-label" id="rw-sim-agents">
            {t("sim.agents")}
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="rw-sim-agents"
            value={a.agents}
            onChange={v => setA({ ...a, agents: v as Asked["agents"] })}
            data={[
              { value: "now", label: t("sim.agents_now") },
              { value: "all", label: t("sim.agents_all") },
              { value: "none", label: t("sim.agents_none") },
            ]}
          />
        </div>
        {run.error && (
          <p className="rw-error" role="alert">
            <Icon name="warn" size={16} />
            {words(run.error, ...shown) || t("sim.see_fields")}
          </p>
        )}
        <Findings all={findingsOf(run.error)} />
        <Button type="submit" loading={run.isPending} leftSection={<Icon name="play" size={15} />}>
          {t(Object.keys(files).length > 0 ? "sim.go_draft" : "sim.go")}
        </Button>
      </form>
      <div aria-live="polite">{run.data ? <SimResult s={run.data} /> : <p className="rw-empty">{t("sim.hint")}</p>}</div>
    </div>
  );
}

/** useNames are what the form suggests. */
function useNames() {
  const graph = useQuery({ queryKey: ["dialplan-graph", {}], queryFn: () => get<Graph>("/dialplan/graph") });
  const phones = useQuery({ queryKey: ["bindings"], queryFn: () => get<unknown>("/bindings").then(list<Binding>) });
  return useMemo(() => {
    const numbers = (graph.data?.extensions ?? []).filter(x => x.kind === "number").map(x => x.name);
    const accounts = (phones.data ?? []).map(b => b.aor.replace(/^sips?:/, "").split("@")[0]!);
    return { numbers: [...new Set(numbers)].sort(), accounts: [...new Set(accounts)].sort() };
  }, [graph.data, phones.data]);
}
