import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { get, post } from "../api/client";
import { list } from "../api/list";
import type { Binding, LiveCall, Trunk } from "../api/types";
import { useT } from "../i18n";
import { since } from "../lib/clock";
import { clockTime, duration } from "../lib/format";
import { useNow } from "../lib/ticker";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { toastProblem } from "../ui/toast";

export default function Live() {
  const { t } = useT();
  return (
    <>
      <h2 className="rw-h2">{t("system.live_calls")}</h2>
      <LiveCalls />
      <Trunks />
      <h2 className="rw-h2">{t("system.bindings")}</h2>
      <Bindings />
    </>
  );
}

function LiveCalls() {
  const { t, or } = useT();
  const now = useNow();
  const queries = useQueryClient();
  const q = useQuery({
    queryKey: ["live-calls"],
    queryFn: () => get<unknown>("/live-calls").then(list<LiveCall>),
    refetchInterval: 2000,
  });
  const end = useMutation({
    mutationFn: (id: string) => post(`/live-calls/${encodeURIComponent(id)}/hangup`),
    onError: toastProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ["live-calls"] }),
  });
  return (
    <Loaded q={q}>
      {all =>
        all.length === 0 ? (
          <Empty icon="phone" title={t("system.no_calls")} />
        ) : (
          <div className="rw-tablebox" tabIndex={0}>
            <table className="rw-table">
              <thead>
                <tr>
                  <th>{t("calls.caller")}</th>
                  <th>{t("call.dialled")}</th>
                  <th>{t("board.state")}</th>
                  <th>{t("calls.agent")}</th>
                  <th className="rw-right">{t("calls.length")}</th>
                  <th>
                    <span className="rw-sr">{t("common.more_actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map(c => (
                  <tr key={c.id}>
                    <td>
                      <Link className="rw-link" href={`/calls/${encodeURIComponent(c.id)}`}>
                        {c.caller || c.id}
                      </Link>{" "}
                      <span className="rw-dim">{or("kind", c.kind)}</span>
                    </td>
                    <td>{c.dialed}</td>
                    <td>{or("state", c.state)}</td>
                    <td>{c.agent}</td>
                    <td className="rw-right rw-num">{duration(since(c.start, now) / 1000)}</td>
                    <td className="rw-right">
                      <Button
                        size="compact-sm"
                        variant="default"
                        c="var(--rw-bad)"
                        leftSection={<Icon name="hangup" size={14} />}
                        onClick={() => end.mutate(c.id)}
                      >
                        {t("desk.hang_up")}
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
  );
}

function Trunks() {
  const { t } = useT();
  const q = useQuery({ queryKey: ["trunks"], queryFn: () => get<unknown>("/trunks").then(list<Trunk>), refetchInterval: 10_000 });
  if (!q.data?.length) return null;
  return (
    <>
      <h2 className="rw-h2">{t("system.trunks")}</h2>
      <div className="rw-tablebox" tabIndex={0}>
        <table className="rw-table">
          <tbody>
            {q.data.map(k => (
              <tr key={k.name}>
                <td>
                  <b>{k.name}</b>
                </td>
                <td>
                  <span className="rw-badge" data-tone={k.reachable ? "good" : "bad"}>
                    <span className="rw-badge-dot" aria-hidden="true" />
                    {t(k.reachable ? "system.reachable" : "system.unreachable")}
                  </span>
                </td>
                <td className="rw-mono">{(k.targets ?? []).join(", ")}</td>
                <td className="rw-num rw-right">
                  {k.calls}
                  {k.limit ? ` / ${k.limit}` : ""}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Bindings() {
  const { t, lang } = useT();
  const zone = useZone();
  const q = useQuery({
    queryKey: ["bindings"],
    queryFn: () => get<unknown>("/bindings").then(list<Binding>),
    refetchInterval: 10_000,
  });
  return (
    <Loaded q={q}>
      {all => (
        <div className="rw-tablebox" tabIndex={0}>
          <table className="rw-table">
            <thead>
              <tr>
                <th>AOR</th>
                <th>Contact</th>
                <th>{t("leg.phone")}</th>
                <th>{t("system.until")}</th>
              </tr>
            </thead>
            <tbody>
              {all.map(b => (
                <tr key={b.aor + b.contact}>
                  <td className="rw-mono">{b.aor}</td>
                  <td className="rw-mono rw-dim">{b.contact}</td>
                  <td>{b.user_agent}</td>
                  <td className="rw-num">{clockTime(Date.parse(b.expires), zone, lang, true)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  );
}
