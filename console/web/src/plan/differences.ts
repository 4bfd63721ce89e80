// What differs inside a thing of the configuration, in the reader's language. Keys and values stay as they are written.
import { say } from "../i18n";
import type { Change, Difference } from "./types";

/** differences are those of one thing on one line. */
export function differences(c: Change): string {
  const told = (c.details ?? []).map(difference);
  if (c.more) told.push(say("change.more", { count: c.more }));
  return told.join("; ");
}

function difference(d: Difference): string {
  const from = d.from || say("change.nothing");
  const to = d.to || say("change.nothing");
  const what = label(d);
  if (d.kind === "added") return say("change.got", { what, value: to });
  if (d.kind === "removed") return say("change.lost", { what, value: from });
  return what ? say("change.became", { what, from, to }) : `${from} → ${to}`;
}

function label(d: Difference): string {
  if (!d.item) return d.key ?? "";
  if (d.key === "steps") return say("change.step", { number: d.item });
  return d.key ? say("change.item_of", { key: d.key, number: d.item }) : say("change.item", { number: d.item });
}
