import { describe, expect, it } from "vitest";
import type { Card, DeskState } from "../api/types";
import { announce, byState, counts, moves, tone } from "./states";

const card: Card = { call: "c1", customer: null };

function state(over: Partial<DeskState> & { is?: string; reason?: string } = {}): DeskState {
  const { is = "available", reason, ...rest } = over;
  return {
    now: "2026-03-01T10:00:00Z",
    agent: { id: "a", name: "A", state: is, reason, since: "2026-03-01T09:00:00Z", reachable: true, next: null },
    offer: null,
    call: null,
    wrap_up: null,
    ...rest,
  };
}
const offer = {
  id: "o1",
  queue: "q",
  mode: "ring" as const,
  phase: "card" as const,
  since: "",
  deadline: "",
  can_accept: true,
  card,
};
const call = { id: "c1", kind: "customer", since: "", held: false, can: { hold: true, transfer: true, hangup: true }, card };

describe("moves", () => {
  it("at once when free, afterwards when busy", () => {
    expect(moves(state())).toEqual({ ready: false, notReady: true, next: false });
    expect(moves(state({ is: "not ready" }))).toEqual({ ready: true, notReady: false, next: false });
    expect(moves(state({ is: "not responding" }))).toEqual({ ready: true, notReady: true, next: false });
    expect(moves(state({ is: "talk", call }))).toEqual({ ready: false, notReady: false, next: true });
    expect(moves(state({ is: "wrap-up" })).next).toBe(true);
    expect(moves(state({ is: "reserved", offer })).next).toBe(true);
  });
});

describe("announce", () => {
  it("speaks of what changed, an offer first", () => {
    expect(announce(null, state())).toBeNull();
    expect(announce(state(), state())).toBeNull();
    expect(announce(state(), state({ is: "ringing", offer }))).toEqual({ kind: "offer", urgent: true });
    expect(announce(state({ offer }), state({ offer: { ...offer, phase: "ringing" } }))).toBeNull();
    expect(announce(state({ offer }), state())).toEqual({ kind: "offer_gone", urgent: false });
    expect(announce(state({ offer }), state({ is: "talk", call }))?.kind).toBe("call");
    expect(announce(state({ call }), state({ call: { ...call, held: true } }))?.kind).toBe("held");
    expect(announce(state({ call }), state({ is: "wrap-up" }))?.kind).toBe("ended");
    expect(announce(state(), state({ is: "not ready", reason: "lunch" }))?.kind).toBe("state");
    expect(announce(state({ is: "not ready", reason: "a" }), state({ is: "not ready", reason: "b" }))?.kind).toBe("state");
  });
});

it("tone knows every spelling", () => {
  expect(tone("wrap-up")).toBe("wrap");
  expect(tone("not ready")).toBe("away");
  expect(tone("not_ready")).toBe("away");
  expect(tone("unreachable")).toBe("bad");
  expect(tone(undefined)).toBe("off");
});

it("sorts agents by what they do, and counts them", () => {
  const all = [
    { id: "a", state: "available", since: "2026-03-02T09:00:00Z" },
    { id: "b", state: "not ready", since: "2026-03-02T08:00:00Z" },
    { id: "c", state: "available", since: "2026-03-02T08:30:00Z" },
    { id: "d", state: "ringing", since: "2026-03-02T09:01:00Z" },
  ];
  const sorted = byState(all);
  expect(sorted.map(a => a.id).join("")).toBe("dcab");
  expect(counts(sorted)).toEqual([
    ["ringing", 1],
    ["available", 2],
    ["not_ready", 1],
  ]);
});
