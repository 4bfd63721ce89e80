import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Status } from "../api/sse";
import type { DeskState, Offer } from "../api/types";
import { say, sayOr, useT } from "../i18n";
import { languageName } from "../lib/format";
import { useStore } from "../lib/store";
import { useNow } from "../lib/ticker";
import { Icon } from "../ui/Icon";
import { desk, retryNow, startDesk } from "./link";
import { flushNotes } from "./notes";
import { closeNotification, notifyOffer } from "./notify";
import { OfferButtons } from "./OfferPanel";
import { ringBlocked, startRing, stopRing, unlock } from "./ring";
import { useOfferKeys } from "./Shortcuts";
import { announce, norm } from "./states";

/** DeskEffects is mounted once for a person who serves queues, on every page: the connection, the ring, what a screen reader hears. */
export function DeskEffects({ person }: { person: string }) {
  useEffect(() => startDesk(person), [person]);
  useEffect(() => {
    const hide = () => document.visibilityState === "hidden" && flushNotes();
    document.addEventListener("visibilitychange", hide);
    window.addEventListener("pagehide", flushNotes);
    document.addEventListener("pointerdown", unlock);
    document.addEventListener("keydown", unlock);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      window.removeEventListener("pagehide", flushNotes);
      document.removeEventListener("pointerdown", unlock);
      document.removeEventListener("keydown", unlock);
    };
  }, []);
  useRinging();
  return (
    <>
      <LiveRegion />
      <ConnectionBar />
      <OfferElsewhere />
      <RingBlocked />
    </>
  );
}

function useRinging() {
  const { state, leader } = useStore(desk);
  const offer = state?.offer ?? null;
  const id = offer?.id;
  const phase = offer?.phase;
  useEffect(() => {
    if (!id || !leader) return;
    startRing();
    const o = desk.get().state?.offer;
    if (o) notifyOffer(say("notify.title", { queue: o.queue }), spoken(desk.get().state!), o.id);
    return () => {
      stopRing();
      closeNotification();
    };
  }, [id, leader]);
  useTitle(id ? (phase === "preview" ? say("desk.preview") : say("desk.incoming")) : "");
}

function useTitle(alarm: string) {
  useEffect(() => {
    if (!alarm) return;
    const before = document.title;
    document.title = `● ${alarm}`;
    return () => {
      document.title = before;
    };
  }, [alarm]);
}

function spoken(s: DeskState): string {
  const o = s.offer!;
  const c = o.card.customer;
  return [
    c?.name || o.card.number || say("desk.unknown_caller"),
    languageName(c?.language, document.documentElement.lang),
    o.queue,
  ]
    .filter(Boolean)
    .join(", ");
}

function LiveRegion() {
  const { t } = useT();
  const state = useStore(desk, v => v.state);
  const before = useRef<DeskState | null>(null);
  const [said, setSaid] = useState({ urgent: "", polite: "" });
  useEffect(() => {
    const a = announce(before.current, state);
    before.current = state;
    if (!a || !state) return;
    if (a.kind === "offer") setSaid({ urgent: `${t("desk.incoming")}: ${spoken(state)}`, polite: "" });
    else if (a.kind === "state")
      setSaid({
        urgent: "",
        polite: [sayOr("state", norm(state.agent.state)), sayOr("reason", state.agent.reason)].filter(Boolean).join(", "),
      });
    else setSaid({ urgent: "", polite: t(`live.${a.kind}`) });
  }, [state, t]);
  return (
    <VisuallyHidden>
      <div role="alert">{said.urgent}</div>
      <div role="status">{said.polite}</div>
    </VisuallyHidden>
  );
}

function ConnectionBar() {
  const { status, retryAt } = useStore(desk);
  // A stream that comes back at once is not worth a word.
  const [late, setLate] = useState<Status | null>(null);
  useEffect(() => {
    if (status === "open") return setLate(null);
    const timer = setTimeout(() => setLate(status), status === "connecting" ? 3000 : 1200);
    return () => clearTimeout(timer);
  }, [status]);
  const { t } = useT();
  if (late !== "lost" && late !== "connecting") return null;
  return (
    <div className="rw-bar" data-kind="bad" role="alert">
      <Icon name="warn" /> <b>{t("conn.lost")}</b> <span>{t("conn.lost_hint")}</span>
      <span className="rw-grow" />
      {retryAt !== undefined && <RetryIn at={retryAt} />}
      <Button size="compact-sm" variant="white" color="red" onClick={retryNow}>
        {t("conn.now")}
      </Button>
    </div>
  );
}

function RetryIn({ at }: { at: number }) {
  const { t } = useT();
  useNow(1000);
  return <span className="rw-num">{t("conn.in", { seconds: Math.max(0, Math.ceil((at - Date.now()) / 1000)) })}</span>;
}

function OfferElsewhere() {
  const [at] = useLocation();
  const offer = useStore(desk, v => v.state?.offer ?? null);
  return offer && at !== "/desk" ? <OfferBar offer={offer} /> : null;
}

function OfferBar({ offer }: { offer: Offer }) {
  const { t } = useT();
  const [, go] = useLocation();
  useOfferKeys(useStore(desk, v => v.state));
  return (
    <div className="rw-bar" data-kind="ring">
      <Icon name="phone" />
      <b>{offer.card.customer?.name || offer.card.number || t("desk.unknown_caller")}</b>
      <span>{offer.queue}</span>
      <span className="rw-grow" />
      <Button size="sm" variant="default" onClick={() => go("/desk")}>
        {t("desk.show")}
      </Button>
      <OfferButtons o={offer} compact />
    </div>
  );
}

function RingBlocked() {
  const { t } = useT();
  const blocked = useStore(ringBlocked);
  if (!blocked) return null;
  return (
    <div className="rw-bar" data-kind="warn" role="status">
      <Icon name="volume" /> {t("sound.blocked")}
    </div>
  );
}
