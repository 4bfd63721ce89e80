// What may be written of a customer, and how an edit meets one that somebody else saved meanwhile.
import type { Customer } from "../api/types";

export const texts = ["name", "number", "language", "region", "zone", "booking"] as const;

/** Editable is what the server takes: an answer of its own has more, which it refuses. */
export type Editable = { [K in (typeof texts)[number]]: string } & { priority_seconds: number; fields: Record<string, string> };

export function editable(c: Partial<Customer>): Editable {
  const all = Object.fromEntries(texts.map(k => [k, c[k] ?? ""])) as Pick<Editable, (typeof texts)[number]>;
  return { ...all, priority_seconds: c.priority_seconds ?? 0, fields: { ...c.fields } };
}

/** Clash is one field that somebody else changed; mine is there where it was changed here too, to something else. */
export interface Clash {
  key: string; // of a further field its name, after "fields."
  theirs: string;
  mine?: string;
}

/** clashes lists what somebody else changed since base. */
export function clashes(base: Editable, mine: Editable, theirs: Editable): Clash[] {
  const [a, b, c] = [flat(base), flat(mine), flat(theirs)];
  return keys(a, b, c)
    .filter(k => a.get(k) !== c.get(k))
    .map(k => {
      const own = b.get(k) ?? "";
      const differs = b.get(k) !== a.get(k) && b.get(k) !== c.get(k);
      return { key: k, theirs: c.get(k) ?? "", ...(differs ? { mine: own } : {}) };
    });
}

/** overlay lays what was changed here over what somebody else saved: what was not touched is theirs. */
export function overlay(base: Editable, mine: Editable, theirs: Editable): Editable {
  const pick = <T>(was: T, own: T, other: T): T => (own === was ? other : own);
  const out: Editable = {
    ...theirs,
    priority_seconds: pick(base.priority_seconds, mine.priority_seconds, theirs.priority_seconds),
  };
  for (const k of texts) out[k] = pick(base[k], mine[k], theirs[k]);
  const names = new Set([...Object.keys(theirs.fields), ...Object.keys(mine.fields)]);
  out.fields = {};
  for (const n of names) {
    const v = pick(base.fields[n], mine.fields[n], theirs.fields[n]);
    if (v !== undefined) out.fields[n] = v;
  }
  return out;
}

function flat(e: Editable): Map<string, string> {
  const out = new Map<string, string>(texts.map(k => [k, e[k]]));
  out.set("priority_seconds", String(e.priority_seconds));
  for (const [k, v] of Object.entries(e.fields)) out.set(`fields.${k}`, v);
  return out;
}

function keys(...all: Map<string, string>[]): string[] {
  return [...new Set(all.flatMap(m => [...m.keys()]))];
}
