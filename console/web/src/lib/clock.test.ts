import { describe, expect, it } from "vitest";
import { Clock, left, since } from "./clock";

describe("Clock", () => {
  it("follows the server, whatever the browser's date", () => {
    let mono = 5_000;
    const c = new Clock(() => mono);
    c.sync("2026-03-01T10:00:00Z");
    mono += 1_500;
    expect(new Date(c.now()).toISOString()).toBe("2026-03-01T10:00:01.500Z");
  });
  it("counts the time that a message travelled between tabs", () => {
    const c = new Clock(() => 0);
    c.sync("2026-03-01T10:00:00Z", 250);
    expect(new Date(c.now()).toISOString()).toBe("2026-03-01T10:00:00.250Z");
  });
  it("ignores nonsense", () => {
    const c = new Clock(() => 0);
    c.sync("2026-03-01T10:00:00Z");
    c.sync("yesterday");
    expect(c.synced()).toBe(true);
    expect(new Date(c.now()).toISOString()).toBe("2026-03-01T10:00:00.000Z");
  });
});

it("since is never negative", () => {
  const now = Date.parse("2026-03-01T10:00:00Z");
  expect(since("2026-03-01T10:00:03Z", now)).toBe(0);
  expect(since("2026-03-01T09:59:30Z", now)).toBe(30_000);
  expect(since(undefined, now)).toBe(0);
});

it("left shrinks from 1 to 0 and stays there", () => {
  const a = "2026-03-01T10:00:00Z";
  const b = "2026-03-01T10:00:20Z";
  expect(left(a, b, Date.parse(a))).toBe(1);
  expect(left(a, b, Date.parse(a) + 5_000)).toBe(0.75);
  expect(left(a, b, Date.parse(b) + 1)).toBe(0);
  expect(left(b, a, Date.parse(a))).toBe(0);
});
