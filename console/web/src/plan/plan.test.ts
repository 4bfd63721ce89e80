import { beforeEach, describe, expect, it } from "vitest";
import { lanes } from "../calls/lanes";
import { parseDiff } from "./diff";
import { draft, edit, edited, newFile, paths, rebase } from "./draft";
import { drawnCall } from "./drawn";
import { drawn, joined, layout } from "./layout";
import { editLink, offsetOf, rangeOf } from "./position";
import { type Asked, blank, instantOf, request, tidy } from "./request";
import { trail } from "./trail";
import type { ConfigFiles, Graph, SimStep, Simulated } from "./types";

const doc = (text: string) => {
  const all = text.split("\n");
  const line = (n: number) => {
    const from = all.slice(0, n - 1).reduce((sum, l) => sum + l.length + 1, 0);
    return { from, to: from + all[n - 1]!.length, text: all[n - 1]! };
  };
  return { lines: all.length, length: text.length, line };
};

it("reads unified diffs with the numbers of both sides", () => {
  const text = "--- a/x\n+++ b/x\n@@ -3,3 +3,3 @@ contexts:\n same\n-old\n+new\n+--- more\n same\n\\ No newline at end of file\n";
  expect(parseDiff(text)).toEqual([
    { kind: "hunk", text: "@@ -3,3 +3,3 @@ contexts:" },
    { kind: "same", old: 3, new: 3, text: "same" },
    { kind: "del", old: 4, text: "old" },
    { kind: "add", new: 4, text: "new" },
    { kind: "add", new: 5, text: "--- more" },
    { kind: "same", old: 5, new: 6, text: "same" },
  ]);
  expect(parseDiff("")).toEqual([]);
});

describe("positions", () => {
  it("counts characters, not halves of them", () => {
    expect(offsetOf("a😀b", 3)).toBe(3);
    expect(offsetOf("ab", 99)).toBe(2);
  });
  it("underlines something wherever there is something", () => {
    const d = doc("a: 1\n  word: x\n");
    expect(rangeOf(d, { line: 1, column: 4, end_line: 1, end_column: 5 })).toEqual({ from: 3, to: 4 });
    expect(rangeOf(d, { line: 2, column: 3, end_line: 0, end_column: 0 })).toEqual({ from: 7, to: 11 });
    expect(rangeOf(d, { line: 2, column: 0, end_line: 0, end_column: 0 })).toEqual({ from: 5, to: 14 });
    expect(rangeOf(d, { line: 99, column: 9, end_line: 99, end_column: 9 })).toEqual({ from: 15, to: 15 });
  });
  it("leads to the editor", () => {
    expect(editLink({ file: "dialplan/a b.yaml", line: 3 })).toBe("/dialplan/edit?file=dialplan%2Fa+b.yaml&line=3");
  });
});

describe("draft", () => {
  const files = (version: string, ...all: [string, string][]): ConfigFiles => ({
    version,
    in_force: version,
    pending: false,
    files: all.map(([path, text]) => ({ path, text })),
  });
  beforeEach(() => draft.set({ base: files("1", ["dialplan/a.yaml", "x"], ["ringway.yaml", "r"]), edits: {} }));
  it("holds only what differs", () => {
    edit("dialplan/a.yaml", "y");
    edit("dialplan/b.yaml", "new");
    expect(edited(draft.get())).toEqual({ "dialplan/a.yaml": "y", "dialplan/b.yaml": "new" });
    edit("dialplan/a.yaml", "x");
    edit("dialplan/b.yaml", null);
    expect(edited(draft.get())).toEqual({});
  });
  it("lists the general file first, then those of the plan", () => {
    expect(paths(draft.get())).toEqual(["ringway.yaml", "dialplan/a.yaml"]);
  });
  it("stays laid over a newer base, and says what both changed", () => {
    edit("dialplan/a.yaml", "mine");
    edit("dialplan/c.yaml", "c");
    expect(rebase(files("2", ["dialplan/a.yaml", "theirs"], ["ringway.yaml", "r2"]))).toEqual(["dialplan/a.yaml"]);
    expect(edited(draft.get())).toEqual({ "dialplan/a.yaml": "mine", "dialplan/c.yaml": "c" });
    expect(rebase(files("3", ["dialplan/a.yaml", "mine"], ["ringway.yaml", "r2"]))).toEqual(["dialplan/a.yaml"]);
    expect(Object.keys(edited(draft.get()))).toEqual(["dialplan/c.yaml"]);
  });
  it("takes names of new files", () => {
    expect(newFile("night", [])).toBe("dialplan/night.yaml");
    expect(newFile("dialplan/night.yaml", ["dialplan/night.yaml"])).toBeNull();
    expect(newFile("../x", [])).toBeNull();
  });
});

describe("graph", () => {
  const at = { file: "f", line: 1, column: 1 };
  const steps = (id: string, n: number) =>
    Array.from({ length: n }, (_, i) => ({ id: `${id}.${i}`, index: i + 1, depth: 0, name: "answer", text: "answer", ...at }));
  const g: Graph = {
    version: "1",
    entries: [{ id: "in", label: "app", context: "a" }],
    contexts: [
      { id: "c:a", name: "a", ...at },
      { id: "c:b", name: "b", ...at },
    ],
    extensions: Array.from({ length: 30 }, (_, i) => ({
      id: `x${i}`,
      context: i < 25 ? "c:a" : "b",
      name: String(i),
      kind: "number",
      steps: steps(`x${i}`, 1 + (i % 5)),
      ...at,
    })),
    edges: [
      { id: "1", from: "in", to: "c:a", kind: "entry" },
      { id: "2", from: "x0.0", to: "x29", kind: "goto" },
      { id: "3", from: "x1.0", to: "x1.1", kind: "next" },
      { id: "4", from: "x1.1", to: "x1.0", kind: "goto" },
      { id: "5", from: "gone", to: "x1", kind: "goto" },
    ],
  };
  it("lays cards into their boxes without one over another", () => {
    const p = layout(g);
    expect(p.extensions).toHaveLength(30);
    for (const e of p.extensions) {
      const box = p.contexts.find(c => c.id === e.context)!;
      expect(e.x + e.width).toBeLessThanOrEqual(box.width);
      expect(e.y + e.height).toBeLessThanOrEqual(box.height);
      for (const o of p.extensions) {
        if (o === e || o.context !== e.context) continue;
        const apart = o.x >= e.x + e.width || e.x >= o.x + o.width || o.y >= e.y + e.height || e.y >= o.y + o.height;
        expect([e.id, o.id, apart]).toEqual([e.id, o.id, true]);
      }
    }
    const [a, b] = p.contexts;
    expect(b!.x).toBeGreaterThanOrEqual(a!.x + a!.width);
    expect(p.entries[0]!.x).toBeLessThan(a!.x);
  });
  it("leaves out what the order of the rows shows", () => {
    expect(drawn(g).map(e => e.id)).toEqual(["1", "2", "4", "5"]);
  });
});

it("joins ways between the same parts, from the sides that lie nearest", () => {
  const at = { file: "f", line: 1, column: 1 };
  const x = (id: string, context: string) => ({ id, context, name: id, kind: "number", steps: [], ...at });
  const g: Graph = {
    version: "1",
    entries: null,
    contexts: [
      { id: "a", name: "a", ...at },
      { id: "b", name: "b", ...at },
    ],
    extensions: [x("x", "a"), x("y", "b")],
    edges: [
      { id: "1", from: "x", to: "y", kind: "result", label: "busy" },
      { id: "2", from: "x", to: "y", kind: "result", label: "full" },
      { id: "3", from: "y", to: "x", kind: "goto" },
      { id: "4", from: "x", to: "x", kind: "goto" },
      { id: "5", from: "x", to: "gone", kind: "goto" },
    ],
  };
  expect(joined(g, layout(g)).map(w => [w.sourceEnd, w.targetEnd, w.label])).toEqual([
    [">x", "<y", "busy, full"],
    ["<y", ">x", ""],
    [">x", ">x", ""],
  ]);
});

describe("simulation", () => {
  it("sends what was filled in", () => {
    expect(
      request({ ...blank, exten: " help ", agents: "all", language: "ja", region: "jp", digits: "1 2,3" }, {}, "UTC"),
    ).toEqual({
      app: { language: "ja", region: "JP" },
      exten: "help",
      digits: ["1", "2", "3"],
      agents: "all",
    });
    expect(request({ ...blank, who: "account", account: "mei", exten: "700" }, { f: null }, "UTC")).toEqual({
      account: "mei",
      exten: "700",
      agents: "now",
      files: { f: null },
    });
  });
  it("sends what if", () => {
    const a: Asked = {
      ...blank,
      exten: "help",
      press: [
        { after: 4, keys: " 1 " },
        { after: "", keys: "" },
        { after: "", keys: "#" },
      ],
      hangUp: 30,
      joined: ["mei"],
      away: ["ken"],
      behind: true,
      others: { outcome: "no_answer", after: 9 },
      phones: [
        { who: " mei ", outcome: "declined", after: 2 },
        { who: "", outcome: "busy", after: "" },
      ],
    };
    const asked = tidy(a);
    expect(asked.press.length).toBe(2);
    expect(request(asked, {}, "UTC")).toEqual({
      app: {},
      exten: "help",
      press: [
        { after_seconds: 4, keys: "1" },
        { after_seconds: 0, keys: "#" },
      ],
      hang_up_seconds: 30,
      joined: ["mei"],
      away: ["ken"],
      behind: true,
      others: { outcome: "no_answer" },
      phones: { mei: { outcome: "declined", answer_seconds: 2 } },
      agents: "now",
    });
    expect(request({ ...asked, agents: "all" }, {}, "UTC")).not.toHaveProperty("joined");
  });
  it("leaves a trail in the graph", () => {
    const at = (line: number) => ({ file: "a.yaml", line, column: 3 });
    const row = (id: string, line: number) => ({ ...at(line), id, index: 1, depth: 0, name: id, text: "" });
    const g: Graph = {
      version: "",
      entries: [],
      contexts: [],
      edges: [],
      extensions: [
        { ...at(1), id: "x", context: "c", name: "menu", kind: "number", steps: [row("x1", 2), row("x2", 3)] },
        { ...at(5), id: "y", context: "c", name: "help", kind: "number", steps: [row("y1", 6), row("y2", 7), row("y3", 8)] },
      ],
    };
    const did = (kind: string, line: number): SimStep => ({
      ...at(line),
      kind,
      after_seconds: 0,
      context: "c",
      exten: "",
      text: "",
    });
    const key = { ...did("key", 0), file: "" };
    const t = trail(g, [
      did("enter", 1),
      did("finish", 2),
      key,
      did("branch", 3),
      did("enter", 5),
      did("skip", 6),
      did("finish", 8),
    ]);
    expect([...t.parts].sort()).toEqual(["x", "x1", "x2", "y", "y3"]);
    expect([...t.ways]).toEqual(["x x1", "x1 x2", "x2 y", "y y3"]);
  });
  it("is drawn like a call", () => {
    const s = {
      start: "2026-03-02T10:00:00Z",
      duration_seconds: 75,
      visits: [
        {
          queue: "help",
          after_seconds: 2,
          waited_seconds: 13,
          talked_seconds: 60,
          ahead: 0,
          result: "connected",
          agent: { id: "ken", name: "Ken" },
        },
      ],
      decisions: [
        { after_seconds: 2, offers: [{ agent: { id: "mei", name: "Mei" }, rang_seconds: 3, outcome: "declined" }] },
        { after_seconds: 12, offers: [{ agent: { id: "ken", name: "Ken" }, rang_seconds: 3, outcome: "answered" }] },
      ],
    } as unknown as Simulated;
    const drawn = lanes(drawnCall(s, "Caller"), 0);
    expect((drawn.to - drawn.from) / 1000).toBe(75);
    expect(drawn.lanes.map(l => [l.name, l.spans.map(x => `${x.kind} ${(x.to - x.from) / 1000}`).join(", ")])).toEqual([
      ["Caller", "ivr 2, wait 13, talk 60"],
      ["Mei", "ring 3"],
      ["Ken", "ring 3, talk 60"],
    ]);
  });
  it("reads local times, on days on which clocks change too", () => {
    expect(instantOf("2026-01-15T14:30", "Asia/Taipei")).toBe("2026-01-15T06:30:00.000Z");
    expect(instantOf("2026-03-29T14:30", "Europe/Berlin")).toBe("2026-03-29T12:30:00.000Z");
    expect(instantOf("2026-10-25T14:30", "Europe/Berlin")).toBe("2026-10-25T13:30:00.000Z");
    expect(instantOf("soon", "UTC")).toBeUndefined();
  });
});
