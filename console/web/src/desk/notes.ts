import { useSyncExternalStore } from "react";
import { put } from "../api/client";
import { Autosave } from "./autosave";
import { peers } from "./peers";

// Owned by this module: one note per call of this page, so that the note of the call goes on as the note of its wrap-up, and
// is still saved while the person looks at another page.
interface Held {
  auto: Autosave;
  version: number;
  watchers: Set<() => void>;
  writing: boolean;
}

const notes = new Map<string, Held>();
const limit = 20;

function held(call: string, initial: string): Held {
  const known = notes.get(call);
  if (known) return known;
  const h: Held = { auto: undefined as unknown as Autosave, version: 0, watchers: new Set(), writing: false };
  h.auto = new Autosave(initial, {
    save: async (text, last) => {
      await put(`/desk/calls/${encodeURIComponent(call)}/note`, { text }, { keepalive: last });
      if (h.auto.text === text) keepDraft(call, null);
    },
    changed: () => {
      h.version++;
      for (const w of h.watchers) w();
    },
  });
  const draft = readDraft(call);
  if (draft !== null && draft !== initial) h.auto.edit(draft);
  notes.set(call, h);
  for (const old of notes.keys()) {
    if (notes.size <= limit) break;
    if (!notes.get(old)!.auto.dirty()) notes.delete(old);
  }
  return h;
}

export function useNote(call: string, server: string | undefined) {
  const h = held(call, server ?? "");
  useSyncExternalStore(
    f => {
      h.watchers.add(f);
      return () => h.watchers.delete(f);
    },
    () => h.version,
  );
  return {
    text: h.auto.text,
    status: h.auto.status,
    edit(text: string) {
      h.auto.edit(text);
      keepDraft(call, text);
      peers.send({ type: "note", call, text });
    },
    focus(on: boolean) {
      h.writing = on;
      if (!on) void h.auto.flush();
    },
  };
}

/** adoptNote is the server's word for a call's note, or another tab's. */
export function adoptNote(call: string, text: string | undefined) {
  const h = notes.get(call);
  if (h && text !== undefined) h.auto.adopt(text, h.writing);
}

/** flushNotes saves what is unsaved before the page goes. */
export function flushNotes() {
  for (const h of notes.values()) if (h.auto.dirty()) void h.auto.flush(true);
}

/** settleNotes saves what is unsaved; false where something could not be saved. */
export async function settleNotes(): Promise<boolean> {
  const done = await Promise.all([...notes.values()].map(h => h.auto.settle()));
  return done.every(Boolean);
}

const draftKey = (call: string) => `ringway-draft-${call}`;

function readDraft(call: string): string | null {
  try {
    return sessionStorage.getItem(draftKey(call));
  } catch {
    return null;
  }
}

function keepDraft(call: string, text: string | null) {
  try {
    if (text === null) sessionStorage.removeItem(draftKey(call));
    else sessionStorage.setItem(draftKey(call), text);
  } catch {
    // the text is on the page, and on its way to the server
  }
}
