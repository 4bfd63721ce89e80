import type { Graph, Position, SimStep } from "./types";

/** Trail is which parts of the graph a call came by, and which ways it took between them. */
export interface Trail {
  parts: ReadonlySet<string>;
  ways: ReadonlySet<string>; // "from to"
}

/** trail finds the parts by their places in the files. */
export function trail(g: Graph, steps: SimStep[]): Trail {
  const key = (p: Position) => `${p.file}:${p.line}:${p.column}`;
  const extensions = new Map<string, string>();
  const rows = new Map<string, string>();
  const cards = new Map<string, string>();
  for (const x of g.extensions ?? []) {
    extensions.set(key(x), x.id);
    for (const s of x.steps ?? []) {
      rows.set(key(s), s.id);
      cards.set(s.id, x.id);
    }
  }
  const parts = new Set<string>();
  const ways = new Set<string>();
  let last = "";
  for (const x of steps) {
    const part = x.kind === "enter" ? extensions.get(key(x)) : rows.get(key(x));
    if (!part || x.kind === "skip") continue;
    if (last) ways.add(`${last} ${part}`);
    parts.add(part);
    const card = cards.get(part);
    if (card) parts.add(card);
    last = part;
  }
  return { parts, ways };
}
