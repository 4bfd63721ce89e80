import { clockTime, startOfDay } from "../lib/format";

export interface Asked {
  who: "app" | "account" | "trunk";
  exten: string;
  agents: "now" | "all" | "none";
  joined: string[];
  away: string[];
  behind: boolean;
  press: PressRow[];
  hangUp: Seconds;
  others: Omit<PhoneRow, "who">;
  phones: PhoneRow[];
  account?: string;
  trunk?: string;
  language?: string;
  region?: string;
  zone?: string;
  booking?: string;
  customer?: string;
  number?: string;
  at?: string; // local, as the browser's field gives it
  digits?: string; // groups, apart by spaces or commas
}

/** Seconds are what a field of numbers holds; empty is "". */
export type Seconds = number | string;

export interface PressRow {
  after: Seconds;
  keys: string;
}

export interface PhoneRow {
  who: string;
  outcome: string;
  after: Seconds;
}

/** outcomes are what a phone may do when it rings. */
export const outcomes = ["answered", "declined", "busy", "no_answer", "unreachable"];

export const blank: Asked = {
  who: "app",
  exten: "",
  agents: "now",
  joined: [],
  away: [],
  behind: false,
  press: [],
  hangUp: "",
  others: { outcome: "answered", after: "" },
  phones: [],
};

/** tidy takes out rows in which nothing stands, so that what the switch says of a row finds it. */
export function tidy(a: Asked): Asked {
  return { ...a, press: a.press.filter(r => r.keys.trim() || r.after !== ""), phones: a.phones.filter(r => r.who.trim()) };
}

/** instantOf is when a clock in a zone shows a local time like 2026-03-29T14:30; nothing where it is no time. */
export function instantOf(local: string, zone: string): string | undefined {
  const m = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)/.exec(local);
  if (!m) return undefined;
  let at = startOfDay(m[1]!, zone) + (Number(m[2]) * 60 + Number(m[3])) * 60_000;
  if (Number.isNaN(at)) return undefined;
  const want = `${m[2]}:${m[3]}`;
  // On a day on which the clocks change, midnight is an hour nearer or farther.
  for (const shift of [0, -3_600_000, 3_600_000]) {
    if (clockTime(at + shift, zone, "en-GB") !== want) continue;
    at += shift;
    break;
  }
  return new Date(at).toISOString();
}

/** request is what the form asks of the switch; what is empty is not sent. */
export function request(a: Asked, files: Record<string, string | null>, zone: string): object {
  const filled = (o: Record<string, string | undefined>) =>
    Object.fromEntries(Object.entries(o).flatMap(([k, v]) => (v?.trim() ? [[k, v.trim()]] : [])));
  const app = { language: a.language, region: a.region?.toUpperCase(), zone: a.zone, booking: a.booking, customer: a.customer };
  const phones = Object.fromEntries(a.phones.map(r => [r.who.trim(), phone(r)]));
  const others = phone(a.others);
  return {
    ...(a.who === "app" ? { app: filled(app) } : filled({ [a.who]: a[a.who] })),
    ...filled({ exten: a.exten, number: a.number, at: a.at ? instantOf(a.at, zone) : undefined }),
    ...some("digits", (a.digits ?? "").split(/[\s,]+/).filter(Boolean)),
    ...some(
      "press",
      a.press.map(r => ({ after_seconds: Number(r.after) || 0, keys: r.keys.trim() })),
    ),
    ...(Number(a.hangUp) > 0 ? { hang_up_seconds: Number(a.hangUp) } : {}),
    ...some("joined", a.agents === "all" ? [] : a.joined),
    ...some("away", a.agents === "none" ? [] : a.away),
    ...(a.phones.length > 0 ? { phones } : {}),
    ...(others.outcome !== "answered" || others.answer_seconds ? { others } : {}),
    ...(a.behind ? { behind: true } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
    agents: a.agents,
  };
}

function some<T>(key: string, all: T[]): object {
  return all.length > 0 ? { [key]: all } : {};
}

function phone(r: Omit<PhoneRow, "who">): { outcome: string; answer_seconds?: number } {
  const after = r.outcome === "answered" || r.outcome === "declined" ? Number(r.after) : 0;
  return { outcome: r.outcome, ...(after > 0 ? { answer_seconds: after } : {}) };
}
