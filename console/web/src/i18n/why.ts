// Why an agent was offered a call, or nobody was, in the reader's language: the switch tells rules, comparisons and figures.
import type { Decision } from "../api/types";
import { duration } from "../lib/format";
import { type Key, lang, say, sayOr } from ".";

/** Choice is what a decision tells, whichever page it stands on. Agents are named by their ids. */
export interface Choice {
  chosen: string[];
  eligible: number;
  names: string[]; // of the comparisons, in their order
  ranks: Candidate[]; // best first
}

export interface Candidate {
  agent: string;
  step: number; // the widening step that wants her, from 0
  robot?: boolean;
  values: string[];
}

/** Removed is whom a rule took out of a decision; the record names the first of many. */
export interface Removed {
  rule: string;
  detail?: string; // as the administrator wrote it
  agents: string[];
  count: number;
}

/** choiceOf and removedOf read a decision as the server tells it. */
export function choiceOf(d: Decision): Choice {
  const ranks = (d.ranks ?? []).map(r => ({ ...r, values: r.values ?? [] }));
  return { chosen: d.chosen ?? [], eligible: d.eligible ?? 0, names: d.rank_names ?? [], ranks };
}

export function removedOf(d: Decision): Removed[] {
  return (d.removed ?? []).map(r => ({ ...r, agents: r.agents ?? [] }));
}

const comparisons = ["language", "skills", "region", "zone", "idle", "calls", "talk", "turn", "random", "order"];

/** rankName heads a comparison; one that the administrator wrote stays as it is. */
export function rankName(name: string): string {
  return comparisons.includes(name) ? say(`rank.${name}` as Key) : name;
}

/** rankValue writes the figure of a comparison. */
export function rankValue(name: string, value: string | undefined): string {
  if (value === undefined) return "–";
  if (name === "region") return value === "yes" ? say("rankvalue.yes") : value === "no" ? say("rankvalue.no") : value;
  if (name === "zone" && value === "unknown") return say("rankvalue.unknown");
  if (name === "zone" && /^\d+m$/.test(value)) {
    const minutes = Number.parseInt(value, 10);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")} h`;
  }
  if (name === "idle" || name === "talk") return duration(secondsOf(value));
  return value;
}

/** secondsOf reads a length of time as the switch writes it: 1h2m3.4s. */
export function secondsOf(text: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001, µs: 0.000001, ns: 0.000000001 };
  let sum = 0;
  for (const [, n, unit] of text.matchAll(/([\d.]+)(h|ms|m|s|µs|ns)/g)) sum += Number(n) * units[unit!]!;
  return sum;
}

/** list joins names as the language does: "Mei, Ken and Wei". */
export function list(names: string[]): string {
  return new Intl.ListFormat(lang(), { type: "conjunction" }).format(names);
}

/** removedNames are those whom a rule took out; the record keeps only the first of many. */
export function removedNames(agents: string[], count: number, name: (id: string) => string): string {
  const shown = agents.map(name);
  const more = count - agents.length;
  return more > 0 && shown.length > 0 ? say("why.more", { names: shown.join(", "), count: more }) : list(shown);
}

/** why tells in sentences who was chosen, and where the next one fell behind. */
export function why(c: Choice, name: (id: string) => string): string[] {
  const out = [chosen(c, name)];
  const [winner, next] = runnerUp(c);
  if (winner && next) out.push(...difference(c, winner, next, name));
  return out;
}

/** whyNot tells in sentences what a decision meant for one agent. */
export function whyNot(c: Choice, removed: Removed[], agent: string, name: (id: string) => string): string[] {
  if (c.chosen.includes(agent)) return why(c, name);
  const who = { name: name(agent) };
  const own = c.ranks.find(r => r.agent === agent);
  const winner = c.ranks.findLast(r => c.chosen.includes(r.agent));
  if (own && winner) return [say("why.could", who), ...difference(c, winner, own, name)];
  const out = removed.find(r => r.agents.includes(agent));
  if (out) return [say("why.out", { ...who, rule: sayOr("rule", out.rule), detail: out.detail ? ` (${out.detail})` : "" })];
  if (c.eligible > c.ranks.length) return [say("why.beyond", { ...who, count: c.ranks.length })];
  const unnamed = removed.reduce((n, r) => n + Math.max(r.count - r.agents.length, 0), 0);
  return [unnamed > 0 ? say("why.unnamed", { ...who, count: unnamed }) : say("why.no_roster", who)];
}

function chosen(c: Choice, name: (id: string) => string): string {
  const who = c.chosen.map(name);
  if (who.length === 0) return say("why.nobody");
  if (who.length > 1) return say("why.all", { names: list(who), count: c.eligible });
  return c.eligible <= 1 ? say("why.only", { name: who[0] }) : say("why.first", { name: who[0], count: c.eligible });
}

/** runnerUp is the last chosen one and the best who was not. */
function runnerUp(c: Choice): [Candidate?, Candidate?] {
  let winner: Candidate | undefined;
  for (const r of c.ranks) {
    if (c.chosen.includes(r.agent)) winner = r;
    else if (winner) return [winner, r];
  }
  return [winner];
}

function difference(c: Choice, winner: Candidate, next: Candidate, who: (id: string) => string): string[] {
  const both = { name: who(winner.agent), other: who(next.agent) };
  if (!winner.robot !== !next.robot) return [say("why.robot", both)];
  if (winner.step !== next.step) return [say("why.step", { ...both, step: winner.step + 1, later: next.step + 1 })];
  const i = winner.values.findIndex((v, n) => v !== next.values[n]);
  if (i < 0 || i >= next.values.length) return [say("why.equal", both)];
  const name = c.names[i] ?? String(i + 1);
  const by = { rank: rankName(name), value: rankValue(name, winner.values[i]), against: rankValue(name, next.values[i]) };
  const out = [say("why.by", { ...both, ...by })];
  if (i > 0) out.push(say("why.before", { ranks: list(c.names.slice(0, i).map(rankName)) }));
  return out;
}
