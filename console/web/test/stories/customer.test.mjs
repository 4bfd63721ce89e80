import assert from "node:assert/strict";
import { expect } from "../expect.mjs";
import { barriers } from "../pages.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

// What is refused here belongs to the story.
const expected = [/\/api\/v1\/customers\/c-9$/];

story("an edit is refused at its field, and one that was overtaken loses nothing", { expected }, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  await boss.post("/customers", { id: "c-9", name: "Ines", zone: "Europe/Lisbon", fields: { tier: "gold" } });
  const meanwhile = change => boss.call("PUT", "/customers/c-9", change, { "If-Match": "*" });
  const lin = await person(browser, company, "lin@wayfare.example");
  await lin.goto(`${company.url}/customers/c-9`);
  const form = lin.getByRole("dialog", { name: "Edit", exact: true });
  const field = name => form.getByLabel(name, { exact: true });
  const save = form.getByRole("button", { name: "Save", exact: true });
  const holds = (name, value) =>
    expect(
      () => field(name).inputValue(),
      `${name} is ${value}`,
      v => v === value,
    );

  await lin.getByRole("button", { name: "Edit", exact: true }).click();
  await field("Name").fill("Ines P.");
  await field("Time zone").fill("Mars/Phobos");
  await save.click();
  await expect(
    () => field("Time zone").evaluate(e => [e.getAttribute("aria-invalid"), e === document.activeElement]),
    "the field is marked and has the focus",
    ([invalid, focused]) => invalid === "true" && focused,
  );
  const said = await field("Time zone").evaluate(e =>
    (e.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map(id => document.getElementById(id)?.textContent ?? "")
      .join(" "),
  );
  assert.match(said, /a name of the IANA database/, "the field does not say what is wrong with it");
  await holds("Name", "Ines P.");
  assert.equal((await boss.get("/customers/c-9")).name, "Ines", "something was saved all the same");

  // Somebody else saves; the page behind the form reads that, and the form must not pass for having read it.
  await field("Time zone").fill("Asia/Tokyo");
  await meanwhile({ name: "Ines Pinto", zone: "Europe/Lisbon", number: "+351210000000", fields: { tier: "platinum" } });
  const read = lin.waitForResponse(r => r.url().endsWith("/customers/c-9") && r.request().method() === "GET" && r.ok());
  await lin.clock.setFixedTime(Date.now() + 60_000);
  await lin.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await read;
  await save.click();
  const news = form.getByRole("alert");
  await news.getByText("Somebody else changed this customer").waitFor();
  await news.getByText("Name: Ines Pinto · yours: Ines P.").waitFor();
  await news.getByText("Number: +351210000000").waitFor();
  await news.getByText("tier: platinum").waitFor();
  assert.deepEqual(await barriers(lin), []);
  await holds("Name", "Ines P.");
  assert.equal((await boss.get("/customers/c-9")).name, "Ines Pinto", "their change was lost");

  await news.getByRole("button", { name: "Lay my changes over theirs", exact: true }).click();
  await news.waitFor({ state: "detached" });
  await holds("Number", "+351210000000");
  await holds("Name", "Ines P.");
  await save.click();
  await form.waitFor({ state: "detached" });
  await lin.getByRole("heading", { name: "Ines P.", level: 1, exact: true }).waitFor();
  const { name, number, zone, fields } = await boss.get("/customers/c-9");
  assert.deepEqual(
    { name, number, zone, fields },
    {
      name: "Ines P.",
      number: "+351210000000",
      zone: "Asia/Tokyo",
      fields: { tier: "platinum" },
    },
  );

  // And the other way: theirs is loaded, and can be edited on.
  await lin.getByRole("button", { name: "Edit", exact: true }).click();
  await field("Booking").fill("WF-1");
  await meanwhile({ name: "Ines Pinto", booking: "WF-2" });
  await save.click();
  await form.getByRole("button", { name: "Load theirs, drop mine", exact: true }).click();
  await holds("Booking", "WF-2");
  await field("Booking").fill("WF-3");
  await save.click();
  await form.waitFor({ state: "detached" });
  const now = await boss.get("/customers/c-9");
  assert.deepEqual([now.name, now.booking, now.zone], ["Ines Pinto", "WF-3", undefined]);
});

story("all notes of a customer can be read, however many", {}, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  await boss.post("/customers", { id: "c-many", name: "Noor" });
  for (let n = 1; n <= 52; n++) await boss.post("/customers/c-many/notes", { text: `Note ${n} of hers` });
  const lin = await person(browser, company, "lin@wayfare.example");
  await lin.goto(`${company.url}/customers/c-many`);
  const notes = lin.getByRole("region", { name: "Notes", exact: true }).getByRole("listitem");
  await notes.filter({ hasText: "Note 52 of hers" }).waitFor();
  assert.equal(await notes.count(), 50);
  await lin.getByRole("button", { name: "Load more", exact: true }).click();
  await notes.filter({ hasText: "Note 1 of hers" }).waitFor();
  assert.equal(await notes.count(), 52);
});
