import { Button, Checkbox, Modal, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { del, get, post } from "../api/client";
import { list } from "../api/list";
import { Problem } from "../api/problem";
import type { KeyRow } from "../api/types";
import { useT } from "../i18n";
import { dateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { toastProblem, words } from "../ui/toast";
import { Copyable } from "./People";

export default function Keys() {
  const { t, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const q = useQuery({ queryKey: ["keys"], queryFn: () => get<unknown>("/keys").then(list<KeyRow>) });
  const remove = useMutation({
    mutationFn: (id: string) => del(`/keys/${encodeURIComponent(id)}`),
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  const time = (at: string | null | undefined) => (at ? dateTime(Date.parse(at), zone, lang) : "–");
  return (
    <>
      <div className="rw-row rw-keysbar">
        <p className="rw-dim">{t("keysys.hint")}</p>
        <span className="rw-grow" />
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>
          {t("keysys.add")}
        </Button>
      </div>
      <Loaded q={q}>
        {all =>
          all.length === 0 ? (
            <Empty icon="shield" title={t("keysys.none")} />
          ) : (
            <div className="rw-tablebox" tabIndex={0}>
              <table className="rw-table">
                <thead>
                  <tr>
                    <th>{t("customer.name")}</th>
                    <th>{t("keysys.scopes")}</th>
                    <th>{t("keysys.used")}</th>
                    <th>{t("system.until")}</th>
                    <th>
                      <span className="rw-sr">{t("common.more_actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(k => (
                    <tr key={k.id}>
                      <td>
                        <b>{k.name}</b> <span className="rw-dim rw-mono">{k.id}</span>
                      </td>
                      <td className="rw-mono">{(k.scopes ?? []).join(" ")}</td>
                      <td>{time(k.used)}</td>
                      <td>{time(k.expires)}</td>
                      <td className="rw-right">
                        <Button size="compact-sm" variant="default" c="var(--rw-bad)" onClick={() => remove.mutate(k.id)}>
                          {t("common.remove")}
                        </Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("keysys.add")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <NewKey />
      </Modal>
    </>
  );
}

function NewKey() {
  const { t } = useT();
  const queries = useQueryClient();
  const scopes = useQuery({
    queryKey: ["scopes"],
    queryFn: () => get<unknown>("/keys/scopes").then(list<string | { scope: string }>),
  });
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | string>("");
  const [chosen, setChosen] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () =>
      post<{ key: string }>("/keys", { name: name.trim(), scopes: chosen, ...(Number(days) > 0 ? { days: Number(days) } : {}) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
  const p = make.error instanceof Problem ? make.error : null;
  if (make.data)
    return (
      <>
        <p className="rw-dim">{t("keysys.once")}</p>
        <Copyable text={make.data.key} />
      </>
    );
  return (
    <form
      className="rw-stack"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        make.mutate();
      }}
    >
      <TextInput
        label={t("customer.name")}
        required
        data-autofocus
        value={name}
        onChange={e => setName(e.currentTarget.value)}
        error={p?.at("name")}
      />
      <Checkbox.Group label={t("keysys.scopes")} value={chosen} onChange={setChosen} error={p?.at("scopes")}>
        <div className="rw-scopes">
          {(scopes.data ?? []).map(s => {
            const v = typeof s === "string" ? s : s.scope;
            return <Checkbox key={v} value={v} label={<span className="rw-mono">{v}</span>} />;
          })}
        </div>
      </Checkbox.Group>
      <NumberInput label={t("keysys.days")} min={1} max={3650} value={days} onChange={setDays} error={p?.at("days")} />
      {make.error && words(make.error, "name", "scopes", "days") && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {words(make.error, "name", "scopes", "days")}
        </p>
      )}
      <div className="rw-row rw-end">
        <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>
          {t("keysys.add")}
        </Button>
      </div>
    </form>
  );
}
