// How durations, times and shares are written. Pure: language and zone are arguments, and so is now, which is the server's unless told.
import { clock } from "./clock";

/** duration writes seconds as 0:07, 12:05 or 1:02:09; tenths are dropped, never rounded up, so a timer does not run ahead. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** clockTime writes the time of day in a zone; an unknown zone falls back to UTC and says so. */
export function clockTime(ms: number, zone: string | undefined, lang: string, seconds = false): string {
  const o: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (seconds) o.second = "2-digit";
  return formatter(lang, zone, o).format(ms) + (zone && !zoneOK(zone) ? " UTC" : "");
}

/** dateTime writes day and time, with the year only when it is not this one. */
export function dateTime(ms: number, zone: string | undefined, lang: string, now = clock.now()): string {
  if (!Number.isFinite(ms)) return "–";
  const o: Intl.DateTimeFormatOptions = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const year = (at: number) => formatter("en", zone, { year: "numeric" }).format(at);
  if (year(ms) !== year(now)) o.year = "numeric";
  return formatter(lang, zone, o).format(ms);
}

/** fullDateTime is the exact instant, for tooltips. */
export function fullDateTime(ms: number, zone: string | undefined, lang: string): string {
  if (!Number.isFinite(ms)) return "–";
  const o: Intl.DateTimeFormatOptions = {
    dateStyle: "long",
    timeStyle: "long",
  };
  return formatter(lang, zone, o).format(ms);
}

export function day(ms: number, zone: string | undefined, lang: string): string {
  return formatter(lang, zone, { weekday: "short", day: "numeric", month: "short" }).format(ms);
}

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** weekday names a day of the week by its three letters; nothing for what is none. */
export function weekday(name: string, lang: string): string {
  const n = weekdays.indexOf(name);
  return n < 0 ? "" : formatter(lang, "UTC", { weekday: "long" }).format(Date.UTC(2023, 0, 1 + n)); // that year began on a Sunday
}

/** isoDay is the calendar day in a zone as YYYY-MM-DD. */
export function isoDay(ms: number, zone: string | undefined): string {
  return formatter("en-CA", zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
}

/** addDays counts calendar days, which are not all of 24 hours. */
export function addDays(isoDate: string, n: number): string {
  const t = Date.parse(`${isoDate}T12:00:00Z`);
  return Number.isNaN(t) ? isoDate : new Date(t + n * 86_400_000).toISOString().slice(0, 10);
}

/** startOfDay is the first instant of a calendar day in a zone, also where the clocks change on that day. */
export function startOfDay(isoDate: string, zone: string | undefined): number {
  return instantOf(`${isoDate}T00:00`, zone);
}

/** instantOf is when a clock in a zone shows a day and a time, as 2026-03-02T15:04; NaN where that is none. */
export function instantOf(wall: string, zone: string | undefined): number {
  const local = Date.parse(`${wall}Z`);
  if (Number.isNaN(local)) return Number.NaN;
  const z = zone && zoneOK(zone) ? zone : zone ? "UTC" : undefined;
  let at = local;
  for (let i = 0; i < 3; i++) at = local - (minutes(z, at) * 60_000 - Math.floor(at / 60_000) * 60_000);
  return at;
}

/** offset writes how far a zone is from another now, e.g. "+9 h" or "+5:30"; empty when they agree. */
export function offset(zone: string, from: string | undefined, ms: number): string {
  if (!zoneOK(zone)) return "";
  const d = minutes(zone, ms) - minutes(from && zoneOK(from) ? from : undefined, ms);
  if (d === 0) return "";
  const abs = Math.abs(d);
  const m = abs % 60;
  return `${d < 0 ? "−" : "+"}${Math.floor(abs / 60)}${m ? `:${String(m).padStart(2, "0")}` : ""} h`;
}

/** daypart says whether it is a decent hour there: the agent should know whether she wakes somebody. */
export function daypart(ms: number, zone: string): "night" | "morning" | "day" | "evening" {
  const h = Number(formatter("en-GB", zone, { hour: "2-digit", hourCycle: "h23" }).format(ms));
  if (h < 6 || h >= 23) return "night";
  if (h < 11) return "morning";
  return h < 18 ? "day" : "evening";
}

function minutes(zone: string | undefined, ms: number): number {
  const parts = formatter("en-GB", zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(ms);
  const n = (t: string) => Number(parts.find(p => p.type === t)?.value ?? 0);
  return Math.round(Date.UTC(n("year"), n("month") - 1, n("day"), n("hour"), n("minute")) / 60_000);
}

export function percent(v: number | null | undefined, lang: string): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  return new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 }).format(v);
}

export function number(v: number | null | undefined, lang: string, digits = 0): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  return new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(v);
}

/** languageName, regionName: BCP 47 and ISO 3166 codes in the reader's language; what is unknown stays as it came. */
export function languageName(code: string | undefined, lang: string): string {
  return display("language", code, lang);
}

export function regionName(code: string | undefined, lang: string): string {
  return code && /^[A-Za-z]{2}$/.test(code) ? display("region", code.toUpperCase(), lang) : (code ?? "");
}

function display(type: "language" | "region", code: string | undefined, lang: string): string {
  if (!code) return "";
  try {
    return new Intl.DisplayNames([lang], { type, languageDisplay: "standard" }).of(code) ?? code;
  } catch {
    return code;
  }
}

const known = new Map<string, boolean>();

export function zoneOK(zone: string): boolean {
  let ok = known.get(zone);
  if (ok === undefined) {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      ok = true;
    } catch {
      ok = false;
    }
    known.set(zone, ok);
  }
  return ok;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(lang: string, zone: string | undefined, o: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tz = zone === undefined || zone === "" ? undefined : zoneOK(zone) ? zone : "UTC";
  const key = `${lang}|${tz}|${JSON.stringify(o)}`;
  let f = formatters.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(lang, { ...o, timeZone: tz });
    formatters.set(key, f);
  }
  return f;
}
