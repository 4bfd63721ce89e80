import { expect, it } from "vitest";
import { atLeast, atMost, grades, worst } from "./grade";

it("grades against a target", () => {
  expect(atLeast(81, 80)).toBe("good");
  expect(atLeast(73, 80)).toBe("warn");
  expect(atLeast(50, 80)).toBe("bad");
  expect(atLeast(null, 80)).toBe("none");
  expect(atLeast(50, undefined)).toBe("none");
  expect(atMost(60, 60)).toBe("good");
  expect(atMost(80, 60)).toBe("warn");
  expect(atMost(91, 60)).toBe("bad");
  expect(worst("good", "bad", "warn")).toBe("bad");
  expect(worst()).toBe("none");
});

it("grades a queue", () => {
  const q = {
    waiting: 2,
    offered: 10,
    answered: 6,
    abandoned: 2,
    service_level: 90,
    free: 0,
    joined: 3,
    targets: { service_level: 80, longest_wait_seconds: 60, abandon_rate: 5 },
  };
  expect(grades(q, 45)).toEqual({ service: "good", wait: "good", waiting: "none", abandoned: "bad", all: "bad" });
  expect(grades({ ...q, waiting: 0 }, 900).wait).toBe("none");
  expect(grades({ ...q, joined: 0 }, 5).waiting).toBe("bad");
});
