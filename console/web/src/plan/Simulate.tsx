import { Autocomplete, Button, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { get, post } from "../api/client";
import { all } from "../api/list";
import { Problem } from "../api/problem";
import type { AgentRow, Binding } from "../api/types";
import { type Key, useT } from "../i18n";
import { useStore } from "../lib/store";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { words } from "../ui/toast";
import { findingsOf } from "./ApplyDialog";
import { draft, edited } from "./draft";
import { Findings } from "./Findings";
import { dialable } from "./numbers";
import { type Asked, blank, request, tidy } from "./request";
import { SimResult } from "./SimResult";
import type { Graph, Simulated } from "./types";
import { Acts, People, Phones } from "./WhatIf";

const shown = ["exten", "account", "trunk", "number", "language", "region", "zone", "customer", "booking", "at", "digits"];
const acts = ["keys", "after_seconds", "hang_up_seconds", "behind", "joined", "away", "outcome", "answer_seconds"];

/** Simulate lets a made-up caller live through the plan, the draft included; nothing of it reaches the switch's calls. */
export default function Simulate() {
  const { t } = useT();
  const zone = useZone();
  const d = useStore(draft);
  const files = edited(d);
  const [a, setA] = useState<Asked>(blank);
  const set = (next: Partial<Asked>) => setA({ ...a, ...next });
  const run = useMutation({ mutationFn: (asked: Asked) => post<Simulated>("/dialplan/simulate", request(asked, files, zone)) });
  const p = run.error instanceof Problem ? run.error : null;
  const field = (key: Words, label: Key, extra: object = {}) => (
    <TextInput
      label={t(label)}
      value={a[key] ?? ""}
      onChange={e => set({ [key]: e.currentTarget.value })}
      error={p?.at(key)}
      autoComplete="off"
      {...extra}
    />
  );
  const names = useNames(a.who);
  return (
    <div className="rw-sim">
      <form
        className="rw-panel rw-stack"
        onSubmit={(e: FormEvent) => {
          e.preventDefault();
          const asked = tidy(a);
          setA(asked);
          run.mutate(asked);
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
            onChange={v => set({ who: v as Asked["who"] })}
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
            onChange={v => set({ account: v })}
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
          onChange={v => set({ exten: v })}
          error={p?.at("exten")}
          required
        />
        {field("number", "sim.number")}
        {field("at", "sim.at", { type: "datetime-local", description: zone })}
        <Acts a={a} set={set} p={p}>
          {field("digits", "sim.digits", { description: t("sim.digits_hint") })}
        </Acts>
        <People a={a} set={set} p={p} people={names.people}>
          <SegmentedControl
            fullWidth
            aria-label={t("sim.agents")}
            value={a.agents}
            onChange={v => set({ agents: v as Asked["agents"] })}
            data={[
              { value: "now", label: t("sim.agents_now") },
              { value: "all", label: t("sim.agents_all") },
              { value: "none", label: t("sim.agents_none") },
            ]}
          />
        </People>
        <Phones a={a} set={set} p={p} people={names.people} accounts={names.accounts} />
        {run.error && (
          <p className="rw-error" role="alert">
            <Icon name="warn" size={16} />
            {words(run.error, ...shown, ...acts, ...a.phones.map(r => r.who.trim())) || t("sim.see_fields")}
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

type Words = "exten" | "trunk" | "language" | "region" | "zone" | "booking" | "customer" | "number" | "at" | "digits";

/** useNames are what the form suggests. */
function useNames(who: Asked["who"]) {
  const graph = useQuery({ queryKey: ["dialplan-graph", {}], queryFn: () => get<Graph>("/dialplan/graph") });
  const phones = useQuery({ queryKey: ["bindings"], queryFn: () => all<Binding>("/bindings") });
  const agents = useQuery({ queryKey: ["agents"], queryFn: () => all<AgentRow>("/agents") });
  return useMemo(() => {
    const accounts = (phones.data ?? []).map(b => b.aor.replace(/^sips?:/, "").split("@")[0]!);
    const people = (agents.data ?? []).map(x => ({ value: x.id, label: x.name || x.id }));
    return { numbers: dialable(graph.data, who), accounts: [...new Set(accounts)].sort(), people };
  }, [graph.data, phones.data, agents.data, who]);
}
