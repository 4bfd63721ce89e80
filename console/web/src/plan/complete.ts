// What can be written at the cursor's place of a YAML file, from its JSON Schema. The place is found by indentation alone, so
// that it is known in a file that is half written; flow collections are followed within their line.

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
}

export type Step = string | 0; // a key, or an item of a list

export interface Place {
  path: Step[];
  kind: "key" | "value";
  from: number; // where the word at the cursor begins
  siblings: string[]; // keys that are there already
}

export interface Option {
  label: string;
  kind: "key" | "value";
  detail?: string;
  info?: string;
}

const keyOf = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:,[\]{}"'][^:#,[\]{}]*?)\s*:(?=\s|$)/;
const bare = (k: string) => k.replace(/^(["'])(.*)\1$/, "$2");

interface Mark {
  column: number;
  key?: string; // none: the dash of an item
}

/** marks are the dashes and the key that a line begins with, and where the rest of it starts. */
function marks(line: string): { marks: Mark[]; rest: number } {
  const out: Mark[] = [];
  let at = line.length - line.trimStart().length;
  for (let m = /^-(\s+|$)/.exec(line.slice(at)); m; m = /^-(\s+|$)/.exec(line.slice(at))) {
    out.push({ column: at });
    at += m[0].length;
  }
  const k = keyOf.exec(line.slice(at));
  if (k) {
    out.push({ column: at, key: bare(k[1]!) });
    at += k[0].length;
    at += line.slice(at).length - line.slice(at).trimStart().length;
  }
  return { marks: out, rest: at };
}

function comment(line: string): boolean {
  const t = line.trimStart();
  return t === "" || t.startsWith("#");
}

/** above walks up from a column to the keys and dashes that hold it. */
function above(lines: string[], row: number, column: number, path: Step[]): void {
  let want = column;
  let item = path[0] === 0; // a list may stand at its key's own column
  for (let i = row - 1; i >= 0 && want > 0 - Number(item); i--) {
    const line = lines[i]!;
    if (comment(line)) continue;
    for (const m of marks(line).marks.reverse()) {
      const holds = m.column < want || (item && m.key !== undefined && m.column === want);
      if (!holds) continue;
      path.unshift(m.key ?? 0);
      want = m.column;
      item = m.key === undefined;
    }
  }
}

/** siblings are the keys beside a column, up and down to where its mapping ends. */
function siblings(lines: string[], row: number, column: number): string[] {
  const out: string[] = [];
  const walk = (by: number) => {
    for (let i = row + by; i >= 0 && i < lines.length; i += by) {
      const line = lines[i]!;
      if (comment(line)) continue;
      const all = marks(line).marks;
      const here = all.find(m => m.column === column);
      const first = all[0]?.column ?? line.length - line.trimStart().length;
      if (by > 0 && first < column) return;
      if (here?.key !== undefined) out.push(here.key);
      else if (here) return; // an item of the list: nothing beside it
      if (first < column) return;
    }
  };
  const first = marks(lines[row]!).marks[0];
  if (!first || first.key !== undefined || first.column >= column) walk(-1);
  walk(1);
  return out;
}

/** flow follows { and [ of a line up to the cursor; nothing when none is open there. */
function flow(text: string): { path: Step[]; kind: Place["kind"]; from: number; siblings: string[] } | null {
  const open: { kind: "{" | "["; key?: string; keys: string[] }[] = [];
  let word = 0;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === quote) quote = "";
      continue;
    }
    const top = open.at(-1);
    if (c === '"' || c === "'") quote = c;
    else if (c === "{" || c === "[") {
      open.push({ kind: c, keys: [] });
      word = i + 1;
    } else if (c === "}" || c === "]") open.pop();
    else if (c === "," && top) {
      top.key = undefined;
      word = i + 1;
    } else if (c === ":" && top?.kind === "{" && /\s/.test(text[i + 1] ?? " ")) {
      top.key = bare(text.slice(word, i).trim());
      top.keys.push(top.key);
      word = i + 1;
    }
  }
  const top = open.at(-1);
  if (!top || quote) return null;
  const path: Step[] = [];
  open.forEach((o, i) => {
    if (o.kind === "[") path.push(0);
    else if (o.key !== undefined) path.push(o.key);
    else if (i < open.length - 1) path.push("");
  });
  const from = text.length - text.slice(word).trimStart().length;
  const key = top.kind === "{" && top.key === undefined;
  return { path, kind: key || top.kind === "[" ? "key" : "value", from, siblings: key ? top.keys : [] };
}

/** placeAt finds where in the document's structure the cursor stands; nothing inside of comments. */
export function placeAt(text: string, cursor: number): Place | null {
  const lines = text.split("\n");
  const row = text.slice(0, cursor).split("\n").length - 1;
  const start = text.lastIndexOf("\n", cursor - 1) + 1;
  const before = text.slice(start, cursor);
  if (/(^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ""))) return null;
  const m = marks(before);
  const path: Step[] = m.marks.map(x => x.key ?? 0);
  const first = m.marks[0]?.column ?? m.rest;
  above(lines, row, first, path);
  const inside = flow(before.slice(m.rest));
  if (inside) {
    return { path: [...path, ...inside.path], kind: inside.kind, from: start + m.rest + inside.from, siblings: inside.siblings };
  }
  const value = m.marks.at(-1)?.key !== undefined;
  const from = start + m.rest;
  return { path, kind: value ? "value" : "key", from, siblings: value ? [] : siblings(lines, row, m.rest) };
}

/** resolve is every schema that a place may have. */
export function resolve(root: Schema, path: Step[]): Schema[] {
  let now = expand(root, [root]);
  for (const s of path) {
    const next = now.flatMap(x => {
      if (s === 0) return x.items ? [x.items] : [];
      if (x.properties && Object.hasOwn(x.properties, s)) return [x.properties[s]!];
      return typeof x.additionalProperties === "object" ? [x.additionalProperties] : [];
    });
    now = expand(root, next);
  }
  return now;
}

function expand(root: Schema, all: Schema[]): Schema[] {
  const out = new Set<Schema>();
  const add = (s: Schema) => {
    if (out.has(s)) return;
    out.add(s);
    if (s.$ref?.startsWith("#/$defs/")) {
      const to = root.$defs?.[s.$ref.slice(8)];
      if (to) add(to);
    }
    for (const x of s.anyOf ?? []) add(x);
  };
  all.forEach(add);
  return [...out];
}

/** optionsAt lists what may be written at a place: its keys first, in the schema's order, then its values. */
export function optionsAt(root: Schema, p: Place): Option[] {
  const out = new Map<string, Option>();
  const here = resolve(root, p.path);
  if (p.kind === "key") {
    for (const s of here)
      for (const [k, v] of Object.entries(s.properties ?? {})) {
        if (p.siblings.includes(k) || out.has(k)) continue;
        const def = defaultOf(root, v);
        out.set(k, { label: k, kind: "key", detail: def, info: docOf(root, v) });
      }
  }
  const item = p.path.at(-1) === 0;
  if ((p.kind === "value" || item) && p.siblings.length === 0) {
    for (const s of here)
      for (const v of [...(s.enum ?? []), ...(s.examples ?? [])]) {
        if (v === null || typeof v === "object") continue;
        const label = written(v);
        if (!out.has(label) || p.kind === "value") out.set(label, { label, kind: "value", info: s.description });
      }
  }
  return [...out.values()];
}

function docOf(root: Schema, s: Schema): string | undefined {
  return expand(root, [s]).find(x => x.description)?.description;
}

function defaultOf(root: Schema, s: Schema): string | undefined {
  const d = expand(root, [s]).find(x => x.default !== undefined)?.default;
  return d === undefined || typeof d === "object" ? undefined : String(d);
}

/** written quotes what YAML would read as something else. */
function written(v: unknown): string {
  const s = String(v);
  return typeof v === "string" && (/^[\d+*#_&!|>'"%@`{[-]|^$|: /.test(s) || s.trim() !== s) ? JSON.stringify(s) : s;
}

/** schemaOf is the kind of a file. */
export function schemaOf(path: string): string {
  return path.startsWith("dialplan/") ? "dialplan" : path.replace(/\.yaml$/, "");
}
