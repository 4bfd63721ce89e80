import type { CallStory } from "../api/types";
import type { Simulated } from "./types";

/** drawnCall is a simulated call in the form in which calls are drawn: what the caller lived through, and whose phones rang. */
export function drawnCall(s: Simulated, caller: string): CallStory {
  const start = Date.parse(s.start);
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  const segments: NonNullable<CallStory["segments"]> = [];
  const add = (from: number, to: number, bucket: string, more: object = {}) => {
    if (to > from) segments.push({ start: at(from), end: at(to), bucket, ...more });
  };
  let reached = 0;
  for (const v of s.visits ?? []) {
    const leaves = v.after_seconds + v.waited_seconds;
    const ends = leaves + (v.talked_seconds ?? 0);
    add(reached, v.after_seconds, "ivr");
    add(v.after_seconds, leaves, "wait", { queue: v.queue });
    add(leaves, ends, "talk", { agent: v.agent?.name || v.agent?.id });
    reached = ends;
  }
  add(reached, s.duration_seconds, (s.visits ?? []).length > 0 || !s.agent ? "ivr" : "call");
  const offers = (s.decisions ?? []).flatMap((d, n) =>
    (d.offers ?? []).map((o, i) => ({
      id: `${n}-${i}`,
      agent: o.agent.name || o.agent.id,
      start: at(d.after_seconds),
      end: at(d.after_seconds + o.rang_seconds),
      outcome: o.outcome,
    })),
  );
  const call = { start: s.start, end: at(s.duration_seconds), caller_name: caller };
  return { call, visits: [], offers, segments } as unknown as CallStory;
}
