import { ActionIcon, Autocomplete, Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { call } from "../api/client";
import { Problem } from "../api/problem";
import type { Customer } from "../api/types";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { words } from "../ui/toast";

const shown = ["id", "name", "number", "language", "region", "zone", "booking", "priority_seconds"];

/** CustomerForm adds a customer, or changes one at the version that was read: a change by somebody else in between is never lost. */
export function CustomerForm({
  customer,
  etag,
  done,
  cancel,
}: {
  customer?: Customer;
  etag?: string;
  done(c: Customer): void;
  cancel(): void;
}) {
  const { t } = useT();
  const queries = useQueryClient();
  const [c, setC] = useState<Customer>(customer ?? { id: "" });
  const [fields, setFields] = useState(() => Object.entries(customer?.fields ?? {}).map(([k, v], i) => ({ i, k, v })));
  const set = (change: Partial<Customer>) => setC(old => ({ ...old, ...change }));
  const zones = useMemo(() => (Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : []), []);
  const save = useMutation({
    mutationFn: async () => {
      const { notes: _, created: _c, updated: _u, version: _v, ...rest } = c;
      const body = { ...rest, fields: Object.fromEntries(fields.filter(f => f.k.trim()).map(f => [f.k.trim(), f.v])) };
      const path = customer ? `/customers/${encodeURIComponent(customer.id)}` : "/customers";
      return (await call<Customer | undefined>(customer ? "PUT" : "POST", path, { body, etag })).data ?? c;
    },
    onSuccess: saved => {
      void queries.invalidateQueries({ queryKey: ["customers"] });
      void queries.invalidateQueries({ queryKey: ["customer", saved.id] });
      done(saved);
    },
  });
  const p = save.error instanceof Problem ? save.error : null;
  const said = save.error ? words(save.error, ...shown) : "";
  const text = (key: "name" | "number" | "language" | "region" | "booking", label: string, extra: object = {}) => (
    <TextInput
      label={label}
      value={c[key] ?? ""}
      onChange={e => set({ [key]: e.currentTarget.value })}
      error={p?.at(key)}
      autoComplete="off"
      {...extra}
    />
  );
  return (
    <form
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
            value={c.id}
            onChange={e => set({ id: e.currentTarget.value })}
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
          value={c.zone ?? ""}
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
          value={c.priority_seconds ?? 0}
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
      {said && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {said}
        </p>
      )}
      <div className="rw-row rw-end">
        <Button variant="default" onClick={cancel}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t("common.save")}
        </Button>
      </div>
    </form>
  );
}
