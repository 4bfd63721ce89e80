import { expect, it } from "vitest";
import { readProblem } from "./problem";

it("finds the message of a field and keeps the rest", () => {
  const p = readProblem(
    422,
    "",
    '{"title":"Unprocessable Entity","detail":"validation failed","errors":[{"message":"unknown time zone","location":"body.zone"},{"message":"expected string","location":"body.fields.vip"}]}',
  );
  expect(p.at("zone")).toBe("unknown time zone");
  expect(p.at("name")).toBeUndefined();
  expect(p.rest("zone")).toBe("validation failed · vip: expected string");
  expect(p.rest("zone", "vip")).toBe("");
});

it("survives a proxy's HTML", () => {
  const p = readProblem(502, "Bad Gateway", "<html>");
  expect(p.title).toBe("Bad Gateway");
  expect(p.rest()).toBe("Bad Gateway");
});
