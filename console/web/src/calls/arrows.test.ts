import { expect, it } from "vitest";
import { arrows, columns, type LadderData, type LadderMessage } from "./arrows";

const message = (party: string, direction: "in" | "out", summary: string, status?: number): LadderMessage => ({
  at: "2026-01-01T00:00:00Z",
  after_seconds: 0,
  party,
  direction,
  protocol: "udp",
  from: "a",
  to: "b",
  call_id: "c",
  summary,
  method: "INVITE",
  status,
  cseq: "1 INVITE",
  has_sdp: false,
  text: summary,
});
const ladder: LadderData = {
  call: "x",
  complete: true,
  parties: [
    { id: "l1", kind: "caller", label: "Yuki" },
    { id: "switch", kind: "switch", label: "" },
    { id: "l2", kind: "callee", label: "mei" },
  ],
  messages: [
    message("l1", "in", "INVITE"),
    message("l1", "in", "INVITE"),
    message("l2", "out", "INVITE"),
    message("l2", "in", "180 Ringing", 180),
    message("l1", "out", "200 OK", 200),
    message("l2", "in", "486 Busy Here", 486),
  ],
};

it("lays arrows between a party and the switch, towards where the message went", () => {
  const a = arrows(ladder);
  expect(a.map(x => [x.left, x.right, x.toRight])).toEqual([
    [0, 1, true],
    [0, 1, true],
    [1, 2, true],
    [1, 2, false],
    [0, 1, false],
    [1, 2, false],
  ]);
  expect(a.map(x => x.again)).toEqual([false, true, false, false, false, false]);
  expect(a.map(x => x.tone)).toEqual(["busy", "busy", "busy", "hold", "good", "bad"]);
});

it("gives a column to whom no party names, and to the switch", () => {
  expect(columns({ ...ladder, parties: null }).map(p => p.id)).toEqual(["l1", "switch", "l2"]);
  expect(arrows({ ...ladder, parties: [], messages: null })).toEqual([]);
});
