import { describe, expect, it } from "vitest";
import { optionsAt, placeAt, type Schema } from "./complete";

const step: Schema = {
  anyOf: [
    { enum: ["answer", "hangup"], description: "a step without settings" },
    {
      type: "object",
      properties: {
        label: { description: "a name to go to" },
        queue: { anyOf: [{ examples: ["help"] }, { properties: { name: { examples: ["help", "7"] }, language: {} } }] },
        playback: { description: "plays files" },
      },
    },
  ],
};
const schema: Schema = {
  properties: {
    contexts: {
      additionalProperties: {
        properties: {
          include: { items: { enum: ["a", "b"] } },
          extensions: { additionalProperties: { anyOf: [{ $ref: "#/$defs/step" }, { items: { $ref: "#/$defs/step" } }] } },
        },
      },
    },
    mode: { enum: ["on", "off", null], default: "off", description: "whether" },
  },
  $defs: { step },
};

// | is the cursor
const at = (text: string) => placeAt(text.replace("|", ""), text.indexOf("|"));
const labels = (text: string) => optionsAt(schema, at(text)!).map(o => o.label);

describe("placeAt", () => {
  it("follows indentation, dashes and keys", () => {
    expect(at("contexts:\n  app:\n    ext|")).toMatchObject({ path: ["contexts", "app"], kind: "key", from: 21 });
    expect(at("contexts:\n  app:\n    extensions:\n      help:\n        - ans|")!.path).toEqual([
      "contexts",
      "app",
      "extensions",
      "help",
      0,
    ]);
    expect(at('contexts:\n  a:\n    extensions:\n      "2":\n      - label: x\n        pl|')!.path).toEqual([
      "contexts",
      "a",
      "extensions",
      "2",
      0,
    ]);
    expect(at("a:\n- b:\n    c: |")).toMatchObject({ path: ["a", 0, "b", "c"], kind: "value" });
  });
  it("passes comments and empty lines by", () => {
    expect(at("a:\n# none\n\n  b|")!.path).toEqual(["a"]);
    expect(at("a: 1 # b|")).toBeNull();
  });
  it("follows flow collections within a line", () => {
    expect(at("x:\n  - queue: {name: help, lan|")).toMatchObject({ path: ["x", 0, "queue"], kind: "key", siblings: ["name"] });
    expect(at("x: {y: [a, {z: |")).toMatchObject({ path: ["x", "y", 0, "z"], kind: "value" });
    expect(at('x: "{a|')).toMatchObject({ path: ["x"], kind: "value" });
  });
  it("knows the keys beside it", () => {
    expect(at("a: 1\n|\nb:\n  c: 2\n")!.siblings.sort()).toEqual(["a", "b"]);
    expect(at("l:\n  - a: 1\n    |\n  - b: 2")!.siblings).toEqual(["a"]);
  });
});

describe("optionsAt", () => {
  it("offers keys that are not there yet, with their words", () => {
    expect(labels("mode: on\n|")).toEqual(["contexts"]);
    expect(optionsAt(schema, at("m|")!)[1]).toEqual({ label: "mode", kind: "key", detail: "off", info: "whether" });
  });
  it("offers values", () => {
    expect(labels("mode: |")).toEqual(["on", "off"]);
    expect(labels("contexts:\n  a:\n    include: [a, |")).toEqual(["a", "b"]);
  });
  it("offers an item's keys and short forms through references", () => {
    const place = "contexts:\n  app:\n    extensions:\n      help:\n        - ";
    expect(labels(`${place}|`)).toEqual(["label", "queue", "playback", "answer", "hangup"]);
    expect(labels(`${place}queue: {name: |`)).toEqual(["help", '"7"']);
    expect(labels(`${place}label: x\n          |`)).toEqual(["queue", "playback"]);
  });
  it("offers nothing where the schema knows nothing", () => {
    expect(labels("unknown:\n  |")).toEqual([]);
  });
});
