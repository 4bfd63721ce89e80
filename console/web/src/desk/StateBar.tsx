import { ActionIcon, Badge, Button, Checkbox, Menu, Popover, Switch, Tooltip } from "@mantine/core";
import type { DeskState } from "../api/types";
import { useT } from "../i18n";
import { since } from "../lib/clock";
import { duration } from "../lib/format";
import { useNow } from "../lib/ticker";
import { Icon } from "../ui/Icon";
import { act } from "./actions";
import { SoundMenu } from "./SoundMenu";
import { moves, norm, tone } from "./states";
import { useAct } from "./useAct";

export function StateBar({ s, onKeys }: { s: DeskState; onKeys(): void }) {
  const { t, or } = useT();
  const a = s.agent;
  return (
    <header className="rw-statebar" data-tone={tone(a.state)}>
      <div className="rw-state">
        <span className="rw-state-dot" aria-hidden="true" />
        <div>
          <h1 className="rw-state-word">
            {or("state", norm(a.state))}
            {a.reason && <span className="rw-state-reason"> · {or("reason", a.reason)}</span>}
          </h1>
          <div className="rw-state-sub">
            <Timer from={a.since} />
            {a.next && (
              <span>
                {" "}
                · {t("desk.then")} {or("state", norm(a.next.state))}
                {a.next.reason && ` (${or("reason", a.next.reason)})`}
              </span>
            )}
          </div>
        </div>
      </div>
      <StateButtons s={s} />
      <div className="rw-grow" />
      {!a.reachable && (
        <Tooltip label={t("desk.unreachable_hint")} multiline w={260}>
          <Badge tt="none" color="red" variant="light" size="lg" leftSection={<Icon name="warn" size={14} />} tabIndex={0}>
            {t("desk.unreachable")}
          </Badge>
        </Tooltip>
      )}
      <Queues s={s} />
      <SoundMenu />
      <Tooltip label={`${t("keys.title")} (?)`}>
        <ActionIcon data-keys variant="subtle" color="gray" size="lg" onClick={onKeys} aria-label={t("keys.title")}>
          <Icon name="keyboard" />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

export function Timer({ from, base = 0 }: { from: string; base?: number }) {
  const now = useNow();
  return <span className="rw-num">{duration(base + since(from, now) / 1000)}</span>;
}

function StateButtons({ s }: { s: DeskState }) {
  const { t, or } = useT();
  const m = moves(s);
  const [run, busy] = useAct();
  const reasons = s.reasons ?? [];
  const notReady = (reason: string) => run(m.next ? act.next("not_ready", reason) : act.notReady(reason));
  const nextIs = norm(s.agent.next?.state ?? "");
  return (
    <div className="rw-row">
      {(m.ready || (m.next && s.agent.next && nextIs !== "available")) && (
        <Button
          color="green"
          loading={busy}
          leftSection={<Icon name="check" size={16} />}
          variant={m.next ? "default" : "filled"}
          onClick={() => run(m.next ? act.next() : act.ready())}
        >
          {m.next ? t("desk.next_ready") : t("desk.ready")}
        </Button>
      )}
      <Menu position="bottom-start" withinPortal trigger="click">
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="pause" size={16} />} rightSection={<Icon name="down" size={14} />}>
            {m.next ? t("desk.next") : norm(s.agent.state) === "not_ready" ? t("desk.other_reason") : t("desk.not_ready")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{m.next ? t("desk.next_hint") : t("desk.why")}</Menu.Label>
          {(reasons.length ? reasons : ["break"]).map(r => (
            <Menu.Item key={r} onClick={() => notReady(r)}>
              {or("reason", r)}
            </Menu.Item>
          ))}
          {m.next && s.agent.next && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => run(act.next())}>{t("desk.next_clear")}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Queues({ s }: { s: DeskState }) {
  const { t } = useT();
  const [run] = useAct();
  const joined = new Set(s.agent.joined ?? []);
  const may = s.agent.may_join ?? [];
  const all = may.length > 0 && may.every(q => joined.has(q.name));
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="queue" size={16} />}>
          {t("desk.queues")}
          <span className="rw-count" data-zero={joined.size === 0 || undefined}>
            {joined.size}/{may.length}
          </span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="md" miw={260}>
        {may.length === 0 && <p className="rw-dim">{t("desk.no_queues")}</p>}
        {may.length > 1 && (
          <Checkbox
            mb="sm"
            label={t("desk.all_queues")}
            checked={all}
            indeterminate={!all && joined.size > 0}
            onChange={() => run(all ? act.leave() : act.join())}
          />
        )}
        <div className="rw-stack">
          {may.map(q => (
            <Switch
              key={q.name}
              label={
                <span>
                  {q.name}
                  {q.number && <span className="rw-dim"> {q.number}</span>}
                </span>
              }
              checked={joined.has(q.name)}
              onChange={e => run(e.currentTarget.checked ? act.join(q.name) : act.leave(q.name))}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
