import { expect, it } from "vitest";
import { clashes, editable, overlay } from "./edit";

const base = editable({
  name: "Grace Hill",
  zone: "Europe/London",
  priority_seconds: 5,
  fields: { tier: "gold", seat: "aisle" },
});

it("takes of an answer only what may be written", () => {
  const c = editable({ id: "c-7", name: "Grace", reach: "app", version: 4, notes: [] });
  expect(Object.keys(c).sort()).toEqual(
    ["name", "number", "language", "region", "zone", "booking", "priority_seconds", "fields"].sort(),
  );
});

it("keeps what was typed and takes the rest from whoever was first", () => {
  const mine = { ...base, name: "Grace M. Hill", fields: { tier: "gold", meal: "vegan" } }; // a seat was taken away
  const theirs = {
    ...base,
    name: "G. Hill",
    zone: "Asia/Tokyo",
    priority_seconds: 60,
    fields: { tier: "platinum", seat: "aisle" },
  };
  expect(overlay(base, mine, theirs)).toEqual({
    ...theirs,
    name: "Grace M. Hill",
    fields: { tier: "platinum", meal: "vegan" },
  });
  expect(clashes(base, mine, theirs)).toEqual([
    { key: "name", theirs: "G. Hill", mine: "Grace M. Hill" },
    { key: "zone", theirs: "Asia/Tokyo" },
    { key: "priority_seconds", theirs: "60" },
    { key: "fields.tier", theirs: "platinum" },
  ]);
});

it("finds no clash where both wrote the same, or nothing was changed", () => {
  const same = { ...base, name: "G. Hill" };
  expect(clashes(base, same, same)).toEqual([{ key: "name", theirs: "G. Hill" }]);
  expect(clashes(base, same, base)).toEqual([]);
  expect(overlay(base, same, base)).toEqual(same);
});

it("says a field that both sides changed, one of them by taking it away", () => {
  const mine = { ...base, fields: { tier: "gold", seat: "window" } };
  const theirs = { ...base, fields: { tier: "gold" } };
  expect(clashes(base, mine, theirs)).toEqual([{ key: "fields.seat", theirs: "", mine: "window" }]);
  expect(overlay(base, mine, theirs).fields).toEqual({ tier: "gold", seat: "window" });
});
