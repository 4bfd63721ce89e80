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

const rank: Record<Tone, number> = { ring: 0, busy: 1, hold: 2, wrap: 3, good: 4, away: 5, bad: 6, off: 7 };

/** byState sorts agents: first those with callers, and of a kind those who are longest in their state. */
export function byState<A extends { state: string; since: string }>(all: A[]): A[] {
  return [...all].sort((a, b) => rank[tone(a.state)] - rank[tone(b.state)] || Date.parse(a.since) - Date.parse(b.since));
}

/** counts says how many are in each state, in the order in which states come first. */
export function counts(all: { state: string }[]): [state: string, n: number][] {
  const found = new Map<string, number>();
  for (const a of all) found.set(norm(a.state), (found.get(norm(a.state)) ?? 0) + 1);
  return [...found];
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
