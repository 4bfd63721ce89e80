import { expect, test } from "vitest";
import { dialable } from "./numbers";
import type { Graph } from "./types";

test("a caller is offered the numbers of where she comes in, and of what is included there", () => {
  const at = { file: "a.yaml", line: 1, column: 1 };
  const extension = (context: string, name: string, kind = "number") => ({ id: name, context, name, kind, steps: null, ...at });
  const graph = {
    version: "1",
    entries: [
      { id: "entry app app.example.org", label: "app", context: "in" },
      { id: "entry phones phones", label: "phones", context: "phones" },
    ],
    contexts: null,
    extensions: [
      extension("in", "help"),
      extension("in", "s"),
      extension("in", "i", "special"),
      extension("codes", "*45"),
      extension("codes", "_*45X.", "pattern"),
      extension("menu", "1"),
    ],
    edges: [
      { id: "1", from: "context phones", to: "context in", kind: "include" },
      { id: "2", from: "context in", to: "context menu", kind: "goto" },
      { id: "3", from: "context phones", to: "context codes", kind: "include" },
    ],
  } as unknown as Graph;
  expect(dialable(graph, "app")).toEqual(["help"]);
  expect(dialable(graph, "account")).toEqual(["*45", "help"]);
  expect(dialable(graph, "trunk")).toEqual([]);
  expect(dialable(undefined, "app")).toEqual([]);
});
