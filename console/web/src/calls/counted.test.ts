import { expect, it } from "vitest";
import type { CallRow } from "../api/types";
import { countOf, figureOf, have, lines, why } from "./counted";

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

it("a list is held against the figure that led to it, and tells why it has another", () => {
  const stay = (id: string, share?: number) => ({ id, queue: "help", enter: "2026-03-02T09:01:00Z", share });
  const calls = [call("a", { stays: [stay("1", 20), stay("2", 10.5)] }), call("b", { share: 0, stays: [stay("3", 9.5)] })];
  const count = figureOf(new URLSearchParams("entered_from=x&figure=3&unit=count"))!;
  const sum = figureOf(new URLSearchParams("figure=40&unit=duration&closed=2026-03-03T06:00:00Z"))!;
  expect(figureOf(new URLSearchParams("queue=help"))).toBeUndefined();
  expect([have(calls, count), have(calls, sum)]).toEqual([3, 40]);
  expect([why(calls, count, false), why(calls, sum, true)]).toEqual([undefined, undefined]);
  expect(why(calls, { ...count, value: 40 }, true)).toBe("withheld");
  expect(why(calls, { ...count, value: 2 }, true)).toBe("since"); // more than the figure is withheld from nobody
  expect(why(calls, { ...sum, value: 41 }, false)).toBe("closed");
  expect(why(calls, { ...count, value: 40 }, false)).toBe("since");
});
