import assert from "node:assert/strict";
import { grace, sato, until, wong } from "../company.mjs";
import { expect } from "../expect.mjs";
import { Desk, person } from "../people.mjs";
import { story } from "../story.mjs";

story("an agent takes a customer's call, and the manager reads of it", {}, async ({ company, browser, t }) => {
  const boss = company.as("ada@wayfare.example");
  const sam = await Desk.open(browser, company, "sam");
  await sam.is("Offline");
  await sam.joins();
  await sam.is("Ready");

  const [call, customer] = await callsInTime(company, sam, boss, t);
  await sam.accepts();
  await sam.call.getByRole("heading", { name: customer.name }).waitFor();
  await sam.is("In a call");

  await sam.note.fill("Wants to fly a day later");
  await sam.page.getByText("Saved", { exact: true }).waitFor();
  await sam.page.getByRole("radio", { name: /Booking$/ }).click();
  await sam.page.getByRole("radio", { name: /Change$/ }).click();

  company.everybodyHangsUp();
  await sam.wrapUp.waitFor();
  await sam.is("Wrap-up");
  await sam.page.getByRole("radio", { name: /Change$/, checked: true }).waitFor();
  assert.equal(await sam.note.inputValue(), "Wants to fly a day later");
  await sam.wrapUp.getByRole("button", { name: "Done", exact: true }).click();
  await sam.is("Ready");

  const manager = await person(browser, company, "lin@wayfare.example");
  await manager.getByRole("link", { name: "Calls", exact: true }).click();
  const row = manager.getByRole("row", { name: customer.name }).filter({ hasText: "answered" }).first();
  await row.filter({ hasText: "Booking: Change" }).waitFor();
  await row.getByRole("link").click();
  await manager.getByRole("heading", { name: customer.name }).waitFor();
  await manager.getByText("Wants to fly a day later").waitFor();
  assert.ok(manager.url().endsWith(call), manager.url());

  await manager.getByRole("link", { name: "Reports", exact: true }).click();
  await manager.getByRole("link", { name: "Agents", exact: true }).click();
  await manager.getByRole("row", { name: "Sam Porter" }).waitFor();
  const [file] = await Promise.all([manager.waitForEvent("download"), exports(manager, "Excel with charts")]);
  assert.match(file.suggestedFilename(), /\.xlsx$/);

  await manager.getByRole("link", { name: "Wallboard", exact: true }).click();
  await manager.getByRole("button", { name: "More actions: Sam Porter", exact: true }).click();
  await manager.getByRole("menuitem", { name: "Why calls come, or not", exact: true }).click();
  const told = manager.getByRole("dialog", { name: "Why calls came to Sam Porter, or did not", exact: true });
  await told.getByText("Sam Porter was chosen").first().waitFor();
  await boss.post("/agents/sam/leave", {});
  await manager.locator("tr", { hasText: "Sam Porter" }).waitFor({ state: "detached" });
  await told.getByLabel("Around").fill("2026-03-02T15:04");
  await told.getByText("No decision was made in these minutes").waitFor();
});

story(
  "an agent rests with a reason, plans it during a call, and takes longer for her notes",
  {},
  async ({ company, browser }) => {
    const boss = company.as("ada@wayfare.example");
    const sam = await Desk.open(browser, company, "sam");
    const chooses = async (button, reason) => {
      await sam.page.getByRole("button", { name: button }).click();
      await sam.page.getByRole("menuitem", { name: reason }).click();
      await sam.page.getByRole("menu").waitFor({ state: "detached" }); // a click on the button would only close it
    };
    const agent = async () => {
      const { state, reason = "" } = await boss.agent("sam");
      return `${state} ${reason}`.trim();
    };
    await sam.joins();
    await sam.is("Ready");
    await chooses("Not ready", "Lunch");
    await sam.is("Not ready · Lunch");
    assert.equal(await agent(), "not_ready lunch");
    await chooses("Other reason", "Training");
    await sam.is("Not ready · Training");
    await sam.page.getByRole("button", { name: "Ready", exact: true }).first().click();
    await sam.is("Ready");

    company.calls(grace);
    await sam.shows(grace.name);
    await sam.accepts();
    await sam.is("In a call");
    await chooses("Afterwards", "Break");
    await sam.page.locator(".rw-state-sub").getByText("then Not ready (Break)").waitFor();
    company.everybodyHangsUp();
    await sam.is("Wrap-up");
    const left = async () => {
      const [m, s] = (await sam.wrapUp.locator(".rw-big").textContent()).split(":");
      return 60 * Number(m) + Number(s);
    };
    const before = await left();
    assert.ok(before <= 25, `wrap-up has ${before} s of 20`); // a clock apart by a second is no fault
    await sam.wrapUp.getByRole("button", { name: "1 minute more", exact: true }).click();
    const longer = await expect(left, "a minute is added", s => s > 30);
    assert.ok(longer <= before + 60, `${before} s became ${longer}`);
    await sam.wrapUp.getByRole("button", { name: "Done", exact: true }).click();
    await sam.is("Not ready · Break");
    assert.equal(await agent(), "not_ready break");
  },
);

// callsInTime is a call whose card was on the agent's screen before her phone rang. The switch waits 150 ms for the card: where
// this machine was too busy to paint one in that time, another customer calls.
async function callsInTime(company, desk, boss, t) {
  const late = [];
  for (const customer of [grace, sato, wong, grace, sato, wong]) {
    await desk.forgetsCards();
    company.calls(customer);
    await desk.shows(customer.name);
    await desk.offer.getByRole("button", { name: "Accept", exact: true }).waitFor();
    const painted = await desk.painted(customer.name);
    const { call } = await boss.running();
    const invited = await until("her phone rings", () => boss.moment(call.id, "leg.start", e => e.agent === "sam"));
    const rings = await until("her phone rings", () => boss.moment(call.id, "leg.ringing", e => e.agent === "sam"));
    const said = `the card of ${customer.name} was painted ${invited - painted} ms before the INVITE, ${rings - painted} before the 180`;
    t.diagnostic(said);
    if (painted < rings) return [call.id, customer];
    late.push(said);
    company.everybodyHangsUp();
    await until("the call is over", async () => (await boss.get(`/calls/${call.id}`)).call.end);
    await desk.is("Ready");
  }
  throw new Error(`no card was painted before the phone rang:\n${late.join("\n")}`);
}

async function exports(page, format) {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("menuitem", { name: format }).click();
}
