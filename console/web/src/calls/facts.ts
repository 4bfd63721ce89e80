// The facts of a call's events in the reader's language. What a state or a reason means depends on the event that tells it.
import type { CallEvent } from "../api/types";
import { say, sayOr } from "../i18n";
import { duration } from "../lib/format";

const hidden = new Set(["seq", "at", "kind", "type", "id", "node", "call", "stream", "agent", "queue"]);

// What a value means. among looks a word up; whatever has no words here is shown as it came.
type Meaning = (value: string) => string;
const among =
  (prefix: string): Meaning =>
  v =>
    sayOr(prefix, v);
const itself: Meaning = v => v;
const step: Meaning = v => say("fact.step", { step: Number(v) + 1 });
const status: Meaning = v => (v === "0" ? "" : `SIP ${v}`);

const states: Record<string, Meaning> = {
  "call.start": among("kind"),
  "call.kind": among("kind"),
  "call.end": among("result"),
  "call.disposition": v => (v === "none" ? say("call.no_disposition") : v),
  "leg.start": among("leg"),
  "leg.end": status,
  "visit.enter": among("entered"),
  "visit.step": step,
  "visit.leave": among("visitresult"),
  "offer.desk": among("deskact"),
  "offer.end": among("outcome"),
  "agent.state": among("state"),
  "agent.wrap_up": among("wrapact"),
  "agent.queue": among("queueact"),
  "recording.end": among("recording"),
};
const reasons: Record<string, Meaning> = {
  "call.end": among("cause"),
  "leg.end": among("cause"),
  "visit.leave": among("cause"),
  "visit.end": v => (v === "crashed" ? among("cause") : among("outcome"))(v),
  "offer.start": among("oddity"),
  "offer.desk": v => (v === "preview_without_desk" ? among("oddity") : among("decline"))(v),
  "offer.end": v => (/^\d+$/.test(v) ? status(v) : sayOr("cause", v)),
  "agent.state": among("reason"),
  "agent.queue": among("whyleft"),
  "recording.end": among("recording"),
};

function datum(name: string, value: string): string {
  switch (name) {
    case "service_level":
    case "short_abandon":
      return duration(Number(value));
    case "ms":
      return duration(Number(value) / 1000);
  }
  return value;
}

/** facts are what an event tells beside its kind: words first, identifiers last. */
export function facts(e: CallEvent): string[] {
  const kind = e.kind ?? "";
  const { state = "", reason = "", data, ...rest } = e;
  const out = [e.agent, e.queue, state && (states[kind] ?? itself)(state), reason && (reasons[kind] ?? itself)(reason)];
  for (const [name, value] of Object.entries(data ?? {})) out.push(`${sayOr("fact", name)} ${datum(name, String(value))}`);
  for (const [name, value] of Object.entries(rest))
    if (!hidden.has(name) && typeof value === "string" && value !== "") out.push(`${sayOr("fact", name)} ${value}`);
  return out.filter((x): x is string => !!x);
}
