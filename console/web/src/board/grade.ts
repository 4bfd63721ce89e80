// How a figure stands against its target: shared by the manager's board and the wall, so that both say the same.
import type { BoardQueue, Targets } from "../api/types";

export type Grade = "good" | "warn" | "bad" | "none";

/** atLeast: good from the target on, warn down to nine tenths of it. */
export function atLeast(value: number | null | undefined, target: number | null | undefined): Grade {
  if (value === null || value === undefined || !target) return "none";
  if (value >= target) return "good";
  return value >= target * 0.9 ? "warn" : "bad";
}

/** atMost: good up to the target, warn up to half as much again. */
export function atMost(value: number | null | undefined, target: number | null | undefined): Grade {
  if (value === null || value === undefined || target === null || target === undefined) return "none";
  if (value <= target) return "good";
  return value <= target * 1.5 ? "warn" : "bad";
}

const order: Grade[] = ["none", "good", "warn", "bad"];

export function worst(...g: Grade[]): Grade {
  return g.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), "none");
}

export interface Graded {
  service: Grade;
  wait: Grade;
  waiting: Grade;
  abandoned: Grade;
  all: Grade;
}

/** grades of one queue; where the queue sets no target of waiting, callers without any agent are bad. */
export function grades(q: Omit<BoardQueue, "name">, longest: number, t: Targets = q.targets ?? {}): Graded {
  const service = atLeast(q.service_level, t.service_level);
  const wait = q.waiting > 0 ? atMost(longest, t.longest_wait_seconds) : "none";
  const waiting = q.waiting > 0 && q.joined === 0 ? "bad" : atMost(q.waiting, t.waiting);
  const rate = q.abandon_rate ?? (q.offered > 0 ? (100 * q.abandoned) / q.offered : null);
  const abandoned = atMost(rate, t.abandon_rate);
  return { service, wait, waiting, abandoned, all: worst(service, wait, waiting, abandoned) };
}

export const marks: Record<Grade, string> = { good: "✓", warn: "▲", bad: "✕", none: "" };
