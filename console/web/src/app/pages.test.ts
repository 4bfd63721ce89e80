import { expect, it } from "vitest";
import type { Me } from "../api/types";
import { home, pagesOf } from "./pages";

const me = (role: Me["role"], queues: string[] = []): Me => ({
  id: "a",
  name: "A",
  role,
  csrf: "",
  queues: queues.map(name => ({ name })),
});
const paths = (m: Me) => pagesOf(m).map(p => p.path);

it("shows each role its pages", () => {
  expect(paths(me("agent"))).toEqual(["/desk", "/calls", "/customers"]);
  expect(paths(me("manager"))).toEqual(["/board", "/today", "/reports", "/calls", "/customers", "/system"]);
  expect(paths(me("manager", ["support"]))[0]).toBe("/desk");
  expect(paths(me("admin"))).toContain("/system");
  expect(paths(me("admin"))).toContain("/dialplan");
  expect(home(me("agent"))).toBe("/desk");
  expect(home(me("admin"))).toBe("/board");
});
