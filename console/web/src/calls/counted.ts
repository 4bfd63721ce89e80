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
  label?: string; // what an agent said that it came to
  wait?: number;
  length?: number;
  share?: number; // what it has in the sum that the list is behind
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
        share: v.share,
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
    if (c.outcomes)
      return c.outcomes.map(o => ({
        key: `${c.id} ${o.agent}`,
        call: c,
        at: o.at,
        queue: o.queue,
        agent: o.agent_name || o.agent,
        result: { words: "result", word: result, tone: result },
        label: o.label,
        length: callSeconds(c),
      }));
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
        share: c.share,
      },
    ];
  });
}

/** countOf says what a list counts, and how many of it the calls have. */
export function countOf(calls: CallRow[]): { what: "stays" | "offers" | "outcomes" | "calls"; count: number; calls: number } {
  const what = calls.some(c => c.stays)
    ? "stays"
    : calls.some(c => c.offers)
      ? "offers"
      : calls.some(c => c.outcomes)
        ? "outcomes"
        : "calls";
  return { what, count: lines(calls).length, calls: calls.length };
}

/** Figure is what a report said, of which a list tells what is behind it. */
export interface Figure {
  value: number;
  unit: string;
  closed?: string; // when its day closed
}

/** figureOf reads it from the address; nothing where the list is behind no figure. */
export function figureOf(params: URLSearchParams): Figure | undefined {
  const value = Number.parseFloat(params.get("figure") ?? "");
  if (!Number.isFinite(value)) return undefined;
  return { value, unit: params.get("unit") ?? "count", closed: params.get("closed") ?? undefined };
}

/** have is what a whole list comes to, in the figure's unit. */
export function have(calls: CallRow[], f: Figure): number {
  return f.unit === "count" ? countOf(calls).count : sumOf(calls);
}

export function sumOf(calls: CallRow[]): number {
  return lines(calls).reduce((sum, l) => sum + (l.share ?? 0), 0);
}

/** why says what to tell where a list and its figure differ: what is withheld, or came later. */
export function why(calls: CallRow[], f: Figure, limited: boolean): "withheld" | "closed" | "since" | undefined {
  const n = have(calls, f);
  if (Math.abs(n - f.value) <= (f.unit === "count" ? 0 : 1e-3 * Math.max(1, f.value))) return undefined;
  if (limited && n < f.value) return "withheld";
  return f.closed ? "closed" : "since";
}
