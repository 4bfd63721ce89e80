import { Button, Menu } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Offer } from "../api/types";
import { useT } from "../i18n";
import { left } from "../lib/clock";
import { duration } from "../lib/format";
import { useNow } from "../lib/ticker";
import { Icon } from "../ui/Icon";
import { act } from "./actions";
import { CustomerCard } from "./CustomerCard";
import { firstShown } from "./link";
import { useAct } from "./useAct";

export const declineReasons = ["other_work", "wrong_skill", "break", "phone_problem"] as const;

export function OfferPanel({ o }: { o: Offer }) {
  const { t } = useT();
  useShown(o.id);
  return (
    <section className="rw-work" data-tone="ring" aria-label={t("desk.incoming")}>
      <OfferBar o={o} />
      <div className="rw-work-head">
        <div className="rw-work-title">
          <span className="rw-eyebrow">
            <Icon name="phone" size={14} /> {o.mode === "preview" ? t("desk.preview") : t("desk.incoming")} · {o.queue}
          </span>
          <h2 className="rw-name">{o.card.customer?.name || o.card.number || t("desk.unknown_caller")}</h2>
          <OfferHint o={o} />
        </div>
        <OfferButtons o={o} />
      </div>
      <CustomerCard card={o.card} />
    </section>
  );
}

function OfferHint({ o }: { o: Offer }) {
  const { t } = useT();
  const now = useNow();
  const seconds = Math.ceil((Date.parse(o.deadline) - now) / 1000);
  const hint =
    o.phase === "preview"
      ? t("desk.hint_preview")
      : o.can_accept
        ? t("desk.hint_accept")
        : o.phase === "ringing"
          ? t("desk.hint_ringing")
          : t("desk.hint_phone");
  return (
    <p className="rw-dim">
      {hint} <span className="rw-num">{seconds > 0 ? duration(seconds) : ""}</span>
    </p>
  );
}

export function OfferButtons({ o, compact }: { o: Offer; compact?: boolean }) {
  const { t } = useT();
  const [run, busy] = useAct();
  const [pressed, setPressed] = useState(false);
  return (
    <div className="rw-row rw-offer-buttons">
      {o.can_accept && (
        <Button
          color="green"
          size={compact ? "sm" : "lg"}
          loading={busy && pressed}
          leftSection={<Icon name="phone" />}
          onClick={() => {
            setPressed(true);
            run(act.accept(o.id));
          }}
        >
          {t("desk.accept")}
        </Button>
      )}
      <Button.Group>
        <Button variant="default" c="var(--rw-bad)" size={compact ? "sm" : "lg"} onClick={() => run(act.decline(o.id))}>
          {t("desk.decline")}
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" c="var(--rw-bad)" size={compact ? "sm" : "lg"} px="xs" aria-label={t("desk.decline_why")}>
              <Icon name="down" size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("desk.decline_why")}</Menu.Label>
            {declineReasons.map(r => (
              <Menu.Item key={r} onClick={() => run(act.decline(o.id, r))}>
                {t(`decline.${r}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
    </div>
  );
}

function OfferBar({ o }: { o: Offer }) {
  const { t } = useT();
  const now = useNow(250);
  const share = left(o.since, o.deadline, now);
  return (
    <div
      className="rw-offerbar"
      role="progressbar"
      aria-label={t("desk.time_left")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div style={{ transform: `scaleX(${share})` }} data-short={share < 0.25 || undefined} />
    </div>
  );
}

// The switch rings the phone once the card is on the screen: after the frame in which it was painted, which is the one before
// the second callback. A hidden tab paints nothing and says nothing; the switch does not wait for it.
function useShown(offer: string) {
  useEffect(() => {
    let second = 0;
    const first = requestAnimationFrame(() => {
      second = requestAnimationFrame(() => {
        if (firstShown(offer)) act.shown(offer).catch(() => {}); // it rings without us
      });
    });
    return () => {
      cancelAnimationFrame(first);
      cancelAnimationFrame(second);
    };
  }, [offer]);
}
