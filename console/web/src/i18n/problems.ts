// What the server refuses or complains of, in the reader's language. The server says it in English, with a code that never changes;
// only other languages have a dictionary, which comes after the page: until it is there, and for a code it lacks, English speaks.
import type { Lang } from ".";

type Dictionary = Record<string, string>;

const sources: Partial<Record<Lang, () => Promise<{ default: Dictionary }>>> = {
  "zh-TW": () => import("./problems/zh-TW.json"),
  ja: () => import("./problems/ja.json"),
};
const loaded = new Map<Lang, Dictionary>();
let speaks: Lang = "en";

/** speakProblems chooses the language; the dictionary follows. */
export function speakProblems(lang: Lang): void {
  speaks = lang;
  const from = sources[lang];
  if (!from || loaded.has(lang)) return;
  from()
    .then(d => loaded.set(lang, d.default))
    .catch(() => {}); // offline: English, and another try with the next choice
}

/** told is a sentence of the server by its code. */
export function told(english: string, code?: string, params: Record<string, string> = {}): string {
  const text = code && loaded.get(speaks)?.[code];
  return text ? text.replace(/\{\{(\w+)\}\}/g, (_, name) => params[name] ?? "") : english;
}
