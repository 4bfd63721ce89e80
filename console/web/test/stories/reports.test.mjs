import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../company.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const week = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);

/** speaks changes the language as somebody would. */
async function speaks(page, language) {
  await page.locator(".rw-person").click();
  await page.getByRole("menuitem", { name: language }).click();
  await page.keyboard.press("Escape");
}

/** csv is what a manager gets who exports the report on the page. */
async function csv(page, menu) {
  await page.getByRole("button", { name: menu }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV", exact: true }).click(),
  ]);
  const folder = mkdtempSync(join(tmpdir(), "ringway-export-"));
  try {
    const path = join(folder, "export.csv");
    await file.saveAs(path);
    return readFileSync(path, "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** drills follows a figure of all queues, and counts what stands behind it. */
async function drills(page, condition) {
  const link = page.locator(`tfoot a[href*="${condition}"]`).first();
  const figure = Number((await link.textContent()).replace(/\D/g, ""));
  await link.click();
  const told = page.getByRole("status").filter({ hasText: /\d (stays?|offers?)\b/ });
  await told.waitFor();
  const more = page.getByRole("button", { name: "Load more", exact: true });
  while (await more.count()) {
    const before = await told.textContent();
    await more.click();
    await until("more is told", async () => (await told.textContent()) !== before);
  }
  assert.equal(await page.locator("tbody tr").count(), figure, `rows behind ${condition}`);
  const text = await told.textContent();
  assert.equal(Number(/\d+/.exec(text)[0]), figure, `what is told of ${condition}`);
  await page.goBack();
  await link.waitFor();
  return text;
}

/** seconds reads 1:02:03. */
const seconds = text => text.split(":").reduce((sum, n) => 60 * sum + Number(n), 0);

/** madeOf opens what a rate or a mean of all queues was computed of, and follows its first part to the list behind it. */
async function madeOf(page, figure, unit) {
  const head = await page.locator("thead th").allTextContents();
  const cell = page.locator("tfoot td").nth(head.findIndex(h => h.trim() === figure));
  const value = await cell.textContent();
  await cell.getByRole("button").click();
  const parts = page.getByRole("region", { name: `What ${figure} is made of`, exact: true });
  await parts.waitFor();
  const read = async list => unit(await parts.locator("ul").nth(list).locator("li a").first().textContent());
  const over = await read(0);
  const under = Number((await parts.locator("ul").nth(1).locator("li a").first().textContent()).replace(/\D/g, ""));
  await parts.locator("ul").first().locator("li a").first().click();
  const told = page.getByRole("status").filter({ hasText: /\d stays? in/ });
  await told.waitFor();
  const more = page.getByRole("button", { name: "Load more", exact: true });
  while (await more.count()) {
    const before = await told.textContent();
    await more.click();
    await until("more is told", async () => (await told.textContent()) !== before);
  }
  assert.equal(await page.locator(".rw-differs").count(), 0, `${figure} and its list differ: ${await told.textContent()}`);
  const rows = await page.locator("tbody tr").count();
  await page.goBack();
  await cell.getByRole("button").waitFor();
  return { value, over, under, rows };
}

story(
  "a report speaks the manager's language, on the page, in files and on paper",
  { past: true },
  async ({ company, browser }) => {
    const page = await person(browser, company, "lin@wayfare.example");
    await page.goto(`${company.url}/reports/queues?from=${yesterday}&to=${yesterday}`);
    await page.getByRole("columnheader", { name: "Offered", exact: true }).waitFor();
    await page.getByRole("note").getByText("none of these figures is real").waitFor();
    assert.match(await csv(page, "Export"), /^\ufeffzone,from,to,key,label,Offered,/);

    await speaks(page, "繁體中文");
    await page.getByRole("columnheader", { name: "進線", exact: true }).waitFor();
    await page.getByText("示範用虛構歷史").waitFor();
    assert.match(await csv(page, "匯出"), /^\ufeff時區,起,迄,代碼,名稱,進線,/);
    await speaks(page, "日本語");
    await page.getByRole("columnheader", { name: "着信", exact: true }).waitFor();
    await page.getByText("計算式").click();
    await page.getByText("目標時間内応答 /（応答 + 放棄 − 短時間放棄）").first().waitFor();

    await page.goto(`${company.url}/board`);
    await page.getByTitle("service_level: 目標時間内応答 /（応答 + 放棄 − 短時間放棄）").first().waitFor();
    await page.getByRole("note").getByText("見本用の架空の履歴を含む").waitFor();

    await page.goto(`${company.url}/api/v1/reports/daily?from=${yesterday}&format=print&lang=ja`);
    await page.getByRole("heading", { name: "日次レポート", exact: true }).waitFor();
    assert.equal(await page.locator("figure svg").count(), 2, "charts on paper");
    assert.match(await page.locator("body").textContent(), /タイムゾーン Asia\/Taipei/);

    await page.goto(`${company.url}/reports/heatmap?from=${week}&to=${yesterday}`);
    await speaks(page, "English");
    await page.getByText("Offered by hour and weekday").waitFor();
    await page.getByRole("combobox", { name: "Figure", exact: true }).selectOption("Abandon rate");
    await page.getByText("Abandon rate by hour and weekday").waitFor();
    await page.getByRole("cell", { name: /%$/ }).first().waitFor();
    assert.match(page.url(), /measure=abandon_rate/);

    await page.goto(`${company.url}/reports/queues?from=${yesterday}&to=${yesterday}`);
    for (const condition of ["result=connected&within=yes", "end_reason=transfer_blind"])
      assert.match(await drills(page, condition), /stay/, condition);
    assert.match(await drills(page, "outcome=rona"), /offers?, of \d+ calls?/);
    const rate = await madeOf(page, "Abandon rate", text => Number(text.replace(/\D/g, "")));
    assert.equal(rate.rows, rate.over, "rows behind the abandoned");
    assert.equal(rate.value, `${((100 * rate.over) / rate.under).toFixed(1)} %`, "the parts divide to the rate");
    const mean = await madeOf(page, "ASA", seconds);
    assert.equal(mean.rows, mean.under, "rows behind the wait of those who were answered");
    assert.ok(Math.abs(mean.over / mean.under - seconds(mean.value)) < 1, `${mean.over} s of ${mean.under} is ${mean.value}`);
    await page.locator('tfoot a[href*="outcome=rona"]').first().click();
    await speaks(page, "日本語");
    await page.getByRole("button", { name: "呼び出しの結果 応答せず", exact: true }).waitFor();
    assert.match(await page.getByRole("status").last().textContent(), /呼び出し \d+ 件/);
    await page.locator("tbody a").first().click();
    const because = page.locator(".rw-decision p").first();
    await because.waitFor();
    assert.match(await because.textContent(), /[ぁ-ん].*。/, "why this agent, in Japanese");
    assert.doesNotMatch(await because.textContent(), /chosen|eligible|came before/);
  },
);

story(
  "a screen on the wall shows nothing once its address is taken back",
  { expected: [/\/board\/stream/] },
  async ({ company, browser }) => {
    const page = await person(browser, company, "lin@wayfare.example", { viewport: { width: 400, height: 860 } });
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "System", exact: true }).click();
    await page.getByRole("link", { name: "Screens", exact: true }).click();
    await page.getByRole("button", { name: "New address", exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("lobby");
    await dialog.getByRole("button", { name: "New address", exact: true }).click();
    await dialog.getByText("it is not shown again").waitFor();
    const url = await dialog.getByRole("textbox").inputValue();
    assert.match(url, /^http/);
    await page.keyboard.press("Escape");
    const row = page.getByRole("row", { name: /lobby/ });
    await row.getByText("Lin").waitFor();
    await row.getByText("never").waitFor();

    const wall = await (await browser.context({ viewport: { width: 1920, height: 1080 } })).newPage();
    await wall.goto(url);
    await wall.getByRole("heading", { name: "help", exact: true }).waitFor();
    await until("the list knows of its use", async () => {
      await page.reload();
      await row.waitFor();
      return (await row.getByText("never").count()) === 0;
    });
    assert.ok(!(await page.content()).includes(new URL(url).searchParams.get("token")), "the token is not shown again");

    await row.getByRole("button", { name: "Take back: lobby", exact: true }).click();
    await page.getByText("stops showing the wallboard").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Take back", exact: true }).click();
    await page.getByText("No screen has an address").waitFor();
    await wall.getByText("This address is not valid any more").waitFor();
    assert.equal(await wall.getByRole("heading", { name: "help", exact: true }).count(), 0, "it still shows the board");
  },
);
