// What the switch says of a configuration, in the reader's language: by each sentence before its values were put in. Its English comes
// with it; only other languages have a dictionary, which the pages of the configuration fetch.
import { useEffect, useSyncExternalStore } from "react";
import { type Lang, useT } from ".";

/** Said is a sentence with its values; a value may be one itself. */
export interface Said {
  text: string; // "'{1}' is missing"
  params?: { value: string; said?: Said }[];
}

type Dictionary = Record<string, string>;

const sources: Partial<Record<Lang, () => Promise<{ default: Dictionary }>>> = {
  "zh-TW": () => import("./findings/zh-TW.json"),
  ja: () => import("./findings/ja.json"),
};
const loaded = new Map<Lang, Dictionary>();
const watchers = new Set<() => void>();

/** loadFindings fetches the dictionary of a language; English has none. */
export async function loadFindings(lang: Lang): Promise<void> {
  const from = sources[lang];
  if (!from || loaded.has(lang)) return;
  loaded.set(lang, (await from()).default);
  for (const w of watchers) w();
}

/** tellIn tells a sentence in a language; English where there is no dictionary yet, or it lacks the sentence. */
export function tellIn(lang: Lang, english: string, said?: Said): string {
  const text = said && loaded.get(lang)?.[said.text];
  if (!text) return english;
  const value = (p: { value: string; said?: Said } | undefined) => (p ? tellIn(lang, p.value, p.said) : "");
  return text.replace(/\{(\d)\}/g, (_, n) => value(said.params?.[Number(n) - 1]));
}

/** useFindings tells sentences in the present language. */
export function useFindings(): (english: string, said?: Said) => string {
  const { lang } = useT();
  useSyncExternalStore(
    f => {
      watchers.add(f);
      return () => watchers.delete(f);
    },
    () => loaded.has(lang),
  );
  useEffect(() => {
    loadFindings(lang).catch(() => {}); // offline: English, and another try with the next page
  }, [lang]);
  return (english, said) => tellIn(lang, english, said);
}
