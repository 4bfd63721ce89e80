import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { del, get, post } from "../api/client";
import { list } from "../api/list";
import { Problem } from "../api/problem";
import { useT } from "../i18n";
import { clockTime, number } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
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
}

const tones = { running: "good", full: "hold", over: "off" } as const;

/** Captures: SIP messages of one call, account or address, kept for a while as a file for Wireshark. */
export default function Captures() {
  const { t, or, lang } = useT();
  const zone = useZone();
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ["captures"] });
  const q = useQuery({
    queryKey: ["captures"],
    queryFn: () => get<unknown>("/captures").then(list<Capture>),
    refetchInterval: r => (r.state.data?.some(c => c.state === "running") ? 2000 : 15_000),
  });
  const act = useMutation({
    mutationFn: ({ c, what }: { c: Capture; what: "stop" | "remove" }) =>
      what === "stop" ? post(`/captures/${encodeURIComponent(c.id)}/stop`) : del(`/captures/${encodeURIComponent(c.id)}`),
    onError: toastProblem,
    onSettled: again,
  });
  return (
    <>
      <Start done={again} />
      <Loaded q={q}>
        {all =>
          all.length === 0 ? (
            <Empty icon="download" title={t("capture.none")} hint={t("capture.hint")} />
          ) : (
            <div className="rw-tablebox" tabIndex={0}>
              <table className="rw-table">
                <thead>
                  <tr>
                    <th>{t("capture.of")}</th>
                    <th>{t("board.state")}</th>
                    <th>{t("system.who")}</th>
                    <th>{t("system.until")}</th>
                    <th className="rw-right">{t("capture.messages")}</th>
                    <th>
                      <span className="rw-sr">{t("common.more_actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {[...all].reverse().map(c => (
                    <tr key={c.id}>
                      <td>
                        {or("capture.kind", c.filter.kind)} <b className="rw-mono">{c.filter.value}</b>
                      </td>
                      <td>
                        <span className="rw-badge" data-tone={tones[c.state]}>
                          <span className="rw-badge-dot" aria-hidden="true" />
                          {or("capture.state", c.state)}
                        </span>
                      </td>
                      <td>{c.by}</td>
                      <td className="rw-num">{clockTime(Date.parse(c.until), zone, lang, true)}</td>
                      <td className="rw-num rw-right rw-nowrap">
                        {number(c.messages, lang)} · {number(c.bytes / 1024, lang, 1)} KB
                      </td>
                      <td className="rw-right rw-nowrap">
                        {c.state === "running" && (
                          <Button size="compact-sm" variant="default" mr={6} onClick={() => act.mutate({ c, what: "stop" })}>
                            {t("capture.stop")}
                          </Button>
                        )}
                        <Button
                          size="compact-sm"
                          variant="default"
                          mr={6}
                          component="a"
                          href={`/api/v1/captures/${encodeURIComponent(c.id)}/pcap`}
                          download
                          leftSection={<Icon name="download" size={14} />}
                        >
                          pcap
                        </Button>
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          c="var(--rw-bad)"
                          onClick={() => act.mutate({ c, what: "remove" })}
                        >
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
