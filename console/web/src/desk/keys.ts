// Which key means what: pure, so that a test can say that nothing is pressed while somebody writes.
export type Command = "accept" | "decline" | "ready" | "hold" | "hang_up" | "transfer" | "note" | "done" | "extend" | "help";

export interface Press {
  key: string;
  code: string;
  alt: boolean;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
  repeat: boolean;
  writing: boolean; // the focus is in a field
  layer: boolean; // a dialog or menu is open
}

export const letters: Record<string, Command> = {
  KeyA: "accept",
  KeyD: "decline",
  KeyR: "ready",
  KeyH: "hold",
  KeyE: "hang_up",
  KeyT: "transfer",
  KeyN: "note",
  KeyW: "done",
  KeyX: "extend",
};

/** command is what a key press asks for. Letters work outside of fields; with Alt and Shift they work everywhere. Letters are
 * taken by their place on the keyboard, so that they work under an input method too. */
export function command(p: Press): Command | number | null {
  if (p.repeat || p.layer || p.ctrl || p.meta) return null;
  const both = p.alt && p.shift;
  if (p.writing && !both) return null;
  if (!p.writing && p.key === "?") return "help";
  if (p.alt !== p.shift) return null; // one of the two alone belongs to the browser
  const digit = /^Digit([1-9])$/.exec(p.code);
  if (digit) return Number(digit[1]);
  return letters[p.code] ?? null;
}
