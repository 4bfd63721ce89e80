import assert from "node:assert/strict";
import { grace, sato } from "../company.mjs";
import { expect } from "../expect.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

story("the wallboards follow who waits; a manager withdraws a caller", {}, async ({ company, browser }) => {
  company.robotsLeave();
  const manager = await person(browser, company, "lin@wayfare.example");
  await manager.getByRole("link", { name: "Wallboard", exact: true }).click();
  const help = manager.getByRole("region", { name: "help", exact: true });
  const waiting = (where, n) =>
    expect(
      () => where.textContent(),
      `${n} wait`,
      text => text.trim() === String(n),
    );
  const count = help.locator(".rw-queue-big");
  await waiting(count, 0);

  await manager.getByRole("button", { name: "For the wall", exact: true }).click();
  const url = await manager.getByRole("dialog").getByRole("textbox").inputValue();
  await manager.keyboard.press("Escape");
  const stranger = await browser.context({ viewport: { width: 1920, height: 1080 } });
  const wall = await stranger.newPage();
  await wall.goto(url);
  const wallCount = wall
    .locator("section.queue", { has: wall.getByRole("heading", { name: "help", exact: true }) })
    .locator(".figure dd")
    .first();
  await waiting(wallCount, 0);

  company.calls(grace);
  await waiting(count, 1);
  await waiting(wallCount, 1);
  company.calls(sato);
  await waiting(count, 2);
  await waiting(wallCount, 2);
  await expect(
    () => help.textContent(),
    "the longest wait grows",
    text => /longest wait 0:0[2-9]|0:[1-5]\d/.test(text),
  );

  await help.getByTitle("Show who waits").click();
  const list = manager.getByRole("dialog", { name: "waiting: help", exact: true });
  const row = list.getByRole("row", { name: sato.name });
  await row.getByText("Japanese").waitFor();
  await row.getByRole("button", { name: "Re-prioritise", exact: true }).click();
  await manager.getByRole("textbox", { name: "Head start", exact: true }).fill("90");
  await manager.getByRole("button", { name: "Save", exact: true }).click();
  await row.getByText("+1:30").waitFor();
  await list
    .getByRole("row", { name: grace.name })
    .getByRole("button", { name: /^Withdraw/ })
    .click();
  const asked = manager.getByRole("dialog", { name: "Take this caller out of the queue?", exact: true });
  await asked.getByRole("button", { name: "Withdraw", exact: true }).click();
  await list.getByRole("row", { name: grace.name }).waitFor({ state: "detached" });
  await waiting(count, 1);
  await waiting(wallCount, 1);
  company.everybodyHangsUp();
  await waiting(count, 0);
  await waiting(wallCount, 0);

  const cookies = await stranger.cookies();
  assert.deepEqual(cookies, [], "the wall needs no log-in");
});
