import { clockTime, startOfDay } from "../lib/format";

export interface Asked {
  who: "app" | "account" | "trunk";
  exten: string;
  agents: "now" | "all" | "none";
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
  const digits = (a.digits ?? "").split(/[\s,]+/).filter(Boolean);
  return {
    ...(a.who === "app" ? { app: filled(app) } : filled({ [a.who]: a[a.who] })),
    ...filled({ exten: a.exten, number: a.number, at: a.at ? instantOf(a.at, zone) : undefined }),
    ...(digits.length > 0 ? { digits } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
    agents: a.agents,
  };
}
