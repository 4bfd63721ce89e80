import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import type { Card, DeskState } from "../api/types";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { Icon } from "../ui/Icon";
import { act } from "./actions";
import { CallPanel } from "./CallPanel";
import { DispositionPicker } from "./DispositionPicker";
import { History } from "./History";
import { desk } from "./link";
import { NoteEditor } from "./NoteEditor";
import { OfferPanel } from "./OfferPanel";
import { ShortcutList, useDeskKeys } from "./Shortcuts";
import { StateBar } from "./StateBar";
import { norm } from "./states";
import { useAct } from "./useAct";
import { WrapUpPanel } from "./WrapUpPanel";

export default function Desk() {
  const { t } = useT();
  const { state, status } = useStore(desk);
  const [keys, setKeys] = useState(false);
  useDeskKeys(state, () => setKeys(true));
  if (!state) {
    if (status === "refused") {
      return (
        <div className="rw-empty">
          <Icon name="headset" size={36} />
          <h2>{t("desk.refused")}</h2>
        </div>
      );
    }
    return (
      <div className="rw-desk" role="status" aria-busy="true" aria-label={t("common.loading")}>
        <Skeleton h={64} radius="md" />
        <Skeleton h={320} radius="md" mt="md" />
      </div>
    );
  }
  return (
    <div className="rw-desk">
      <StateBar s={state} onKeys={() => setKeys(true)} />
      <div className="rw-desk-cols">
        <div className="rw-desk-main">
          <Work s={state} />
        </div>
        <div className="rw-desk-side">
          <Side s={state} />
        </div>
      </div>
      <ShortcutList opened={keys} close={() => setKeys(false)} />
    </div>
  );
}

function Work({ s }: { s: DeskState }) {
  return (
    <>
      {s.call && <CallPanel c={s.call} queues={s.queues ?? []} />}
      {s.offer && <OfferPanel o={s.offer} key={s.offer.id} />}
      {s.wrap_up && <WrapUpPanel w={s.wrap_up} />}
      {!s.offer && !s.call && !s.wrap_up && <Idle s={s} />}
    </>
  );
}

// The note and the dispositions belong to the call in hand, or to the one just ended, also while somebody is called about that;
// while a new one is only offered, the old one's wrap-up is over.
function Side({ s }: { s: DeskState }) {
  const { t } = useT();
  const had = s.wrap_up?.call ? s.wrap_up : s.call ? { call: s.call.id, ...s.call } : s.wrap_up;
  const work = had?.call ? had : null; // a restart can leave a wrap-up without a call: there is nothing to say about it
  const card: Card | null | undefined = (s.wrap_up ?? s.call ?? s.offer)?.card;
  return (
    <>
      {work?.dispositions && (
        <DispositionPicker key={`d${work.call}`} call={work.call} all={work.dispositions} chosen={work.disposition} />
      )}
      {work && <NoteEditor key={work.call} call={work.call} server={work.note} />}
      {card?.customer?.id && <History calls={card.history ?? []} title={t("history.title")} />}
    </>
  );
}

function Idle({ s }: { s: DeskState }) {
  const { t, or } = useT();
  const [run, busy] = useAct();
  const state = norm(s.agent.state);
  const joined = s.agent.joined ?? [];
  const phones = s.phones ?? [];
  const title =
    state === "available"
      ? joined.length
        ? t("idle.ready")
        : t("idle.no_queue")
      : state === "offline"
        ? t("idle.offline")
        : state === "not_responding"
          ? t("idle.not_responding")
          : state === "unreachable"
            ? t("idle.unreachable")
            : or("state", state);
  return (
    <div className="rw-idle" data-state={state}>
      <div className="rw-idle-mark" aria-hidden="true">
        <Icon name={state === "available" ? "headset" : state === "unreachable" ? "warn" : "pause"} size={34} />
      </div>
      <h2>{title}</h2>
      <p className="rw-dim">
        {state === "available" && joined.length
          ? t("idle.ready_hint")
          : state === "available" || state === "offline"
            ? t("idle.join_hint")
            : state === "unreachable"
              ? t("desk.unreachable_hint")
              : t("idle.away_hint")}
      </p>
      <div className="rw-row rw-center">
        {joined.length === 0 && (s.agent.may_join?.length ?? 0) > 0 && (
          <Button size="md" loading={busy} onClick={() => run(act.join())}>
            {t("idle.join_all")}
          </Button>
        )}
        {joined.length > 0 && state !== "available" && state !== "unreachable" && (
          <Button
            size="md"
            color="green"
            loading={busy}
            leftSection={<Icon name="check" size={16} />}
            onClick={() => run(act.ready())}
          >
            {t("desk.ready")}
          </Button>
        )}
      </div>
      <ul className="rw-idle-facts">
        {joined.length > 0 && (
          <li>
            <Icon name="queue" size={16} /> {joined.join(" · ")}
          </li>
        )}
        {phones.map(p => (
          <li key={p.account} data-bad={!p.registered || undefined}>
            <Icon name={p.registered ? "phone" : "warn"} size={16} /> {p.account} ·{" "}
            {p.registered ? t("idle.phone_on") : t("idle.phone_off")}
            {p.auto_answer && ` · ${t("idle.auto_answer")}`}
          </li>
        ))}
      </ul>
    </div>
  );
}
