import { expect, it } from "vitest";
import type { CallRow } from "../api/types";
import { countOf, lines } from "./counted";

const call = (id: string, more: Partial<CallRow> = {}): CallRow => ({
  id,
  kind: "customer",
  start: "2026-03-02T09:00:00Z",
  ...more,
});

it("a list has as many rows as the figure counts: a caller who was twice in a queue stands there twice", () => {
  const stay = (id: string, result?: string) => ({ id, queue: "help", enter: "2026-03-02T09:01:00Z", result, wait_seconds: 5 });
  const calls = [
    call("a", { queue: "flights", agent: "mei", stays: [stay("a-1", "abandoned"), stay("a-2", "connected")] }),
    call("b", { stays: [stay("b-1")] }),
  ];
  expect(countOf(calls)).toEqual({ what: "stays", count: 3, calls: 2 });
  // each tells its own queue and end, not those of the call's last stay
  expect(lines(calls).map(l => [l.key, l.call.id, l.queue, l.agent, l.result.word])).toEqual([
    ["a-1", "a", "help", undefined, "abandoned"],
    ["a-2", "a", "help", undefined, "connected"],
    ["b-1", "b", "help", undefined, "waiting"],
  ]);
});

it("offers and calls are counted as what they are", () => {
  const offer = (id: string, outcome?: string) => ({ id, queue: "help", agent: "mei", start: "2026-03-02T09:01:00Z", outcome });
  expect(countOf([call("a", { offers: [offer("1", "declined"), offer("2")] })])).toEqual({ what: "offers", count: 2, calls: 1 });
  expect(countOf([call("a"), call("b")])).toEqual({ what: "calls", count: 2, calls: 2 });
  expect(countOf([])).toEqual({ what: "calls", count: 0, calls: 0 });
});
