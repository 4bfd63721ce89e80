// A call as lanes of spans: one for the caller, one per queue visit, one per agent, so that one sees who waited for whom.
import type { CallStory } from "../api/types";

export interface Span {
  from: number;
  to: number;
  kind: string; // wait, ring, talk, hold, ivr, wrap_up …
  label: string;
}

export interface Lane {
  name: string;
  who: "caller" | "queue" | "agent";
  spans: Span[];
}

const ms = (t: string | null | undefined): number | undefined => (t ? Date.parse(t) : undefined);

const kindOf = (bucket: string): string => bucket.replace(/[\s-]+/g, "_");

/** lanes builds them from what the story has; an open end runs to `now`. */
export function lanes(s: CallStory, now: number): { from: number; to: number; lanes: Lane[] } {
  const from = Date.parse(s.call.start);
  let to = ms(s.call.end) ?? now;
  const out: Lane[] = [];
  const caller: Lane = { name: s.call.caller_name || s.call.caller_number || "", who: "caller", spans: [] };
  const own = s.segments ?? [];
  if (own.length === 0) caller.spans.push({ from, to, kind: "call", label: "" });
  for (const x of own)
    caller.spans.push({ from: Date.parse(x.start), to: Date.parse(x.end), kind: kindOf(x.bucket), label: x.queue ?? "" });
  out.push(caller);
  for (const v of s.visits ?? []) {
    const enter = Date.parse(v.enter);
    const leave = ms(v.leave) ?? ms(v.connect) ?? ms(v.end) ?? to;
    out.push({
      name: v.queue,
      who: "queue",
      spans: [{ from: enter, to: Math.max(enter, leave), kind: "wait", label: v.result ?? "" }],
    });
  }
  const agents = new Map<string, Lane>();
  const lane = (agent: string): Lane => {
    let l = agents.get(agent);
    if (!l) {
      l = { name: agent, who: "agent", spans: [] };
      agents.set(agent, l);
      out.push(l);
    }
    return l;
  };
  for (const o of s.offers ?? []) {
    const begin = Date.parse(o.start);
    lane(o.agent).spans.push({ from: begin, to: ms(o.end) ?? to, kind: "ring", label: o.outcome ?? "" });
  }
  const segments = own.filter(x => x.agent && ["talk", "hold", "consult", "wrap_up"].includes(kindOf(x.bucket)));
  for (const x of segments) {
    const end = Date.parse(x.end);
    lane(x.agent!).spans.push({ from: Date.parse(x.start), to: end, kind: kindOf(x.bucket), label: "" });
    to = Math.max(to, end);
  }
  if (segments.length === 0) {
    for (const v of s.visits ?? []) {
      const at = ms(v.connect);
      if (at !== undefined && v.agent) lane(v.agent).spans.push({ from: at, to: ms(v.end) ?? to, kind: "talk", label: "" });
    }
  }
  return { from, to: Math.max(to, from + 1000), lanes: out };
}

/** ticks are round steps for an axis of this many seconds, at most eight of them. */
export function ticks(seconds: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
  const step = steps.find(s => seconds / s <= 8) ?? 7200;
  const out: number[] = [];
  for (let at = 0; at <= seconds; at += step) out.push(at);
  return out;
}
