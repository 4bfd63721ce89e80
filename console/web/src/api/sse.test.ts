import { describe, expect, it } from "vitest";
import { backoff, Parser } from "./sse";

describe("Parser", () => {
  const whole = ': hello\n\nevent: state\nid: 7\ndata: {"a":1,\ndata: "b":2}\n\ndata: x\r\n\r\n';
  const want = [
    { event: "state", data: '{"a":1,\n"b":2}', id: "7" },
    { event: "message", data: "x", id: "7" },
  ];
  it("reads messages in one piece", () => expect(new Parser().push(whole)).toEqual(want));
  it("reads the same messages whatever the cut", () => {
    for (let size = 1; size < 9; size++) {
      const p = new Parser();
      const got = [];
      for (let i = 0; i < whole.length; i += size) got.push(...p.push(whole.slice(i, i + size)));
      expect(got).toEqual(want);
    }
  });
  it("ignores comments and empty messages", () => expect(new Parser().push(":\n\nevent: x\n\n: y\n\n")).toEqual([]));
});

describe("backoff", () => {
  it("grows, is capped and never zero", () => {
    expect(backoff(1, 0)).toBe(250);
    expect(backoff(1, 1)).toBe(500);
    expect(backoff(3, 1)).toBe(2000);
    expect(backoff(50, 1)).toBe(15_000);
  });
});
