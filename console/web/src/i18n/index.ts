import i18next from "i18next";
import { useSyncExternalStore } from "react";
import en from "./en.json";
import type more from "./more/en.json";
import { speakProblems } from "./problems";
import type wall from "./wall/en.json";

export const languages = { en: "English", "zh-TW": "繁體中文", ja: "日本語" } as const;
export type Lang = keyof typeof languages;

// Key is every path in en.json; of a plural only the stem is written in code.
type Paths<T, P extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${Stem<K>}` : Paths<T[K], `${P}${K}.`>;
}[keyof T & string];
type Stem<K extends string> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;
export type Key = Paths<typeof en> | Paths<typeof wall> | Paths<typeof more>;

const saved = "ringway-language";
let version = 0;
const watchers = new Set<() => void>();

// Three bundles per language: what the desk needs first, what a screen on the wall adds, which reads nothing else, and what the other
// pages add to both when one of them is opened.
const desks: Record<Lang, () => Promise<{ default: object }>> = {
  en: async () => ({ default: en }),
  "zh-TW": () => import("./zh-TW.json"),
  ja: () => import("./ja.json"),
};
const walls: Record<Lang, () => Promise<{ default: object }>> = {
  en: () => import("./wall/en.json"),
  "zh-TW": () => import("./wall/zh-TW.json"),
  ja: () => import("./wall/ja.json"),
};
const others: Record<Lang, () => Promise<{ default: object }>> = {
  en: () => import("./more/en.json"),
  "zh-TW": () => import("./more/zh-TW.json"),
  ja: () => import("./more/ja.json"),
};
const loaded = new Set<string>(["en"]);
let hung = false; // the wall's words are wanted
let wide = false; // the other pages' words are wanted

async function load(lang: Lang): Promise<void> {
  const add = async (key: string, from: () => Promise<{ default: object }>) => {
    if (loaded.has(key)) return;
    i18next.addResourceBundle(lang, "translation", (await from()).default, true);
    loaded.add(key);
  };
  await Promise.all([
    add(lang, desks[lang]),
    hung && add(`${lang} wall`, walls[lang]),
    wide && add(`${lang} more`, others[lang]),
  ]);
}

/** loadMore fetches the words of the pages beside the desk; English is the fallback of every language. */
export async function loadMore(): Promise<void> {
  wide = true;
  await loadWall();
}

/** loadWall fetches the words of a screen on the wall. */
export async function loadWall(): Promise<void> {
  hung = true;
  await Promise.all([load("en"), load(lang())]);
}

/** preferred is what the person chose before, else the first of the browser's languages that we have, else English. */
export function preferred(stored: string | null, browser: readonly string[]): Lang {
  if (stored && stored in languages) return stored as Lang;
  for (const b of browser) {
    const l = b.toLowerCase();
    if (l.startsWith("zh")) return "zh-TW";
    if (l.startsWith("ja")) return "ja";
    if (l.startsWith("en")) return "en";
  }
  return "en";
}

export async function startI18n(): Promise<void> {
  await i18next.init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React writes text nodes
    returnNull: false,
  });
  await setLang(preferred(read(), navigator.languages), false);
}

export async function setLang(lang: Lang, keep = true): Promise<void> {
  try {
    await load(lang);
  } catch {
    return; // offline: the old language stays
  }
  await i18next.changeLanguage(lang);
  speakProblems(lang);
  document.documentElement.lang = lang;
  if (keep) write(lang);
  version++;
  for (const w of watchers) w();
}

export function lang(): Lang {
  return (i18next.language || "en") as Lang;
}

/** say writes a key in the present language, outside of components. */
export function say(key: Key, values?: Record<string, unknown>): string {
  return i18next.t(key, values ?? {}) as string;
}

/** sayOr is for words that come from the server (states, causes): unknown ones are shown as they came. */
export function sayOr(prefix: string, word: string | undefined): string {
  if (!word) return "";
  const key = `${prefix}.${word.toLowerCase().replace(/[\s-]+/g, "_")}`;
  return i18next.exists(key) ? i18next.t(key) : word.replace(/_/g, " ");
}

export function useT(): { t: typeof say; or: typeof sayOr; lang: Lang } {
  useSyncExternalStore(
    f => {
      watchers.add(f);
      return () => watchers.delete(f);
    },
    () => version,
  );
  return { t: say, or: sayOr, lang: lang() };
}

function read(): string | null {
  try {
    return localStorage.getItem(saved);
  } catch {
    return null;
  }
}

function write(l: Lang) {
  try {
    localStorage.setItem(saved, l);
  } catch {
    // private mode: the choice lasts as long as the page
  }
}
