import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preferred } from ".";
import en from "./en.json";
import ja from "./ja.json";
import moreEn from "./more/en.json";
import moreJa from "./more/ja.json";
import moreZh from "./more/zh-TW.json";
import zh from "./zh-TW.json";

type Tree = { [k: string]: string | Tree };

function flat(t: Tree, at = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const [k, v] of Object.entries(t)) {
    if (typeof v === "string") out.set(at + k, v);
    else for (const [a, b] of flat(v, `${at + k}.`)) out.set(a, b);
  }
  return out;
}

// Chinese and Japanese have one plural form.
const stem = (k: string) => k.replace(/_(one|other)$/, "");
const stems = (m: Map<string, string>) => [...new Set([...m.keys()].map(stem))].sort();
const holes = (s: string) => [...s.matchAll(/\{\{(\w+)\}\}/g)].map(m => m[1]!).sort();

const english = new Map([...flat(en), ...flat(moreEn)]);

describe.each([
  ["zh-TW", flat(zh), flat(moreZh)],
  ["ja", flat(ja), flat(moreJa)],
])("%s", (_, desk, more) => {
  const other = new Map([...desk, ...more]);
  it("has them in the same bundles", () => {
    expect(stems(desk)).toEqual(stems(flat(en)));
    expect(stems(more)).toEqual(stems(flat(moreEn)));
  });
  it("has every key and no other", () => expect(stems(other)).toEqual(stems(english)));
  it("fills the same holes", () => {
    for (const [k, v] of other) {
      const want = english.get(k) ?? english.get(`${stem(k)}_other`) ?? "";
      expect([k, holes(v)]).toEqual([k, holes(want)]);
    }
  });
  it("leaves nothing empty", () => {
    for (const [k, v] of other) expect([k, v.trim() !== ""]).toEqual([k, true]);
  });
});

it("the first bundle and the second share no key", () => {
  const second = new Set(Object.keys(moreEn));
  expect(Object.keys(en).filter(k => second.has(k))).toEqual([]);
});

function files(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap(e =>
    e.isDirectory() ? files(join(dir, e.name)) : /(?<!\.test)\.tsx?$/.test(e.name) ? [join(dir, e.name)] : [],
  );
}

it("every key is used, and none is missing", () => {
  const text = files(join(import.meta.dirname, "..")).map(f => readFileSync(f, "utf8"));
  const all = text.join("\n");
  // words that come from the server are looked up by prefix
  const dynamic = new Set([...all.matchAll(/\bor\(\s*"([\w.]+)"/g)].map(m => `${m[1]}.`));
  for (const m of all.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)) dynamic.add(m[1]!);
  for (const m of all.matchAll(/`([\w.]+\.)\$\{[^`]*` as Key/g)) dynamic.add(m[1]!);
  const unused = stems(english).filter(k => !all.includes(`"${k}"`) && ![...dynamic].some(d => k.startsWith(d)));
  expect(unused).toEqual([]);
});

it("prefers what was chosen, then what the browser speaks", () => {
  expect(preferred("ja", ["en"])).toBe("ja");
  expect(preferred("xx", ["fr", "zh-HK", "en"])).toBe("zh-TW");
  expect(preferred(null, ["de-DE"])).toBe("en");
});
