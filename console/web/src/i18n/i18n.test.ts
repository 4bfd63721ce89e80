import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preferred } from ".";
import en from "./en.json";
import findingsJa from "./findings/ja.json";
import findingsZh from "./findings/zh-TW.json";
import ja from "./ja.json";
import moreEn from "./more/en.json";
import moreJa from "./more/ja.json";
import moreZh from "./more/zh-TW.json";
import problemsJa from "./problems/ja.json";
import problemsZh from "./problems/zh-TW.json";
import wallEn from "./wall/en.json";
import wallJa from "./wall/ja.json";
import wallZh from "./wall/zh-TW.json";
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

const english = new Map([...flat(en), ...flat(wallEn), ...flat(moreEn)]);

describe.each([
  ["zh-TW", flat(zh), flat(wallZh), flat(moreZh)],
  ["ja", flat(ja), flat(wallJa), flat(moreJa)],
])("%s", (_, desk, wall, more) => {
  const other = new Map([...desk, ...wall, ...more]);
  it("has them in the same bundles", () => {
    expect(stems(desk)).toEqual(stems(flat(en)));
    expect(stems(wall)).toEqual(stems(flat(wallEn)));
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

it("no two bundles share a key", () => {
  const all = [en, wallEn, moreEn].flatMap(bundle => Object.keys(bundle));
  expect(all.filter((k, i) => all.indexOf(k) !== i)).toEqual([]);
});

it("the wall finds all its words without those of the other pages", () => {
  const text = readFileSync(join(import.meta.dirname, "..", "wall", "wall.ts"), "utf8");
  const words = new Map([...flat(en), ...flat(wallEn)]);
  const used = [...text.matchAll(/\bsay\("([\w.]+)"/g)].map(m => m[1]!);
  expect(used.length).toBeGreaterThan(8);
  expect(used.filter(k => !words.has(k))).toEqual([]);
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
  const dynamic = new Set([...all.matchAll(/\b(?:or|sayOr|among)\(\s*"([\w.]+)"/g)].map(m => `${m[1]}.`));
  for (const m of all.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)) dynamic.add(m[1]!);
  for (const m of all.matchAll(/`([\w.]+\.)\$\{[^`]*` as Key/g)) dynamic.add(m[1]!);
  const unused = stems(english).filter(k => !all.includes(`"${k}"`) && ![...dynamic].some(d => k.startsWith(d)));
  expect(unused).toEqual([]);
});

// The codes of problems, and the words of events, are the server's: its own tests keep the lists that are read here.
const root = join(import.meta.dirname, "..", "..", "..", "..");
const server = (path: string) => readFileSync(join(root, path), "utf8");

describe.each([
  ["zh-TW", problemsZh],
  ["ja", problemsJa],
])("problems in %s", (_, words: Record<string, string>) => {
  const codes: Record<string, string> = JSON.parse(server("testdata/console/problems.json"));
  it("has every code and no other", () => expect(Object.keys(words).sort()).toEqual(Object.keys(codes).sort()));
  it("tells nothing that is not told", () => {
    for (const [code, text] of Object.entries(words)) {
      const known = [...codes[code]!.matchAll(/\{(\w+)\}/g)].map(m => m[1]);
      expect([code, holes(text).filter(h => !known.includes(h))]).toEqual([code, []]);
    }
  });
});

describe.each([
  ["zh-TW", findingsZh],
  ["ja", findingsJa],
])("what is said of configurations in %s", (_, words: Record<string, string>) => {
  const sentences: string[] = JSON.parse(server("testdata/console/findings.json"));
  it("is all of it", () => expect(Object.keys(words).sort()).toEqual([...sentences].sort()));
  it("tells each value, and no other", () => {
    const values = (s: string) => [...s.matchAll(/\{\d\}/g)].map(m => m[0]).sort();
    for (const [english, text] of Object.entries(words)) {
      // what an argument means is only written in English
      const want = values(english).filter(v => english !== "'{1}' needs '{2}': {3}" || v !== "{3}");
      expect([english, values(text)]).toEqual([english, want]);
      expect([english, text.trim() !== ""]).toEqual([english, true]);
    }
  });
});

it("has words for each cause of the end of a call and of a leg", () => {
  const of = (text: string, word: RegExp) => [...text.matchAll(word)].map(m => m[1]!);
  const calls = of(server("sip/call/cause.go"), /Cause = "(\w+)"/g);
  const dialogs = of(/whyNames = [^}]*}/.exec(server("sip/leg/output.go"))?.[0] ?? "", /"([a-z_]+)"/g);
  const desks = of(server("dialplan/apps/visit_desk.go"), /StopRinging\("(\w+)"\)/g);
  expect([calls.length > 15, dialogs.length > 10, desks.length > 1]).toEqual([true, true, true]);
  const causes = [...calls, ...dialogs, ...desks];
  expect(causes.filter(c => !english.has(`cause.${c}`))).toEqual([]);
});

it("prefers what was chosen, then what the browser speaks", () => {
  expect(preferred("ja", ["en"])).toBe("ja");
  expect(preferred("xx", ["fr", "zh-HK", "en"])).toBe("zh-TW");
  expect(preferred(null, ["de-DE"])).toBe("en");
});
