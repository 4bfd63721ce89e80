// What an administrator has changed and not yet applied. It lives beside the pages: graph, simulation and comparison see the
// same draft, and going to another page loses nothing of it.
import { get } from "../api/client";
import { Store } from "../lib/store";
import type { ConfigFiles } from "./types";

export interface Draft {
  base: ConfigFiles | null; // what was edited: its version is the base of an apply
  edits: Record<string, string | null>; // texts by path, null: taken away
}

export const draft = new Store<Draft>({ base: null, edits: {} });

/** edited keeps of a draft what differs from its base. */
export function edited(d: Draft): Record<string, string | null> {
  const out: Record<string, string | null> = {};
  for (const [path, text] of Object.entries(d.edits)) if (text !== (baseText(d, path) ?? null)) out[path] = text;
  return out;
}

export function baseText(d: Draft, path: string): string | undefined {
  return d.base?.files.find(f => f.path === path)?.text;
}

/** textOf is a file as the draft has it; nothing where it is not, or was taken away. */
export function textOf(d: Draft, path: string): string | undefined {
  const mine = d.edits[path];
  return mine === undefined ? baseText(d, path) : (mine ?? undefined);
}

/** paths are the files of base and draft, those that were taken away too, in the order of the switch. */
export function paths(d: Draft): string[] {
  const all = new Set([...(d.base?.files ?? []).map(f => f.path), ...Object.keys(d.edits)]);
  const rank = (p: string) => (p === "ringway.yaml" ? 0 : p.startsWith("dialplan/") ? 2 : 1);
  return [...all].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

export function edit(path: string, text: string | null) {
  draft.set(d => {
    const edits = { ...d.edits, [path]: text };
    const same = text === (baseText(d, path) ?? null);
    if (same) delete edits[path];
    return { ...d, edits };
  });
}

/** overlaid are files that somebody else changed since, and that the draft changes too: applying it would undo theirs. */
export function overlaid(old: Draft, now: ConfigFiles): string[] {
  return Object.keys(edited(old)).filter(p => baseText(old, p) !== now.files.find(f => f.path === p)?.text);
}

/** rebase takes newer files as the base; the draft stays laid over them. Says which of its files both sides changed. */
export function rebase(now: ConfigFiles): string[] {
  const both = overlaid(draft.get(), now);
  draft.set(d => {
    const next = { base: now, edits: d.edits };
    return { ...next, edits: edited(next) };
  });
  return both;
}

export async function loadFiles(): Promise<ConfigFiles> {
  const now = await get<ConfigFiles>("/config/files");
  const d = draft.get();
  // A draft keeps the base that it began with: what came in between is shown when it is applied.
  if (!d.base || Object.keys(d.edits).length === 0) draft.set({ base: now, edits: {} });
  return now;
}

export function discard() {
  draft.set(d => ({ ...d, edits: {} }));
}

/** newFile is the path of a new file, nothing where the name is none: only the dialplan's folder takes files. */
export function newFile(name: string, taken: string[]): string | null {
  const clean = name
    .trim()
    .replace(/^dialplan\//, "")
    .replace(/\.ya?ml$/, "");
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$/.test(clean)) return null;
  const path = `dialplan/${clean}.yaml`;
  return taken.includes(path) ? null : path;
}

/** askBeforeLeaving lets the browser ask before the page is closed with a draft in it, on whatever page its person is by then. */
export function askBeforeLeaving() {
  window.addEventListener("beforeunload", e => {
    if (Object.keys(edited(draft.get())).length > 0) e.preventDefault();
  });
}
