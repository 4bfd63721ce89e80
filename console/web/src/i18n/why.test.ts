import i18next from "i18next";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMore, setLang, startI18n } from ".";
import { type Choice, type Removed, rankName, rankValue, removedNames, secondsOf, why, whyNot } from "./why";

const people: Record<string, string> = { mei: "Mei", ken: "Ken", wei: "Wei" };
const name = (id: string) => people[id] ?? id;

const choice = (over: Partial<Choice> = {}): Choice => ({
  chosen: ["mei"],
  eligible: 2,
  names: ["language", "region", "idle"],
  ranks: [
    { agent: "mei", step: 0, values: ["5", "yes", "1m2.5s"] },
    { agent: "ken", step: 0, values: ["5", "no", "9s"] },
  ],
  ...over,
});

beforeAll(async () => {
  Object.assign(globalThis, { navigator: { languages: ["en"] }, document: { documentElement: {} } });
  await startI18n();
  await loadMore();
});
afterAll(() => setLang("en", false));

describe("why", () => {
  it("says where the next one fell behind", () => {
    expect(why(choice(), name)).toEqual([
      "Mei was chosen out of 2 who could take the call.",
      "Mei came before Ken by region: yes against no.",
      "Both were equal in language.",
    ]);
  });
  it.each<[string, Partial<Choice>, string]>([
    ["nobody", { chosen: [], eligible: 0, ranks: [] }, "Nobody could take the call; the caller kept the place."],
    ["one", { eligible: 1, ranks: choice().ranks.slice(0, 1) }, "Mei was chosen as the only one who could take the call."],
    ["all", { chosen: ["mei", "ken"] }, "Mei and Ken were rung together: the queue rings all, and 2 could take the call."],
    [
      "a robot",
      {
        ranks: [
          { agent: "mei", step: 0, values: [] },
          { agent: "ken", step: 0, robot: true, values: [] },
        ],
      },
      "Mei was chosen out of 2 who could take the call. Mei came before Ken, who is a robot.",
    ],
    [
      "a later step",
      {
        ranks: [
          { agent: "mei", step: 0, values: ["1"] },
          { agent: "ken", step: 2, values: ["5"] },
        ],
      },
      "Mei was chosen out of 2 who could take the call. Mei came before Ken: step 1 wants the one, only step 3 the other.",
    ],
    [
      "nothing",
      { ranks: [choice().ranks[0]!, { ...choice().ranks[0]!, agent: "ken" }] },
      "Mei was chosen out of 2 who could take the call. Mei and Ken were equal in all that is shown; the order of the roster decided.",
    ],
  ])("decided by %s", (_, over, said) => expect(why(choice(over), name).join(" ")).toBe(said));

  it.each<[string, Partial<Choice>, Removed[], string]>([
    [
      "she got it",
      {},
      [],
      "Mei was chosen out of 2 who could take the call. Mei came before Ken by region: yes against no. Both were equal in language.",
    ],
    [
      "another was better",
      {},
      [],
      "Ken could have taken the call. Mei came before Ken by region: yes against no. Both were equal in language.",
    ],
    [
      "a rule",
      {},
      [{ rule: "not_wanted", detail: "speaks(agent, 'ja')", agents: ["wei"], count: 1 }],
      "Wei was not considered: no step wants her yet (speaks(agent, 'ja')).",
    ],
    [
      "a rule of many",
      {},
      [{ rule: "busy", agents: ["x"], count: 40 }],
      "Wei is not named: the record leaves out 39 of those who were not considered.",
    ],
    ["further behind than is kept", { eligible: 90 }, [], "Wei is not among the best 2, which is all that the record keeps."],
    ["no place", {}, [], "Wei was not on the roster then."],
  ])("tells one agent: %s", (_, over, removed, said) => {
    const who = said.slice(0, 3).toLowerCase();
    expect(whyNot(choice(over), removed, who, name).join(" ")).toBe(said);
  });

  it("leaves what an administrator wrote as it is, and writes figures for people", () => {
    expect(rankName("skills.flights * 2")).toBe("skills.flights * 2");
    expect(rankName("idle")).toBe("idle for");
    expect(rankValue("zone", "490m")).toBe("8:10 h");
    expect(rankValue("zone", "unknown")).toBe("unknown");
    expect(rankValue("talk", "1h2m3s")).toBe("1:02:03");
    expect(rankValue("skills.flights * 2", "yes")).toBe("yes");
    expect(secondsOf("250ms")).toBeCloseTo(0.25);
    expect(removedNames(["mei", "ken"], 40, name)).toBe("Mei, Ken and 38 more");
    expect(removedNames(["mei", "ken"], 2, name)).toBe("Mei and Ken");
  });

  it.each(["zh-TW", "ja"] as const)("speaks %s", async l => {
    await setLang(l, false);
    expect(i18next.language).toBe(l);
    for (const s of why(choice(), name)) expect(s).toMatch(/[\u3040-\u9fff]/);
    expect(rankName("language")).toMatch(/[\u3040-\u9fff]/);
    await setLang("en", false);
  });
});
