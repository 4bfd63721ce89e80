import assert from "node:assert/strict";
import { Browser, logIn } from "../browser.mjs";
import { grace, sato, until } from "../company.mjs";
import { Desk } from "../people.mjs";
import { story } from "../story.mjs";

story("a desk that is loaded anew while the phone rings takes the call", {}, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const sam = await Desk.open(browser, company, "sam");
  await sam.joins();
  await sam.is("Ready");
  company.calls(grace);
  await sam.shows(grace.name);
  await sam.page.reload();
  await sam.shows(grace.name);
  await sam.accepts();
  await sam.call.getByRole("heading", { name: grace.name }).waitFor();
  await sam.is("In a call");
  // The click let the browser ring again: nothing says otherwise any more.
  await sam.page.getByText("The browser lets this page ring only after a click").waitFor({ state: "detached" });
  const { call } = await boss.running();
  const offers = await boss.get(`/calls/${call.id}`);
  assert.equal(offers.offers.length, 1, "the call was offered once");
});

// What is half-written when somebody logs out is saved first; in another tab it waits for the next log-in.
const expected = [/\/api\/v1\/(desk|events|me|profile)/];
// Sam speaks of no flights, and a number that nobody may dial is refused.
const elsewhere = {
  edit: { "people.yaml": t => t.replace("skills: {flights: 2, hotels: 2}", "skills: {hotels: 2}") },
  expected: [/\/api\/v1\/desk\/transfer$/],
};

story("a half-written note survives the log-out", { expected }, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const sam = await Desk.open(browser, company, "sam");
  await sam.joins();
  await sam.is("Ready");
  company.calls(sato);
  await sam.shows(sato.name);
  await sam.accepts();
  await sam.is("In a call");
  const { call } = await boss.running();
  await sam.note.fill("asked for a seat at the");
  await logsOut(sam.page);
  const written = async () => (await boss.get(`/calls/${call.id}`)).note;
  await until("the note is on record", async () => (await written()) === "asked for a seat at the");

  await logIn(sam.page, company.url, "sam", company.password);
  await sam.is("In a call");
  const other = new Desk(await sam.page.context().newPage());
  await other.page.goto(company.url);
  await other.is("In a call");
  await sam.note.fill("asked for a seat at the window");
  const began = Date.now();
  await logsOut(other.page);
  await sam.page.getByText("Please log in again").waitFor({ timeout: 4_000 });
  assert.ok(Date.now() - began < 4_000, "the other tab noticed late");
  await sam.page.locator("input[autocomplete=username]").fill("sam");
  await sam.page.locator("input[autocomplete=current-password]").fill(company.password);
  await sam.page.locator("button[type=submit]").click();
  await sam.is("In a call");
  assert.equal(await sam.note.inputValue(), "asked for a seat at the window");
  await until("the note is on record", async () => (await written()) === "asked for a seat at the window");
  assert.ok((await boss.running()).call, "the call went on all the time");
});

async function logsOut(page) {
  await page.getByRole("button", { name: /^Sam Porter/ }).click();
  await page.getByRole("menuitem", { name: "Log out", exact: true }).click();
  await page.locator("input[autocomplete=username]").waitFor();
}

story("a caller is handed on to a queue that the agent does not serve", elsewhere, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const sam = await Desk.open(browser, company, "sam");
  await sam.joins();
  await sam.is("Ready");
  company.calls(grace);
  await sam.shows(grace.name);
  await sam.accepts();
  await sam.is("In a call");
  const { call } = await boss.running();
  const speaks = async language => {
    await sam.page.evaluate(l => localStorage.setItem("ringway-language", l), language);
    await sam.page.reload();
    await sam.page.locator("[data-action=transfer]").click();
  };
  await speaks("ja"); // what is refused, and why she was chosen, is told in her language
  await sam.page.getByRole("textbox", { name: "番号またはキュー", exact: true }).fill("999");
  await sam.page.keyboard.press("Enter");
  await sam.page.getByText("999 には転送できません").waitFor();
  await sam.page.locator(".rw-why").getByText("Sam Porter は").first().waitFor();
  await speaks("en");
  const dialog = sam.page.getByRole("dialog", { name: "Transfer the call", exact: true });
  const to = dialog.getByRole("textbox", { name: "Number or queue", exact: true });
  await to.fill("999");
  await dialog.getByRole("button", { name: "Transfer", exact: true }).click();
  await dialog.getByText("no such number may be dialled").waitFor();
  await to.fill("701");
  await dialog.getByRole("button", { name: "flights 701", exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Transfer", exact: true }).click();
  await sam.is("Wrap-up");
  const visits = await until("she is in the other queue", async () => {
    const all = (await boss.get(`/calls/${call.id}`)).visits;
    return all.length === 2 && all;
  });
  assert.deepEqual([visits[1].queue, visits[1].by_transfer], ["flights", true]);
  company.everybodyHangsUp();
});

story("a browser that is killed while its agent is ready makes her unavailable after a minute", {}, async ({ company }) => {
  const boss = company.as("ada@wayfare.example");
  const fragile = await Browser.open();
  try {
    const sam = await Desk.open(fragile, company, "sam");
    await sam.joins();
    await sam.is("Ready");
  } finally {
    await fragile.die();
  }
  const killed = Date.now();
  const state = async () => boss.agent("sam");
  await until("she is not ready", async () => (await state()).state === "not_ready", 90_000);
  assert.ok(Date.now() - killed > 55_000, "she was not given a minute to come back");
  assert.equal((await state()).reason, "desk_lost");
  assert.deepEqual(fragile.faults, []);
});
