import { Kbd, Modal } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { DeskState } from "../api/types";
import { type Key, useT } from "../i18n";
import { toastProblem } from "../ui/toast";
import { act } from "./actions";
import { type Command, command, letters } from "./keys";
import { moves, norm } from "./states";

const order = Object.entries(letters).map(([code, name]) => ({ letter: code.slice(3), name }));

export function ShortcutList({ opened, close }: { opened: boolean; close(): void }) {
  const { t } = useT();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("keys.title")}
      size="md"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <dl className="rw-keys">
        {order.map(k => (
          <div key={k.letter}>
            <dt>
              <Kbd>{k.letter}</Kbd>
            </dt>
            <dd>{t(`keys.${k.name}` as Key)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <Kbd>1</Kbd>–<Kbd>9</Kbd>
          </dt>
          <dd>{t("keys.digits")}</dd>
        </div>
        <div>
          <dt>
            <Kbd>?</Kbd>
          </dt>
          <dd>{t("keys.help")}</dd>
        </div>
      </dl>
      <p className="rw-dim rw-small">{t("keys.writing")}</p>
    </Modal>
  );
}

/** useOfferKeys answers an offer by key where the desk is not on the screen. */
export function useOfferKeys(state: DeskState | null) {
  useDeskKeys(state, undefined);
}

/** useDeskKeys listens to the keyboard; without help, only to what answers an offer. */
export function useDeskKeys(state: DeskState | null, help: (() => void) | undefined) {
  const now = useRef({ state, help });
  now.current = { state, help };
  useEffect(() => {
    function onKey(e: KeyboardEvent) {
      const target = e.target as HTMLElement | null;
      const asked = command({
        key: e.key,
        code: e.code,
        alt: e.altKey,
        ctrl: e.ctrlKey,
        meta: e.metaKey,
        shift: e.shiftKey,
        repeat: e.repeat,
        writing: !!target?.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]"),
        layer: !!document.querySelector("[role=dialog], [role=menu]"),
      });
      if (asked === null || e.isComposing) return;
      if (!now.current.help && asked !== "accept" && asked !== "decline") return;
      if (asked === "help") now.current.help?.();
      else if (!perform(asked, now.current.state)) return;
      e.preventDefault();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** perform does what was asked where it makes sense now; false where it does not. */
function perform(c: Command | number, s: DeskState | null): boolean {
  if (!s) return false;
  const go = (p: Promise<unknown>) => {
    p.catch(toastProblem);
    return true;
  };
  if (typeof c === "number") return clickAt(".rw-chips:not(.rw-chips-sub) .rw-chip", c - 1);
  switch (c) {
    case "accept":
      return s.offer?.can_accept ? go(act.accept(s.offer.id)) : false;
    case "decline":
      return s.offer ? go(act.decline(s.offer.id)) : false;
    case "hold":
      return s.call?.can.hold ? go(act.hold(!s.call.held)) : false;
    case "hang_up":
      return s.call?.can.hangup ? go(act.hangUp()) : false;
    case "transfer":
      return clickAt("[data-action=transfer]:not(:disabled)", 0);
    case "done":
      return s.wrap_up && !(s.wrap_up.dispositions?.required && !s.wrap_up.disposition) ? go(act.endWrapUp()) : false;
    case "extend":
      return s.wrap_up?.until ? go(act.extendWrapUp(60)) : false;
    case "ready": {
      const m = moves(s);
      if (m.ready) return go(act.ready());
      if (m.notReady && norm(s.agent.state) === "available") return go(act.notReady(s.reasons?.[0] ?? "break"));
      return false;
    }
    case "note": {
      const note = document.getElementById("rw-note");
      note?.focus();
      return !!note;
    }
    case "help":
      return false;
  }
}

function clickAt(selector: string, n: number): boolean {
  const all = document.querySelectorAll<HTMLElement>(selector);
  all[n]?.click();
  return !!all[n];
}
