import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { post } from "../api/client";
import { all } from "../api/list";
import type { Binding, LiveCall, Trunk } from "../api/types";
import { useT } from "../i18n";
import { since } from "../lib/clock";
import { clockTime, duration } from "../lib/format";
import { useNow } from "../lib/ticker";
import { useZone } from "../session/zone";
import { ConfirmButton } from "../ui/Confirm";
import { Icon } from "../ui/Icon";
import { Empty, Loaded } from "../ui/Page";
import { Table } from "../ui/Table";

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
    queryFn: () => all<LiveCall>("/live-calls"),
    refetchInterval: 2000,
  });
  return (
    <Loaded q={q}>
      {calls =>
        calls.length === 0 ? (
          <Empty icon="phone" title={t("system.no_calls")} />
        ) : (
          <Table
            rows={calls}
            id={c => c.id}
            columns={[
              {
                head: t("calls.caller"),
                cell: c => (
                  <>
                    <Link className="rw-link" href={`/calls/${encodeURIComponent(c.id)}`}>
                      {c.caller || c.id}
                    </Link>{" "}
                    <span className="rw-dim">{or("kind", c.kind)}</span>
                    {c.parent && <ConsultOf id={c.parent} caller={calls.find(p => p.id === c.parent)?.caller} />}
                  </>
                ),
              },
              { head: t("call.dialled"), cell: c => c.dialed },
              { head: t("board.state"), cell: c => or("callstate", c.state) },
              { head: t("calls.agent"), cell: c => c.agent },
              { head: t("calls.length"), cell: c => duration(since(c.start, now) / 1000), right: true },
            ]}
            actions={c => (
              <ConfirmButton
                leftSection={<Icon name="hangup" size={14} />}
                label={t("desk.hang_up")}
                of={c.caller || c.id}
                title={t("system.hang_up")}
                yes={t("desk.hang_up")}
                act={() => post(`/live-calls/${encodeURIComponent(c.id)}/hangup`)}
                done={() => void queries.invalidateQueries({ queryKey: ["live-calls"] })}
              >
                <p>{t("system.hang_up_hint", { name: c.caller || c.id })}</p>
              </ConfirmButton>
            )}
          />
        )
      }
    </Loaded>
  );
}

/** ConsultOf leads to the call for which an agent asks somebody. */
function ConsultOf({ id, caller }: { id: string; caller: string | undefined }) {
  const { t } = useT();
  return (
    <div className="rw-dim rw-small">
      {t("call.consult_of")}{" "}
      <Link className="rw-link" href={`/calls/${encodeURIComponent(id)}`}>
        {caller || id}
      </Link>
    </div>
  );
}

function Trunks() {
  const { t } = useT();
  const q = useQuery({ queryKey: ["trunks"], queryFn: () => all<Trunk>("/trunks"), refetchInterval: 10_000 });
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
    queryFn: () => all<Binding>("/bindings"),
    refetchInterval: 10_000,
  });
  return (
    <Loaded q={q}>
      {phones => (
        <Table
          rows={phones}
          id={b => b.aor + b.contact}
          columns={[
            { head: "AOR", cell: b => b.aor, className: "rw-mono" },
            { head: t("system.contact"), cell: b => b.contact, className: "rw-mono rw-dim" },
            { head: t("leg.phone"), cell: b => b.user_agent },
            { head: t("system.until"), cell: b => clockTime(Date.parse(b.expires), zone, lang, true), className: "rw-num" },
          ]}
        />
      )}
    </Loaded>
  );
}
