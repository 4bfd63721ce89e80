import { expect, it } from "vitest";
import { loadFindings, type Said, tellIn } from "./findings";

const missing: Said = { text: "'{1}' is missing", params: [{ value: "id" }] };

it("tells a finding in the reader's language, and what was written as it is", async () => {
  expect(tellIn("ja", "'id' is missing", missing)).toBe("'id' is missing"); // the dictionary is on its way
  await loadFindings("ja");
  await loadFindings("zh-TW");
  expect(tellIn("ja", "'id' is missing", missing)).toBe("「id」がありません");
  expect(tellIn("zh-TW", "'id' is missing", missing)).toBe("缺少「id」");
  expect(tellIn("en", "'id' is missing", missing)).toBe("'id' is missing");
});

it("tells words inside a sentence too, but only where they are the switch's own", () => {
  const wanted = (value: string): Said => ({
    text: "{1} where {2} is wanted",
    params: [
      { value: "a mapping", said: { text: "a mapping" } },
      { value, said: { text: value } },
    ],
  });
  expect(tellIn("zh-TW", "a mapping where a list is wanted", wanted("a list"))).toBe("此處是對應表（key: value），但需要清單");
  expect(tellIn("zh-TW", "a mapping where a moon is wanted", wanted("a moon"))).toBe("此處是對應表（key: value），但需要a moon");
  const mine: Said = { text: "unknown key '{1}'", params: [{ value: "text" }] };
  expect(tellIn("ja", "unknown key 'text'", mine)).toBe("キー「text」はありません");
});

it("falls back to English for what it does not know", () => {
  expect(tellIn("ja", "mapping values are not allowed", { text: "something new" })).toBe("mapping values are not allowed");
  expect(tellIn("ja", "mapping values are not allowed")).toBe("mapping values are not allowed");
});
