import { Button, Checkbox, Modal, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { del, get, post } from "../api/client";
import { all } from "../api/list";
import { Problem } from "../api/problem";
import type { KeyRow } from "../api/types";
import { useT } from "../i18n";
import { dateTime } from "../lib/format";
import { useZone } from "../session/zone";
import { ConfirmButton } from "../ui/Confirm";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { Table } from "../ui/Table";
import { words } from "../ui/toast";
import { Copyable } from "./People";

export default function Keys() {
  const { t, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const [adding, setAdding] = useState(false);
  const q = useQuery({ queryKey: ["keys"], queryFn: () => all<KeyRow>("/keys") });
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
        {keys =>
          keys.length === 0 ? (
            <Empty icon="shield" title={t("keysys.none")} />
          ) : (
            <Table
              rows={keys}
              id={k => k.id}
              columns={[
                {
                  head: t("keysys.name"),
                  cell: k => (
                    <>
                      <b>{k.name}</b> <span className="rw-dim rw-mono">{k.id}</span>
                    </>
                  ),
                },
                { head: t("keysys.scopes"), cell: k => (k.scopes ?? []).join(" "), className: "rw-mono" },
                { head: t("keysys.used"), cell: k => time(k.used) },
                { head: t("system.until"), cell: k => time(k.expires) },
              ]}
              actions={k => (
                <ConfirmButton
                  label={t("keysys.revoke")}
                  of={k.name}
                  title={t("keysys.revoke")}
                  act={() => del(`/keys/${encodeURIComponent(k.id)}`)}
                  done={() => void queries.invalidateQueries({ queryKey: ["keys"] })}
                >
                  <p>{t("keysys.revoke_hint", { name: k.name })}</p>
                </ConfirmButton>
              )}
            />
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
    queryFn: () => get<string[]>("/keys/scopes"),
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
        label={t("keysys.name")}
        required
        data-autofocus
        value={name}
        onChange={e => setName(e.currentTarget.value)}
        error={p?.at("name")}
      />
      <Checkbox.Group label={t("keysys.scopes")} value={chosen} onChange={setChosen} error={p?.at("scopes")}>
        <div className="rw-scopes">
          {(scopes.data ?? []).map(s => (
            <Checkbox key={s} value={s} label={<span className="rw-mono">{s}</span>} />
          ))}
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
