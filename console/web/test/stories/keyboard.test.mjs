import assert from "node:assert/strict";
import { grace, sato } from "../company.mjs";
import { Desk } from "../people.mjs";
import { story } from "../story.mjs";

story("an agent works by keyboard, and a card never takes her pen away", {}, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const sam = await Desk.open(browser, company, "sam");
  const { page } = sam;
  await sam.joins();
  await sam.is("Ready");

  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts", exact: true });
  await list.getByText("Accept the call").waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });

  company.calls(grace);
  await sam.shows(grace.name);
  await page.keyboard.press("a");
  await sam.is("In a call");
  await page.keyboard.press("h");
  await sam.is("Caller on hold");
  await page.keyboard.press("h");
  await sam.is("In a call");
  await page.keyboard.press("n");
  await page.keyboard.type("she had a hat"); // every letter but the first would do something
  assert.equal(await sam.note.inputValue(), "she had a hat");
  await page.keyboard.press("Escape");
  await sam.note.blur();
  await page.keyboard.press("2");
  await page.getByRole("radio", { name: /Complaint$/, checked: true }).waitFor();
  await page.keyboard.press("e");
  await sam.is("Wrap-up");
  await page.keyboard.press("w");
  await sam.is("Ready");

  // A note on a customer's page, half written, when the next card comes.
  await page.getByRole("link", { name: "Customers", exact: true }).click();
  await page.getByRole("link", { name: grace.name }).click();
  const note = page.getByRole("textbox", { name: "New note", exact: true });
  await note.click();
  await page.keyboard.type("a half");
  company.calls(sato);
  await page.locator(".rw-bar").getByText(sato.name).waitFor();
  await page.keyboard.type(" sentence");
  assert.equal(await note.inputValue(), "a half sentence");
  assert.ok(await note.evaluate(e => e === document.activeElement), "the focus is elsewhere");
  assert.equal((await boss.agent("sam")).state, "ringing", "a letter of the note answered the call");
  await page.keyboard.press("Alt+Shift+A");
  await page.getByRole("link", { name: "Desk", exact: true }).click();
  await sam.is("In a call");
  await sam.call.getByRole("heading", { name: sato.name }).waitFor();
});
