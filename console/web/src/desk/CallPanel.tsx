import { Button } from "@mantine/core";
import { useState } from "react";
import type { DeskCall, QueueName } from "../api/types";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { act } from "./actions";
import { CustomerCard } from "./CustomerCard";
import { Timer } from "./StateBar";
import { TransferDialog } from "./TransferDialog";
import { useAct } from "./useAct";

export function CallPanel({ c, queues }: { c: DeskCall; queues: QueueName[] }) {
  const { t, or } = useT();
  const [run, busy] = useAct();
  const [transfer, setTransfer] = useState(false);
  return (
    <section className="rw-work" data-tone={c.held ? "hold" : "busy"} aria-label={t("desk.call")}>
      <div className="rw-work-head">
        <div className="rw-work-title">
          <span className="rw-eyebrow">
            <Icon name={c.held ? "pause" : "phone"} size={14} /> {c.held ? t("desk.on_hold") : t("desk.talking")} ·{" "}
            {c.queue || or("kind", c.kind)}
          </span>
          <h2 className="rw-name">{c.card?.customer?.name || c.card?.number || c.card?.dialled || t("desk.unknown_caller")}</h2>
          {c.beside && (
            <p className="rw-dim">
              <Icon name="phone" size={14} /> {t("desk.beside")}: <b>{c.beside.who || t("desk.unknown_caller")}</b>{" "}
              <Timer from={c.beside.since} />
            </p>
          )}
        </div>
        <div className="rw-calltimer">
          <span className="rw-big">
            <Timer from={c.since} />
          </span>
          {c.held && c.held_since && (
            <span className="rw-hold-timer">
              {t("desk.held")} <Timer from={c.held_since} />
            </span>
          )}
        </div>
      </div>
      <div className="rw-actions">
        <Button
          variant={c.held ? "filled" : "default"}
          color={c.held ? "yellow" : undefined}
          size="md"
          disabled={!c.can.hold || busy}
          leftSection={<Icon name={c.held ? "play" : "pause"} />}
          onClick={() => run(act.hold(!c.held))}
          aria-pressed={c.held}
        >
          {c.held ? t("desk.resume") : t("desk.hold")}
        </Button>
        <Button
          variant="default"
          size="md"
          disabled={!c.can.transfer}
          leftSection={<Icon name="transfer" />}
          onClick={() => setTransfer(true)}
          data-action="transfer"
        >
          {t("desk.transfer")}
        </Button>
        <div className="rw-grow" />
        <Button
          color="red"
          size="md"
          disabled={!c.can.hangup || busy}
          leftSection={<Icon name="hangup" />}
          onClick={() => run(act.hangUp())}
        >
          {t("desk.hang_up")}
        </Button>
      </div>
      {c.card && <CustomerCard card={c.card} />}
      <TransferDialog opened={transfer} close={() => setTransfer(false)} queues={queues} />
    </section>
  );
}
