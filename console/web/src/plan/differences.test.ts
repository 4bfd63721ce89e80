import { afterAll, beforeAll, expect, it } from "vitest";
import { loadMore, setLang, startI18n } from "../i18n";
import { differences } from "./differences";
import type { Change } from "./types";

beforeAll(async () => {
  Object.assign(globalThis, { navigator: { languages: ["en"] }, document: { documentElement: {} } });
  await startI18n();
  await loadMore();
});
afterAll(() => setLang("en", false));

const change: Change = {
  kind: "changed",
  noun: "extension",
  name: "in,help",
  text: "",
  details: [
    { kind: "changed", key: "steps", item: 2, from: "playback: hello", to: "playback: welcome" },
    { kind: "added", key: "rank", item: 3, to: "region" },
    { kind: "removed", key: "ring_time", from: "20s" },
    { kind: "changed", from: "a" },
  ],
  more: 4,
};

it("tells differences in the reader's language, keys and values as they are written", async () => {
  expect(differences(change)).toBe(
    "step 2: playback: hello → playback: welcome; rank 3: region added; ring_time: 20s removed; a → nothing; 4 more",
  );
  await setLang("ja", false);
  expect(differences(change)).toBe(
    "ステップ 2：playback: hello → playback: welcome; rank の 3 番目：region を追加; ring_time：20s を削除; a → 空; ほか 4 件",
  );
  await setLang("zh-TW", false);
  expect(differences(change)).toContain("步驟 2：playback: hello → playback: welcome; rank 第 3 項：新增 region");
  expect(differences({ ...change, details: undefined, more: 0 })).toBe("");
});
