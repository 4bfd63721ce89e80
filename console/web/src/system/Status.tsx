import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { SwitchStatus } from "../api/types";
import { type Key, useT } from "../i18n";
import { dateTime, number } from "../lib/format";
import { useZone } from "../session/zone";
import { Icon } from "../ui/Icon";
import { Loaded } from "../ui/Page";

export default function Status() {
  const { t, lang } = useT();
  const zone = useZone();
  const q = useQuery({ queryKey: ["status"], queryFn: () => get<SwitchStatus>("/status"), refetchInterval: 5000 });
  return (
    <Loaded q={q}>
      {s => {
        const lost = (s.network?.sip_dropped ?? 0) + (s.network?.rtp_dropped ?? 0) + (s.network?.sip_shed ?? 0);
        return (
          <>
            {s.records?.degraded && <Warning text={`${t("system.degraded")} ${s.records.error ?? ""}`} />}
            {(s.records?.lost ?? 0) > 0 && <Warning text={t("system.lost", { count: s.records!.lost })} />}
            {lost > 0 && <Warning text={t("system.dropped", { count: lost })} />}
            <dl className="rw-panel rw-facts">
              <Fact name="system.calls">{number(s.calls, lang)}</Fact>
              <Fact name="board.waiting">{number(s.waiting, lang)}</Fact>
              <Fact name="system.agents">{number(s.agents, lang)}</Fact>
              <Fact name="system.bindings">{number(s.bindings, lang)}</Fact>
              <Fact name="system.unsaved">{number(s.records?.waiting ?? 0, lang)}</Fact>
              <Fact name="system.node">{s.node}</Fact>
              <Fact name="system.version">{s.version}</Fact>
              <Fact name="call.plan">
                <span className="rw-mono">{s.config}</span>
              </Fact>
              <Fact name="system.started">{dateTime(Date.parse(s.started), zone, lang)}</Fact>
              <Fact name="card.zone">{s.zone}</Fact>
              <Fact name="system.listeners">
                {(s.listeners ?? []).map(l => (
                  <div key={l} className="rw-mono rw-nowrap">
                    {l}
                  </div>
                ))}
              </Fact>
            </dl>
          </>
        );
      }}
    </Loaded>
  );
}

function Warning({ text }: { text: string }) {
  return (
    <p className="rw-error rw-panel" role="alert">
      <Icon name="warn" size={16} /> {text}
    </p>
  );
}

function Fact({ name, children }: { name: Key; children: React.ReactNode }) {
  const { t } = useT();
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}
