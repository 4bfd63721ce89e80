// Where the dialplan's parts are drawn: contexts are boxes that dagre orders by the ways between them, and in each box its
// extensions stand below one another, in as many columns as keep it from being a tower.
import dagre from "@dagrejs/dagre";
import type { Graph, GraphEdge, GraphExtension } from "./types";

export const card = { width: 250, head: 32, row: 24, gap: 14, pad: 14, title: 36, entry: 40 };

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed {
  entries: Box[];
  contexts: Box[];
  extensions: (Box & { context: string })[]; // within their context's box
}

export function cardHeight(e: GraphExtension): number {
  return card.head + (e.steps?.length ?? 0) * card.row + 6;
}

/** owners says for every part's id in which box it lies. */
export function owners(g: Graph): Map<string, string> {
  const out = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const e of g.entries ?? []) out.set(e.id, e.id);
  for (const c of g.contexts ?? []) {
    out.set(c.id, c.id);
    byName.set(c.name, c.id);
  }
  for (const x of g.extensions ?? []) {
    const context = out.has(x.context) ? x.context : (byName.get(x.context) ?? x.context);
    out.set(x.id, context);
    for (const s of x.steps ?? []) out.set(s.id, context);
  }
  return out;
}

/** drawn leaves out the ways from a step to the next below it, which the order of the rows shows already. */
export function drawn(g: Graph): GraphEdge[] {
  const card = new Map<string, string>();
  for (const x of g.extensions ?? []) {
    card.set(x.id, x.id);
    for (const s of x.steps ?? []) card.set(s.id, x.id);
  }
  return (g.edges ?? []).filter(e => {
    const same = card.has(e.from) && card.get(e.from) === card.get(e.to);
    return !(same && (e.kind === "next" || e.kind === "branch"));
  });
}

/** stack puts the extensions of one context into columns. */
function stack(all: GraphExtension[], context: string): { cards: Placed["extensions"]; width: number; height: number } {
  const total = all.reduce((n, e) => n + cardHeight(e) + card.gap, 0);
  const columns = Math.max(1, Math.min(6, Math.round(Math.sqrt(total / 190))));
  const limit = total / columns;
  const cards: Placed["extensions"] = [];
  let x = card.pad;
  let y = card.title;
  let bottom = y;
  for (const e of all) {
    if (y > card.title && y - card.title + cardHeight(e) / 2 > limit) {
      x += card.width + card.gap;
      y = card.title;
    }
    const height = cardHeight(e);
    cards.push({ id: e.id, context, x, y, width: card.width, height });
    y += height + card.gap;
    bottom = Math.max(bottom, y);
  }
  return { cards, width: x + card.width + card.pad, height: bottom + card.pad - card.gap };
}

export function layout(g: Graph): Placed {
  const home = owners(g);
  const d = new dagre.graphlib.Graph();
  d.setGraph({ rankdir: "LR", nodesep: 36, ranksep: 110 });
  d.setDefaultEdgeLabel(() => ({}));
  const extensions: Placed["extensions"] = [];
  for (const e of g.entries ?? []) d.setNode(e.id, { width: 200, height: card.entry });
  for (const c of g.contexts ?? []) {
    const s = stack(
      (g.extensions ?? []).filter(x => home.get(x.id) === c.id),
      c.id,
    );
    extensions.push(...s.cards);
    d.setNode(c.id, { width: s.width, height: Math.max(s.height, card.title + card.pad) });
  }
  for (const e of g.edges ?? []) {
    const from = home.get(e.from);
    const to = home.get(e.to);
    if (from && to && from !== to && d.hasNode(from) && d.hasNode(to)) d.setEdge(from, to);
  }
  dagre.layout(d);
  const box = (id: string): Box => {
    const n = d.node(id);
    const width = n.width ?? 0;
    const height = n.height ?? 0;
    return { id, width, height, x: (n.x ?? 0) - width / 2, y: (n.y ?? 0) - height / 2 };
  };
  return { entries: (g.entries ?? []).map(e => box(e.id)), contexts: (g.contexts ?? []).map(c => box(c.id)), extensions };
}

export interface Way {
  id: string;
  kind: GraphEdge["kind"];
  source: string; // the card, box or entry
  target: string;
  sourceEnd: string; // < or > for the side, and the part's id
  targetEnd: string;
  label: string;
}

/** joined are the ways as they are drawn: those between the same parts are one, and each takes the sides that lie nearest. */
export function joined(g: Graph, at: Placed): Way[] {
  const place = spans(g, at);
  const out = new Map<string, Way>();
  for (const e of drawn(g)) {
    const from = place.get(e.from);
    const to = place.get(e.to);
    if (!from || !to) continue;
    const key = `${e.kind} ${e.from} ${e.to}`;
    const old = out.get(key);
    if (old) {
      if (e.label && !old.label.split(", ").includes(e.label)) old.label += old.label ? `, ${e.label}` : e.label;
      continue;
    }
    const leftward = to.right <= from.left;
    const ahead = to.left >= from.right;
    out.set(key, {
      id: e.id,
      kind: e.kind,
      source: from.node,
      target: to.node,
      sourceEnd: `${leftward ? "<" : ">"}${e.from}`,
      targetEnd: `${ahead ? "<" : ">"}${e.to}`,
      label: e.label ?? "",
    });
  }
  return [...out.values()];
}

/** spans says which card, box or entry a part belongs to, and from where to where that reaches. */
function spans(g: Graph, at: Placed): Map<string, { node: string; left: number; right: number }> {
  const out = new Map<string, { node: string; left: number; right: number }>();
  for (const b of [...at.entries, ...at.contexts]) out.set(b.id, { node: b.id, left: b.x, right: b.x + b.width });
  for (const b of at.extensions) {
    const left = (out.get(b.context)?.left ?? 0) + b.x;
    out.set(b.id, { node: b.id, left, right: left + b.width });
  }
  for (const x of g.extensions ?? []) for (const s of x.steps ?? []) if (out.has(x.id)) out.set(s.id, out.get(x.id)!);
  return out;
}
