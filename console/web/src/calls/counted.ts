// The rows of a list of calls: the calls, or what of them a report's figure counts. Pure.
import type { CallRow } from "../api/types";

/** resultOf is what became of a call. The switch answers before the queue: who left that without an agent was not served. */
export function resultOf(c: CallRow): string | undefined {
  return c.disposition === "answered" && c.queue && !c.reached ? "unserved" : c.disposition;
}

export function callSeconds(c: CallRow): number | undefined {
  if (c.duration_seconds !== undefined) return c.duration_seconds;
  return c.end ? (Date.parse(c.end) - Date.parse(c.start)) / 1000 : undefined;
}

/** Line is a row of the table: a call, or a stay or an offer of one, where the list is behind a figure that counts those. */
export interface Line {
  key: string;
  call: CallRow;
  at: string;
  queue?: string;
  agent?: string;
  result: { words: "result" | "outcome"; word: string | undefined; tone: string | undefined };
  wait?: number;
  length?: number;
}

/** lines are the rows of a list: as many as the figure says that it is behind. */
export function lines(calls: CallRow[]): Line[] {
  return calls.flatMap((c): Line[] => {
    if (c.stays)
      return c.stays.map(v => ({
        key: v.id,
        call: c,
        at: v.enter,
        queue: v.queue,
        agent: v.agent_name || v.agent,
        result: { words: "outcome", word: v.result || "waiting", tone: v.result === "connected" ? "answered" : v.result },
        wait: v.wait_seconds,
        length: v.conversation_seconds,
      }));
    if (c.offers)
      return c.offers.map(o => ({
        key: o.id,
        call: c,
        at: o.start,
        queue: o.queue,
        agent: o.agent_name || o.agent,
        result: { words: "outcome", word: o.outcome || "open", tone: o.outcome },
      }));
    const result = resultOf(c);
    return [
      {
        key: c.id,
        call: c,
        at: c.start,
        queue: c.queue,
        agent: c.agent_name || c.agent,
        result: { words: "result", word: result, tone: result },
        wait: c.wait_seconds,
        length: callSeconds(c),
      },
    ];
  });
}

/** countOf says what a list counts, and how many of it the calls have. */
export function countOf(calls: CallRow[]): { what: "stays" | "offers" | "calls"; count: number; calls: number } {
  const what = calls.some(c => c.stays) ? "stays" : calls.some(c => c.offers) ? "offers" : "calls";
  return { what, count: lines(calls).length, calls: calls.length };
}
