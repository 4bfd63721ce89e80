import assert from "node:assert/strict";
import { grace } from "../company.mjs";
import { inspects, looks, puts, seen } from "../pages.mjs";
import { Desk, person } from "../people.mjs";
import { story } from "../story.mjs";

// Pages as they are while something goes on: what the story of all pages, which only opens them, does not see.
story("a desk at work, a call's page and the wall have no serious barrier", {}, async ({ company, browser, t }) => {
  const found = [];
  let states = 0;
  const look = async (page, name) => {
    states++;
    for (const l of seen) {
      await puts(page, l);
      found.push(...(await inspects(page, name, l)));
    }
    await puts(page, looks[0]);
  };

  const sam = await Desk.open(browser, company, "sam");
  const { page } = sam;
  await page.getByRole("button", { name: /^Queues/ }).click();
  await page.getByRole("switch").first().waitFor();
  await look(page, "queues to join");
  await page.keyboard.press("Escape");
  await sam.joins();
  await sam.is("Ready");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts", exact: true }).waitFor();
  await look(page, "shortcuts");
  await page.keyboard.press("Escape");

  company.calls(grace);
  await sam.shows(grace.name);
  await look(page, "incoming call");
  await sam.offer.getByRole("button", { name: "Decline with a reason", exact: true }).click();
  await page.getByRole("menuitem", { name: "Not my subject", exact: true }).waitFor();
  await look(page, "reasons to decline");
  await page.keyboard.press("Escape");
  await sam.accepts();
  await sam.is("In a call");
  await look(page, "in a call");
  await sam.call.getByRole("button", { name: "Hold", exact: true }).click();
  await sam.is("Caller on hold");
  await look(page, "caller on hold");
  await sam.call.getByRole("button", { name: "Transfer", exact: true }).click();
  await page.getByRole("dialog", { name: "Transfer the call", exact: true }).waitFor();
  await look(page, "transfer");
  await page.keyboard.press("Escape");

  const lin = await person(browser, company, "lin@wayfare.example");
  const { call } = await company.as("ada@wayfare.example").running();
  await lin.goto(`${company.url}/calls/${call.id}`);
  await lin.getByRole("heading", { name: grace.name }).waitFor();
  const legs = lin.getByRole("table").filter({ has: lin.getByRole("columnheader", { name: "Codec", exact: true }) });
  for (const who of ["called us", "Sam Porter"]) await legs.getByRole("row", { name: who }).getByText("still up").waitFor();
  await look(lin, "a running call");
  await lin.goto(`${company.url}/board`);
  await lin.getByRole("region", { name: "help", exact: true }).waitFor();
  await lin.getByRole("row", { name: "Sam Porter" }).getByText("London desk").waitFor();
  await look(lin, "wallboard with a call");
  await lin.getByRole("button", { name: "More actions: Sam Porter", exact: true }).click();
  await lin.getByRole("menuitem", { name: "Why calls come, or not", exact: true }).click();
  await lin.getByRole("dialog").getByText("Sam Porter was chosen").first().waitFor();
  await look(lin, "why calls come");

  company.everybodyHangsUp();
  await sam.is("Wrap-up");
  await look(page, "wrap-up");

  const { url } = await company.as("lin@wayfare.example").post("/board/tokens", { label: "hall" });
  const wall = await (await browser.context()).newPage();
  await wall.goto(new URL(url, company.url).href);
  await wall.getByRole("heading", { name: "help", exact: true }).waitFor();
  await wall.getByRole("list", { name: "Agents by state", exact: true }).getByText("Wrap-up").waitFor();
  for (const l of seen) {
    await wall.emulateMedia({ colorScheme: l.colorScheme });
    await wall.setViewportSize(l.viewport);
    found.push(...(await inspects(wall, "wall", l)));
  }
  assert.deepEqual([...new Set(found)], []);
  t.diagnostic(`${states + 1} states`);
});
