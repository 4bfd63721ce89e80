import { useStore } from "../lib/store";
import { session } from "./session";

/** useZone is the person's home zone, in which times are shown; the browser's where none is known. */
export function useZone(): string {
  return useStore(session, s => ("me" in s && s.me.zone) || browserZone);
}

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
