import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Autosave } from "./autosave";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function bench(initial = "") {
  const saves: string[] = [];
  const pending: { ok(): void; fail(): void }[] = [];
  const a = new Autosave(initial, {
    save: text => {
      saves.push(text);
      return new Promise<void>((ok, fail) => pending.push({ ok, fail: () => fail(new Error("no")) }));
    },
    changed() {},
  });
  const settle = async (how: "ok" | "fail" = "ok") => {
    pending.shift()![how]();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { a, saves, settle };
}

describe("Autosave", () => {
  it("waits until the person pauses, then saves once", async () => {
    const { a, saves, settle } = bench();
    for (const t of ["h", "he", "hel"]) {
      a.edit(t);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(saves).toEqual([]);
    await vi.advanceTimersByTimeAsync(800);
    expect(saves).toEqual(["hel"]);
    expect(a.status).toBe("saving");
    await settle();
    expect(a.status).toBe("clean");
  });

  it("sends what was typed during a save afterwards, never two at once", async () => {
    const { a, saves, settle } = bench();
    a.edit("one");
    await vi.advanceTimersByTimeAsync(800);
    a.edit("one two");
    await vi.advanceTimersByTimeAsync(5000);
    expect(saves).toEqual(["one"]);
    await settle();
    expect(a.status).toBe("dirty");
    await vi.advanceTimersByTimeAsync(800);
    expect(saves).toEqual(["one", "one two"]);
    await settle();
    expect(a.status).toBe("clean");
  });

  it("never replaces a half-written note", async () => {
    const { a, settle } = bench("old");
    a.edit("old and mine");
    a.adopt("theirs");
    expect(a.text).toBe("old and mine");
    await vi.advanceTimersByTimeAsync(800);
    a.adopt("theirs");
    expect(a.text).toBe("old and mine");
    await settle();
    a.adopt("theirs", true); // she stands in the field
    expect(a.text).toBe("old and mine");
    a.adopt("theirs");
    expect(a.text).toBe("theirs");
  });

  it("is not set back by a late echo of its own text", async () => {
    const { a, settle } = bench();
    a.edit("ab");
    await vi.advanceTimersByTimeAsync(800);
    await settle();
    a.edit("abc");
    await vi.advanceTimersByTimeAsync(800);
    await settle();
    a.adopt("ab");
    expect(a.text).toBe("abc");
  });

  it("tries again after a failure, and keeps the text", async () => {
    const { a, saves, settle } = bench();
    a.edit("x");
    await vi.advanceTimersByTimeAsync(800);
    await settle("fail");
    expect(a.status).toBe("failed");
    await vi.advanceTimersByTimeAsync(2000);
    expect(saves).toEqual(["x", "x"]);
    await settle();
    expect(a.status).toBe("clean");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saves.length).toBe(2);
  });

  it("flush sends at once, and nothing when there is nothing", async () => {
    const { a, saves, settle } = bench("same");
    await a.flush();
    a.edit("different");
    void a.flush(true);
    expect(saves).toEqual(["different"]);
    await settle();
    expect(a.dirty()).toBe(false);
  });

  it("settles: what is on its way first, then what was typed since", async () => {
    const { a, saves, settle } = bench();
    a.edit("one");
    await vi.advanceTimersByTimeAsync(800);
    a.edit("two");
    let done: boolean | undefined;
    void a.settle().then(ok => {
      done = ok;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(saves).toEqual(["one"]);
    await settle();
    expect(saves).toEqual(["one", "two"]);
    expect(done).toBeUndefined();
    await settle();
    expect(done).toBe(true);
  });

  it("says when it could not settle", async () => {
    const { a, settle } = bench();
    a.edit("one");
    const done = a.settle();
    await vi.advanceTimersByTimeAsync(0);
    await settle("fail");
    expect(await done).toBe(false);
    expect(a.text).toBe("one");
  });
});
