import assert from "node:assert/strict";
import { expect } from "../expect.mjs";
import { barriers } from "../pages.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

const focused = (locator, what) =>
  expect(() => locator.evaluate(e => e === document.activeElement), `the focus is on ${what}`, Boolean);

/** asked opens a question by keyboard, says no, and then yes; the focus is back on the button, and where that is gone on the list. */
async function asked(page, { button, title, yes, says, stays }) {
  const opener = page.getByRole("button", { name: button });
  const question = page.getByRole("dialog", { name: title });
  const no = question.getByRole("button", { name: "Cancel", exact: true });
  await opener.focus();
  await page.keyboard.press("Enter");
  await question.getByText(says).waitFor();
  await focused(no, "no");
  assert.deepEqual(await barriers(page), []);
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  await focused(opener, button);

  await page.keyboard.press("Enter");
  await focused(no, "no");
  await page.keyboard.press("Tab");
  await focused(question.getByRole("button", { name: yes ?? title }), "yes");
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  if (stays) return focused(opener, button);
  await opener.waitFor({ state: "detached" });
  await expect(
    () => page.evaluate(() => document.activeElement?.matches("#rw-main, .rw-tablebox")),
    "the focus is on the list, or on the page where that is empty",
    Boolean,
  );
}

story("what does not come back is asked before, by keyboard too", {}, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  for (const label of ["lobby", "kitchen"]) await boss.post("/board/tokens", { label });
  for (const name of ["crm", "billing"]) await boss.post("/keys", { name, scopes: ["calls:read"] });
  await boss.post("/captures", { filter: { kind: "account", value: "sam" }, seconds: 600 });
  const worker = company.as("sam");
  await worker.get("/me");
  const page = await person(browser, company, "ada@wayfare.example");

  await page.goto(`${company.url}/system/walls`);
  await asked(page, { button: "Take back: lobby", title: "Take back", says: 'The screen "lobby"' });
  await asked(page, { button: "Take back: kitchen", title: "Take back", says: 'The screen "kitchen"' });
  assert.deepEqual(await boss.list("/board/tokens"), []);

  await page.goto(`${company.url}/system/keys`);
  await asked(page, { button: "Revoke: crm", title: "Revoke", says: 'The key "crm" is refused' });
  assert.deepEqual(
    (await boss.list("/keys")).map(k => k.name),
    ["billing"],
  );

  await page.goto(`${company.url}/system/captures`);
  await asked(page, { button: "Remove: sam", title: "Remove this capture?", yes: "Remove", says: "gone for good" });
  assert.deepEqual(await boss.list("/captures"), []);

  await page.goto(`${company.url}/system/people`);
  await asked(page, { button: "End log-ins: Sam Porter", title: "End log-ins", says: "in every browser", stays: true });
  await page.getByText("Sam Porter is logged out everywhere").waitFor();
  await assert.rejects(worker.get("/me"), /: 401 /);
});
