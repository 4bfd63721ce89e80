import assert from "node:assert/strict";
import { join } from "node:path";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

story(
  "an administrator changes the plan: an error at its line, the difference, apply, and back",
  {},
  async ({ company, browser }) => {
    const page = await person(browser, company, "ada@wayfare.example");
    await page.getByRole("link", { name: "Dialplan", exact: true }).click();
    await page.getByRole("button", { name: "queues.yaml", exact: true }).click();
    const editor = page.getByRole("textbox", { name: "queues.yaml", exact: true });
    const line = text => editor.locator(".cm-line").filter({ hasText: text }).first();

    await line("service_level: 20s").click();
    await page.keyboard.press("End");
    await page.keyboard.type("x");
    const finding = page.getByRole("region", { name: "Findings", exact: true }).getByRole("button").first();
    await finding.filter({ hasText: "queues.yaml:" }).waitFor();
    await editor.locator(".cm-lintRange-error").first().waitFor();
    await page.keyboard.press("Backspace");
    await finding.waitFor({ state: "detached" });

    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("5s");
    await page.getByText("1 file not applied yet").waitFor();
    await page.getByRole("button", { name: "Compare and apply", exact: true }).click();
    const difference = page.getByRole("dialog", { name: "What would change", exact: true });
    await difference.getByText("20s → 25s").waitFor();
    await difference.getByRole("textbox", { name: "Comment", exact: true }).fill("Ring a little longer");
    await difference.getByRole("button", { name: "Apply", exact: true }).click();
    await page.getByText("Version 2 is in force").waitFor();

    await page.getByRole("link", { name: "Versions", exact: true }).click();
    await page.getByRole("row", { name: "Ring a little longer" }).filter({ hasText: "in force" }).waitFor();
    await page.getByRole("button", { name: "Roll back", exact: true }).click();
    const back = page.getByRole("dialog", { name: "Roll back to version 1?", exact: true });
    await back.getByText("25s → 20s").waitFor();
    await back.getByRole("button", { name: "Roll back", exact: true }).click();
    await page.getByText("Version 3 is in force").waitFor();
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByRole("button", { name: "queues.yaml", exact: true }).click();
    await line("service_level: 20s").waitFor();
  },
);

story("an administrator reads findings and differences in her own language", {}, async ({ company, browser }) => {
  for (const [language, tab, finding, hint, compare, step] of [
    ["zh-TW", "queues.yaml", "「20sx」不是時間長度", "寫法如 20s、1m30s 或 500ms", "比較並套用", "service_level：20s → 25s"],
    [
      "ja",
      "queues.yaml",
      "「20sx」は時間の長さではありません",
      "20s、1m30s、500ms のように",
      "比較して適用",
      "service_level：20s → 25s",
    ],
  ]) {
    const page = await person(browser, company, "ada@wayfare.example");
    await page.evaluate(l => localStorage.setItem("ringway-language", l), language);
    await page.goto(`${company.url}/dialplan/edit`);
    await page.getByRole("button", { name: tab }).click();
    await page.locator(".cm-line").filter({ hasText: "service_level: 20s" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type("x");
    const told = page.locator(".rw-findings li").filter({ hasText: finding });
    await told.filter({ hasText: hint }).waitFor();
    await page.locator(".cm-lintRange-error").first().hover();
    await page.locator(".cm-diagnostic").filter({ hasText: finding }).waitFor();
    await picture(page, `findings-${language}`);
    for (const key of ["Backspace", "Backspace", "Backspace"]) await page.keyboard.press(key);
    await page.keyboard.type("5s");
    await told.waitFor({ state: "detached" });
    await page.getByRole("button", { name: compare }).click();
    await page.getByRole("dialog").getByText(step).waitFor();
    await picture(page, `differences-${language}`);
  }
});

/** picture keeps what a person saw, where somebody asked for it. */
async function picture(page, name) {
  const folder = process.env.RINGWAY_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

story("an administrator sees where calls go, and what was said of one", {}, async ({ company, browser }) => {
  const page = await person(browser, company, "ada@wayfare.example");
  await page.goto(`${company.url}/dialplan/graph`);
  await page.getByRole("button", { name: "sorry: playback all-busy", exact: true }).first().click();
  await page.getByRole("textbox", { name: "dialplan/10-customers.yaml", exact: true }).waitFor();
  assert.match(page.url(), /line=\d+/);

  await page.getByRole("link", { name: "Simulate", exact: true }).click();
  await page.getByRole("textbox", { name: "Language", exact: true }).fill("ja");
  await page.getByRole("combobox", { name: "Dialled", exact: true }).fill("help");
  await page.getByText("All", { exact: true }).click();
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await page.getByText("The caller speaks with").waitFor();
  await page
    .getByRole("link", { name: /^dialplan\/10-customers.yaml:/ })
    .first()
    .waitFor();
  await page.getByRole("region", { name: "Ranked agents", exact: true }).first().waitFor();

  await page.getByRole("link", { name: "Calls", exact: true }).click();
  await page.getByRole("row", { name: "answered" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Show the SIP ladder", exact: true }).click();
  await page
    .getByRole("button", { name: /INVITE/ })
    .first()
    .click();
  await page.getByRole("region", { name: "Message", exact: true }).getByText("m=audio").waitFor();
});
