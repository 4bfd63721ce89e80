import { ActionIcon, Autocomplete, Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { call } from "../api/client";
import { Problem } from "../api/problem";
import type { Customer } from "../api/types";
import { type Key, useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { words } from "../ui/toast";
import { type Clash, clashes, type Editable, editable, overlay, texts } from "./edit";

const shown = ["id", ...texts, "priority_seconds"];

interface Props {
  customer?: Customer;
  etag?: string;
  done(c: { id: string }): void;
  cancel(): void;
}

interface Version {
  of: Editable;
  etag?: string;
}

const rows = (fields: Record<string, string>) => Object.entries(fields).map(([k, v], i) => ({ i, k, v }));

/** CustomerForm adds a customer, or changes one at the version that was read: a change by somebody else in between is never lost,
    and neither is what was typed here. */
export function CustomerForm({ customer, etag, done, cancel }: Props) {
  const { t } = useT();
  const queries = useQueryClient();
  // The version that is edited is that of the opening: what the page behind reads meanwhile must not pass for read here.
  const [base, setBase] = useState<Version>(() => ({ of: editable(customer ?? {}), etag }));
  const [id, setId] = useState(customer?.id ?? "");
  const [c, setC] = useState(base.of);
  const [fields, setFields] = useState(() => rows(base.of.fields));
  const [newer, setNewer] = useState<Version>();
  const set = (change: Partial<Editable>) => setC(old => ({ ...old, ...change }));
  const zones = useMemo(() => (Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : []), []);
  const path = `/customers/${encodeURIComponent(id)}`;
  const typed = () => ({ ...c, fields: Object.fromEntries(fields.filter(f => f.k.trim()).map(f => [f.k.trim(), f.v])) });
  const save = useMutation({
    mutationFn: () =>
      customer ? call("PUT", path, { body: typed(), etag: base.etag }) : call("POST", "/customers", { body: { id, ...typed() } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["customers"] });
      void queries.invalidateQueries({ queryKey: ["customer", id] });
      done({ id });
    },
    onError: async e => {
      if (!customer || !(e instanceof Problem) || e.status !== 412) return;
      const now = await call<Customer>("GET", path).catch(() => null);
      if (now) setNewer({ of: editable(now.data), etag: now.etag });
    },
  });
  const goOn = (next: Editable) => {
    if (!newer) return;
    setBase(newer);
    setC(next);
    setFields(rows(next.fields));
    setNewer(undefined);
    save.reset();
  };
  // Who can't see where the fault is gets there by the focus.
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (save.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [save.error]);
  const p = save.error instanceof Problem ? save.error : null;
  const said = save.error && !newer ? words(save.error, ...shown) : "";
  const text = (key: (typeof texts)[number], label: string, extra: object = {}) => (
    <TextInput
      label={label}
      value={c[key]}
      onChange={e => set({ [key]: e.currentTarget.value })}
      error={p?.at(key)}
      autoComplete="off"
      {...extra}
    />
  );
  return (
    <form
      ref={form}
      className="rw-stack"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        save.mutate();
      }}
    >
      <div className="rw-formgrid">
        {!customer && (
          <TextInput
            label={t("customer.id")}
            description={t("customer.id_hint")}
            required
            value={id}
            onChange={e => setId(e.currentTarget.value.trim())}
            error={p?.at("id")}
          />
        )}
        {text("name", t("customer.name"), { "data-autofocus": true })}
        {text("number", t("card.number"), { inputMode: "tel" })}
        {text("language", t("card.language"), { placeholder: "zh-TW", description: "BCP 47" })}
        {text("region", t("card.region"), { placeholder: "TW", description: "ISO 3166" })}
        <Autocomplete
          label={t("card.zone")}
          data={zones}
          limit={12}
          value={c.zone}
          onChange={zone => set({ zone })}
          error={p?.at("zone")}
          description="IANA"
          placeholder="Asia/Taipei"
        />
        {text("booking", t("card.booking"))}
        <NumberInput
          label={t("card.priority")}
          description={t("customer.priority_hint")}
          min={0}
          suffix=" s"
          value={c.priority_seconds}
          onChange={v => set({ priority_seconds: Number(v) || 0 })}
          error={p?.at("priority_seconds")}
        />
      </div>
      <fieldset className="rw-fieldset">
        <legend>{t("customer.fields")}</legend>
        {fields.map(f => (
          <div className="rw-row rw-fieldrow" key={f.i}>
            <TextInput
              aria-label={t("customer.field_name")}
              placeholder={t("customer.field_name")}
              value={f.k}
              onChange={e => setFields(all => all.map(x => (x.i === f.i ? { ...x, k: e.target.value } : x)))}
            />
            <TextInput
              aria-label={t("customer.field_value")}
              placeholder={t("customer.field_value")}
              value={f.v}
              onChange={e => setFields(all => all.map(x => (x.i === f.i ? { ...x, v: e.target.value } : x)))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("common.remove")}
              onClick={() => setFields(all => all.filter(x => x.i !== f.i))}
            >
              <Icon name="x" size={16} />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => setFields(all => [...all, { i: Math.max(0, ...all.map(f => f.i)) + 1, k: "", v: "" }])}
        >
          {t("customer.add_field")}
        </Button>
      </fieldset>
      {newer && (
        <Newer
          all={clashes(base.of, typed(), newer.of)}
          take={() => goOn(newer.of)}
          keep={() => goOn(overlay(base.of, typed(), newer.of))}
        />
      )}
      {said && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {said}
        </p>
      )}
      <div className="rw-row rw-end">
        <Button variant="default" onClick={cancel}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} disabled={!!newer}>
          {t("common.save")}
        </Button>
      </div>
    </form>
  );
}

const labels: Record<string, Key> = {
  name: "customer.name",
  number: "card.number",
  language: "card.language",
  region: "card.region",
  zone: "card.zone",
  booking: "card.booking",
  priority_seconds: "card.priority",
};

/** Newer says what somebody else changed while this form was open, and what may become of it. */
function Newer({ all, take, keep }: { all: Clash[]; take(): void; keep(): void }) {
  const { t } = useT();
  return (
    <div className="rw-notice" data-kind="bad" role="alert">
      <p>{t("customer.changed")}</p>
      <ul className="rw-clashes">
        {all.map(x => (
          <li key={x.key}>
            <b>{labels[x.key] ? t(labels[x.key]!) : x.key.replace(/^fields\./, "")}</b>:{" "}
            {x.theirs || <span className="rw-dim">{t("customer.emptied")}</span>}
            {x.mine !== undefined && (
              <span className="rw-dim">
                {" "}
                · {t("customer.yours")} {x.mine || t("customer.emptied")}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className="rw-row">
        <Button size="xs" variant="default" onClick={keep}>
          {t("customer.keep_mine")}
        </Button>
        <Button size="xs" variant="default" onClick={take}>
          {t("customer.take_theirs")}
        </Button>
      </div>
    </div>
  );
}
