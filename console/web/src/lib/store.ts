import { useSyncExternalStore } from "react";

/** Store is a value that components watch. */
export class Store<T> {
  private watchers = new Set<() => void>();
  constructor(private value: T) {}
  get = (): T => this.value;
  set = (next: T | ((old: T) => T)) => {
    const v = typeof next === "function" ? (next as (old: T) => T)(this.value) : next;
    if (Object.is(v, this.value)) return;
    this.value = v;
    for (const w of this.watchers) w();
  };
  subscribe = (f: () => void): (() => void) => {
    this.watchers.add(f);
    return () => this.watchers.delete(f);
  };
}

export function useStore<T, S = T>(s: Store<T>, pick: (v: T) => S = v => v as unknown as S): S {
  return useSyncExternalStore(s.subscribe, () => pick(s.get()));
}
