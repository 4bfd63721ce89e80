// The numbers that a made-up caller is offered to dial. Pure.
import type { Graph } from "./types";

// How the entries of the graph begin, by who calls.
const entries = { app: "entry app ", account: "entry phones ", trunk: "entry trunk" } as const;

/** dialable are the numbers that lead somewhere from where such a caller comes in: of the contexts there, and of what those include. */
export function dialable(g: Graph | undefined, who: keyof typeof entries): string[] {
  const seen = new Set((g?.entries ?? []).filter(e => e.id.startsWith(entries[who])).map(e => `context ${e.context}`));
  for (const context of seen) for (const e of g?.edges ?? []) if (e.kind === "include" && e.from === context) seen.add(e.to);
  const found = (g?.extensions ?? []).filter(x => x.kind === "number" && x.name !== "s" && seen.has(`context ${x.context}`));
  return [...new Set(found.map(x => x.name))].sort();
}
