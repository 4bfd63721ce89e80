import { useSyncExternalStore } from "react";
import { clock } from "./clock";

// One interval for every timer on the page; it stops when nothing is watched.
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let stamp = clock.now();

function subscribe(f: () => void): () => void {
  watchers.add(f);
  stamp = clock.now();
  timer ??= setInterval(() => {
    stamp = clock.now();
    for (const w of watchers) w();
  }, 250);
  return () => {
    watchers.delete(f);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** useNow is the server's time in ms to the given grain; the component renders again only when it changes. */
export function useNow(grain = 1000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(stamp / grain) * grain);
}
