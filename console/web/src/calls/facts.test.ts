import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { loadMore, setLang, startI18n } from "../i18n";
import { facts } from "./facts";

const event = (kind: string, more: object) => facts({ at: "", kind, ...more });

beforeAll(async () => {
  Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
  Object.defineProperty(globalThis, "document", { value: { documentElement: {} }, configurable: true });
  await startI18n();
  await loadMore();
});

it("tells what a state and a reason mean in their event", () => {
  expect(event("agent.state", { agent: "sam", state: "not_ready", reason: "desk_lost" })).toEqual([
    "sam",
    "Not ready",
    "Desk closed",
  ]);
  expect(event("call.end", { state: "answered", reason: "rtp_timeout" })).toEqual(["answered", "no sound any more"]);
  expect(event("leg.end", { leg: "l1", state: "486", reason: "busy" })).toEqual(["SIP 486", "busy", "leg l1"]);
  expect(event("visit.step", { queue: "help", state: "1" })).toEqual(["help", "step 2"]);
  expect(event("visit.enter", { state: "transfer", data: { service_level: "20" } })).toEqual([
    "by transfer",
    "service level 0:20",
  ]);
  expect(event("offer.desk", { state: "declined", reason: "wrong_skill" })).toEqual(["declined", "Not my subject"]);
  expect(event("offer.end", { state: "declined", reason: "603" })).toEqual(["declined", "SIP 603"]);
  expect(event("call.disposition", { state: "none" })).toEqual(["none"]);
  expect(event("user.event", { state: "survey", data: { stars: "5" } })).toEqual(["survey", "stars 5"]);
});

// The catalogue of events says what each state and reason may be: none is left in the server's own spelling.
it("has words for all that the catalogue knows", async () => {
  const file = join(import.meta.dirname, "..", "..", "..", "..", "testdata", "events", "asyncapi.json");
  const { schemas } = JSON.parse(readFileSync(file, "utf8")).components;
  await setLang("ja", false);
  const bare: string[] = [];
  for (const [kind, schema] of Object.entries(schemas as Record<string, { properties?: Record<string, { enum?: string[] }> }>))
    for (const name of kind === "gap" ? [] : ["state", "reason"])
      for (const value of schema.properties?.[name]?.enum ?? [])
        if (event(kind, { [name]: value }).some(f => /^[a-z_ ]+$/.test(f))) bare.push(`${kind} ${name} ${value}`);
  await setLang("en", false);
  expect(bare).toEqual([]);
});
