import { expect, it } from "vitest";
import type { CallStory } from "../api/types";
import { lanes, ticks } from "./lanes";

const at = (s: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, s)).toISOString();

const story: CallStory = {
  call: { id: "c", kind: "customer", start: at(0), end: at(50), caller_name: "Ada" },
  visits: [
    { id: "v", queue: "support", enter: at(5), connect: at(20), leave: at(20), end: at(50), agent: "mei", result: "connected" },
  ],
  offers: [
    { id: "v.1", visit: "v", queue: "support", agent: "tom", start: at(6), end: at(12), outcome: "declined" },
    { id: "v.2", visit: "v", queue: "support", agent: "mei", start: at(14), end: at(20), outcome: "answered" },
  ],
};

it("shows who waited for whom", () => {
  const got = lanes(story, 0);
  expect(got.lanes.map(l => [l.who, l.name, l.spans.map(s => s.kind)])).toEqual([
    ["caller", "Ada", ["call"]],
    ["queue", "support", ["wait"]],
    ["agent", "tom", ["ring"]],
    ["agent", "mei", ["ring", "talk"]],
  ]);
  expect(got.to - got.from).toBe(50_000);
});

it("shows what the caller went through", () => {
  const segments = [
    { start: at(0), end: at(5), bucket: "ivr" },
    { start: at(5), end: at(20), bucket: "queue", queue: "support" },
    { start: at(20), end: at(50), bucket: "talk", agent: "mei" },
  ];
  const got = lanes({ ...story, segments }, 0).lanes;
  expect(got[0]!.spans.map(s => s.kind)).toEqual(["ivr", "queue", "talk"]);
  expect(got[3]!.spans.map(s => s.kind)).toEqual(["ring", "talk"]);
});

it("takes the ledger's segments where there are some, and makes room for wrap-up", () => {
  const got = lanes({ ...story, segments: [{ start: at(50), end: at(80), bucket: "wrap-up", agent: "mei" }] }, 0);
  expect(got.lanes[3]!.spans.map(s => s.kind)).toEqual(["ring", "wrap_up"]);
  expect(got.to - got.from).toBe(80_000);
});

it("lets a running call run", () => {
  const now = Date.parse(at(30));
  expect(lanes({ call: { ...story.call, end: null } }, now).to).toBe(now);
});

it("ticks are few and round", () => {
  expect(ticks(50)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(ticks(3600)).toEqual([0, 600, 1200, 1800, 2400, 3000, 3600]);
  expect(ticks(0)).toEqual([0]);
});
