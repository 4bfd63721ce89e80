import { afterEach, expect, it, vi } from "vitest";
import { all } from "./list";
import { Problem } from "./problem";

afterEach(() => vi.unstubAllGlobals());

/** A server that gives pages by their cursors. */
function serve(pages: Record<string, { items: string[] | null; next: string }>) {
  const asked: URL[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    const u = new URL(url, "http://switch.example");
    asked.push(u);
    const page = pages[u.searchParams.get("cursor") ?? ""];
    return page ? Response.json(page) : Response.json({ status: 422, detail: "validation failed" }, { status: 422 });
  });
  return asked;
}

it("reads every page, each no longer than the server gives", async () => {
  const asked = serve({
    "": { items: ["ada", "ken"], next: "0.ken" },
    "0.ken": { items: ["lin", "mei"], next: "0.mei" },
    "0.mei": { items: null, next: "" },
  });
  expect(await all("/staff", { team: "taipei" })).toEqual(["ada", "ken", "lin", "mei"]);
  expect(asked.map(u => u.searchParams.get("cursor"))).toEqual([null, "0.ken", "0.mei"]);
  for (const u of asked) expect([u.searchParams.get("limit"), u.searchParams.get("team")]).toEqual(["1000", "taipei"]);
});

it("gives no part of a list whose rest can't be read", async () => {
  serve({ "": { items: ["ada"], next: "gone" } });
  await expect(all("/staff")).rejects.toBeInstanceOf(Problem);
});
