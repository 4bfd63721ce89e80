import { ActionIcon, Autocomplete, Button, Checkbox, MultiSelect, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem";
import { type Key, useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { type Asked, outcomes, type PhoneRow } from "./request";

interface Props {
  a: Asked;
  set(next: Partial<Asked>): void;
  p: Problem | null;
}

const seconds = { min: 0, max: 14400, suffix: " s", hideControls: true } as const;

/** Acts are what the caller does: keys at moments, and the hang-up. */
export function Acts({ a, set, p, children }: Props & { children: ReactNode }) {
  const { t } = useT();
  return (
    <fieldset className="rw-fieldset rw-stack rw-sim-set">
      <legend>{t("sim.acts")}</legend>
      {children}
      <Rows
        all={a.press}
        add="sim.press_add"
        fresh={{ after: "", keys: "" }}
        change={press => set({ press })}
        row={(r, edit, i) => (
          <>
            <TextInput
              aria-label={t("sim.press_keys")}
              placeholder="1, #"
              value={r.keys}
              onChange={e => edit({ keys: e.currentTarget.value })}
              error={p?.exactly(`body.press[${i}].keys`)}
              autoComplete="off"
            />
            <NumberInput
              {...seconds}
              aria-label={t("sim.press_after")}
              placeholder={t("sim.press_after")}
              value={r.after}
              onChange={after => edit({ after })}
              error={p?.exactly(`body.press[${i}].after_seconds`)}
            />
          </>
        )}
      />
      <NumberInput
        {...seconds}
        label={t("sim.hang_up")}
        description={t("sim.hang_up_hint")}
        value={a.hangUp}
        onChange={hangUp => set({ hangUp })}
        error={p?.at("hang_up_seconds")}
      />
    </fieldset>
  );
}

/** People are who is there, whatever they do at present, and whether the call comes behind those who wait. */
export function People({ a, set, p, people, children }: Props & { people: Named[]; children: ReactNode }) {
  const { t } = useT();
  const pick = (field: "joined" | "away", other: string[], label: Key) => (
    <MultiSelect
      label={t(label)}
      data={people.filter(x => !other.includes(x.value))}
      value={a[field]}
      onChange={ids => set({ [field]: ids })}
      error={a[field].map((_, i) => p?.exactly(`body.${field}[${i}]`)).find(Boolean)}
      searchable
      clearable
      hidePickedOptions
      nothingFoundMessage="–"
      clearButtonProps={{ "aria-label": t("common.remove") }}
    />
  );
  return (
    <fieldset className="rw-fieldset rw-stack rw-sim-set">
      <legend>{t("sim.agents")}</legend>
      {children}
      {a.agents !== "all" && pick("joined", a.away, "sim.joined")}
      {a.agents !== "none" && pick("away", a.joined, "sim.away")}
      <Checkbox
        label={t("sim.behind")}
        description={t("sim.behind_hint")}
        checked={a.behind}
        onChange={e => set({ behind: e.currentTarget.checked })}
        error={p?.at("behind")}
      />
    </fieldset>
  );
}

export interface Named {
  value: string;
  label: string;
}

/** Phones are what a phone does when it rings: all of them, and those of some. */
export function Phones({ a, set, p, people, accounts }: Props & { people: Named[]; accounts: string[] }) {
  const { t } = useT();
  const names = [...new Set([...people.map(x => x.value), ...accounts])];
  const named = (id: string) => people.find(x => x.value === id)?.label;
  const does = (r: Omit<PhoneRow, "who">, edit: (next: Partial<PhoneRow>) => void, at: string) => (
    <>
      <NativeSelect
        aria-label={t("sim.phone_does")}
        value={r.outcome}
        onChange={e => edit({ outcome: e.currentTarget.value })}
        data={outcomes.map(o => ({ value: o, label: t(`simphone.${o}` as Key) }))}
        error={p?.exactly(`${at}.outcome`)}
      />
      {(r.outcome === "answered" || r.outcome === "declined") && (
        <NumberInput
          {...seconds}
          aria-label={t("sim.phone_after")}
          placeholder={t("sim.phone_after")}
          max={3600}
          value={r.after}
          onChange={after => edit({ after })}
          error={p?.exactly(`${at}.answer_seconds`)}
        />
      )}
    </>
  );
  return (
    <fieldset className="rw-fieldset rw-stack rw-sim-set">
      <legend>{t("sim.phones")}</legend>
      <div>
        <span className="rw-label">{t("sim.others")}</span>
        <div className="rw-row rw-sim-row">
          {does(a.others, next => set({ others: { ...a.others, ...next } }), "body.others")}
        </div>
      </div>
      <Rows
        kind="phone"
        all={a.phones}
        add="sim.phone_add"
        fresh={{ who: "", outcome: "declined", after: "" }}
        change={phones => set({ phones })}
        row={(r, edit) => (
          <>
            <Autocomplete
              aria-label={t("sim.phone_who")}
              placeholder={t("sim.phone_who")}
              data={names}
              value={r.who}
              onChange={who => edit({ who })}
              description={named(r.who)}
              inputWrapperOrder={["input", "description", "error"]}
              error={p?.exactly(`body.phones.${r.who.trim()}`)}
            />
            {does(r, edit, `body.phones.${r.who.trim()}`)}
          </>
        )}
      />
    </fieldset>
  );
}

interface RowsProps<T> {
  kind?: string;
  all: T[];
  add: Key;
  fresh: T;
  change(all: T[]): void;
  row(r: T, edit: (next: Partial<T>) => void, i: number): ReactNode;
}

/** Rows are any number of the same fields. */
function Rows<T>({ kind, all, add, fresh, change, row }: RowsProps<T>) {
  const { t } = useT();
  return (
    <div>
      {all.map((r, i) => (
        <div className="rw-row rw-sim-row" data-kind={kind} key={i}>
          {row(r, next => change(all.map((x, n) => (n === i ? { ...x, ...next } : x))), i)}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("common.remove")}
            onClick={() => change(all.filter((_, n) => n !== i))}
          >
            <Icon name="x" size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<Icon name="plus" size={14} />}
        onClick={() => change([...all, fresh])}
      >
        {t(add)}
      </Button>
    </div>
  );
}
