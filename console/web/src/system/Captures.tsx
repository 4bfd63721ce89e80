import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { del, post } from "../api/client";
import { all } from "../api/list";
import { Problem } from "../api/problem";
import { useT } from "../i18n";
import { clockTime, number } from "../lib/format";
import { useZone } from "../session/zone";
import { ConfirmButton } from "../ui/Confirm";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { Table } from "../ui/Table";
import { toastProblem, words } from "../ui/toast";

interface Capture {
  id: string;
  filter: { kind: string; value: string };
  state: "running" | "full" | "over";
  started: string;
  until: string;
  by: string;
  messages: number;
  bytes: number;
  strange?: boolean; // no account of that name
}

const path = (c: Capture) => `/captures/${encodeURIComponent(c.id)}`;

const tones = { running: "good", full: "hold", over: "off" } as const;

/** Captures: SIP messages of one call, account or address, kept for a while as a file for Wireshark. */
export default function Captures() {
  const { t, or, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const again = () => void queries.invalidateQueries({ queryKey: ["captures"] });
  const q = useQuery({
    queryKey: ["captures"],
    queryFn: () => all<Capture>("/captures"),
    refetchInterval: r => (r.state.data?.some(c => c.state === "running") ? 2000 : 15_000),
  });
  const stop = useMutation({
    mutationFn: (c: Capture) => post(`${path(c)}/stop`),
    onError: toastProblem,
    onSettled: again,
  });
  return (
    <>
      <Start done={again} />
      <Loaded q={q}>
        {captures =>
          captures.length === 0 ? (
            <Empty icon="download" title={t("capture.none")} hint={t("capture.hint")} />
          ) : (
            <Table
              rows={captures.toReversed()}
              id={c => c.id}
              columns={[
                {
                  head: t("capture.of"),
                  cell: c => (
                    <>
                      {or("capture.kind", c.filter.kind)} <b className="rw-mono">{c.filter.value}</b>
                      {c.strange && <div className="rw-dim rw-small">{t("capture.strange")}</div>}
                    </>
                  ),
                },
                {
                  head: t("board.state"),
                  cell: c => (
                    <span className="rw-badge" data-tone={tones[c.state]}>
                      <span className="rw-badge-dot" aria-hidden="true" />
                      {or("capture.state", c.state)}
                    </span>
                  ),
                },
                { head: t("system.who"), cell: c => c.by },
                { head: t("system.until"), cell: c => clockTime(Date.parse(c.until), zone, lang, true), className: "rw-num" },
                {
                  head: t("capture.messages"),
                  cell: c => `${number(c.messages, lang)} · ${number(c.bytes / 1024, lang, 1)} KB`,
                  right: true,
                  className: "rw-nowrap",
                },
              ]}
              actions={c => (
                <>
                  {c.state === "running" && (
                    <Button size="compact-sm" variant="default" onClick={() => stop.mutate(c)}>
                      {t("capture.stop")}
                    </Button>
                  )}
                  <Button
                    size="compact-sm"
                    variant="default"
                    component="a"
                    href={`/api/v1${path(c)}/pcap`}
                    download
                    leftSection={<Icon name="download" size={14} />}
                  >
                    pcap
                  </Button>
                  <ConfirmButton
                    label={t("common.remove")}
                    of={c.filter.value}
                    title={t("capture.remove")}
                    yes={t("common.remove")}
                    act={() => del(path(c))}
                    done={again}
                  >
                    <p>{t("capture.remove_hint", { name: c.filter.value, messages: number(c.messages, lang) })}</p>
                  </ConfirmButton>
                </>
              )}
            />
          )
        }
      </Loaded>
    </>
  );
}

function Start({ done }: { done(): void }) {
  const { t } = useT();
  const [kind, setKind] = useState("account");
  const [value, setValue] = useState("");
  const [seconds, setSeconds] = useState<number | string>(300);
  const start = useMutation({
    mutationFn: () => post<Capture>("/captures", { filter: { kind, value: value.trim() }, seconds: Number(seconds) }),
    onSuccess: () => setValue(""),
    onSettled: done,
  });
  const p = start.error instanceof Problem ? start.error : null;
  const rest = start.error ? words(start.error, "value", "seconds") : "";
  return (
    <form
      className="rw-panel rw-formgrid rw-keysbar"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        start.mutate();
      }}
    >
      <Select
        label={t("capture.of")}
        data={[
          { value: "account", label: t("capture.kind.account") },
          { value: "address", label: t("capture.kind.address") },
          { value: "call", label: t("capture.kind.call") },
        ]}
        value={kind}
        onChange={v => v && setKind(v)}
        allowDeselect={false}
      />
      <TextInput
        label={t("capture.value")}
        placeholder={kind === "address" ? "192.0.2.7" : undefined}
        value={value}
        onChange={e => setValue(e.currentTarget.value)}
        error={p?.at("value")}
        required
        autoComplete="off"
      />
      <NumberInput
        label={t("capture.seconds")}
        min={1}
        max={3600}
        value={seconds}
        onChange={setSeconds}
        error={p?.at("seconds")}
        allowDecimal={false}
      />
      <Button type="submit" loading={start.isPending}>
        {t("capture.start")}
      </Button>
      {rest && (
        <p className="rw-error" role="alert">
          <Icon name="warn" size={16} /> {rest}
        </p>
      )}
    </form>
  );
}
