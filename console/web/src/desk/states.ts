import type { DeskState } from "../api/types";

export type Tone = "good" | "busy" | "ring" | "hold" | "wrap" | "away" | "bad" | "off";

/** tone is the colour family of an agent's state; the word always stands beside it. */
export function tone(state: string | undefined): Tone {
  switch (norm(state)) {
    case "available":
      return "good";
    case "reserved":
    case "ringing":
      return "ring";
    case "talk":
    case "consult":
    case "outbound":
      return "busy";
    case "hold":
      return "hold";
    case "wrap_up":
      return "wrap";
    case "not_ready":
      return "away";
    case "not_responding":
    case "unreachable":
      return "bad";
    default:
      return "off";
  }
}

export function norm(state: string | undefined): string {
  return (state ?? "offline").toLowerCase().replace(/[\s-]+/g, "_");
}

/** moves are what the state buttons offer now. */
export interface Moves {
  ready: boolean; // at once
  notReady: boolean; // at once
  next: boolean; // only after the call or wrap-up
}

export function moves(s: DeskState): Moves {
  const st = norm(s.agent.state);
  const working = !!s.offer || !!s.call || ["talk", "hold", "consult", "outbound", "reserved", "ringing"].includes(st);
  const wrapping = !!s.wrap_up || st === "wrap_up";
  if (working || wrapping) return { ready: false, notReady: false, next: true };
  return { ready: st !== "available", notReady: st !== "not_ready", next: false };
}

/** announce is what a screen reader hears when one state follows another; nothing when nothing of note changed. */
export type Announcement =
  | { kind: "offer"; urgent: true }
  | { kind: "call" | "ended" | "held" | "resumed" | "state" | "offer_gone"; urgent: false };

export function announce(before: DeskState | null, after: DeskState | null): Announcement | null {
  if (!after) return null;
  if (after.offer && after.offer.id !== before?.offer?.id) return { kind: "offer", urgent: true };
  if (!before) return null;
  if (after.call && !before.call) return { kind: "call", urgent: false };
  if (before.call && !after.call) return { kind: "ended", urgent: false };
  if (after.call && before.call && after.call.held !== before.call.held)
    return { kind: after.call.held ? "held" : "resumed", urgent: false };
  if (before.offer && !after.offer && !after.call) return { kind: "offer_gone", urgent: false };
  if (norm(before.agent.state) !== norm(after.agent.state) || before.agent.reason !== after.agent.reason)
    return { kind: "state", urgent: false };
  return null;
}
