// An administrator asks what would become of a call. Pictures of what she sees are kept where RINGWAY_PICTURES names a folder.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../company.mjs";
import { barriers, looks, rests } from "../pages.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

/** Simulator is the page. */
class Simulator {
  constructor(page) {
    this.page = page;
    this.path = page.locator(".rw-sim-steps");
    this.lanes = page.locator(".rw-lanes");
    this.decisions = page.locator(".rw-decision");
  }

  static async open(browser, company, options) {
    const page = await person(browser, company, "ada@wayfare.example", options);
    await page.goto(`${company.url}/dialplan/simulate`);
    return new Simulator(page);
  }

  field(name) {
    return this.page.getByRole("textbox", { name, exact: true });
  }

  async dials(exten) {
    await this.page.getByRole("combobox", { name: "Dialled", exact: true }).fill(exten);
    await this.page.keyboard.press("Escape");
  }

  async everybodyWorks() {
    await this.page.getByText("All", { exact: true }).click();
  }

  async takes(label, name) {
    await this.page.getByRole("combobox", { name: label }).click();
    await this.page.getByRole("option", { name }).click();
    await this.page.keyboard.press("Escape");
  }

  async presses(keys, after) {
    await this.page.getByRole("button", { name: "Add keys at a moment", exact: true }).click();
    await this.field("Keys").last().fill(keys);
    await this.page
      .getByRole("group", { name: "What the caller does", exact: true })
      .getByRole("textbox", { name: "After seconds", exact: true })
      .last()
      .fill(after);
  }

  async phone(who, does) {
    const phones = this.page.getByRole("group", { name: "When a phone rings", exact: true });
    await phones.getByRole("button", { name: "Add a phone of its own", exact: true }).click();
    await phones.getByRole("combobox", { name: "Person, account or number", exact: true }).last().fill(who);
    await this.page.keyboard.press("Escape");
    await phones.getByRole("combobox", { name: "The phone", exact: true }).last().selectOption({ label: does });
  }

  async goes() {
    await this.page.getByRole("button", { name: "Simulate", exact: true }).click();
  }

  /** looks takes a picture, and finds what axe finds. */
  async looks(name) {
    await rests(this.page);
    assert.deepEqual(await barriers(this.page), []);
    const to = process.env.RINGWAY_PICTURES;
    if (!to) return;
    mkdirSync(to, { recursive: true });
    await this.page.screenshot({ path: join(to, `simulate-${name}.png`), fullPage: true });
  }
}

// Each look costs a log-in: the other two are for those who look at the pictures.
const seen = process.env.RINGWAY_PICTURES ? looks : looks.filter(l => l.name === "light" || l.name === "narrow-dark");

story("an administrator asks what would become of a call", {}, async ({ company, browser }) => {
  for (const look of seen) {
    const sim = await Simulator.open(browser, company, { colorScheme: look.colorScheme, viewport: look.viewport });
    const { page } = sim;

    // A key in the menu's prompt; the first agent declines, and the second is chosen.
    await sim.dials("menu");
    await sim.field("Language").fill("ja");
    await sim.field("Region").fill("JP");
    await sim.presses("2", "1");
    await sim.everybodyWorks();
    await sim.phone("sam", "declines");
    await sim.goes();
    await page.getByText("The caller speaks with Aiko Tanaka").waitFor();
    await sim.path.getByText("the caller presses 2").waitFor();
    await sim.path.getByText("goes on at").first().waitFor();
    await sim.lanes.getByText("Ringing · declined").waitFor();
    await sim.lanes.getByText("Talk").first().waitFor();
    const [first, second] = [sim.decisions.nth(0), sim.decisions.nth(1)];
    await first.getByText("declined · 0:03").waitFor();
    await first.getByText("Sam Porter came before Aiko Tanaka, who is a robot.").waitFor();
    await first.getByRole("columnheader", { name: "language", exact: true }).waitFor();
    await second.getByText("Aiko Tanaka came before Ken Sato by language: 5 against 4.").waitFor();
    await second.getByText("Who was not considered").click();
    await second.getByText("rests after a miss").waitFor();
    await page.getByRole("button", { name: "Show in the graph", exact: true }).click();
    await page.locator(".rw-g-row[data-seen]").getByText("background menu").waitFor();
    assert.equal(await page.locator(".rw-g-row[data-seen]").getByText("playback all-busy").count(), 0);
    await sim.looks(`declined-${look.name}`);
    await page.context().close();
  }
});

story(
  "a caller gives up in the queue, and one is placed behind those who wait",
  { expected: [/\/dialplan\/simulate$/] },
  async ({ company, browser }) => {
    company.robotsLeave();
    const sim = await Simulator.open(browser, company);
    const { page } = sim;
    await sim.dials("help");
    await page.getByRole("textbox", { name: "Hangs up after", exact: true }).fill("12");
    await sim.goes();
    await page.locator(".rw-sim-visit").getByText("abandoned").waitFor();
    await page.getByText("The caller speaks with nobody").waitFor();
    await sim.path.getByText("the caller hangs up").first().waitFor();
    await page.getByText("Nobody could take the call; the caller kept the place.").first().waitFor();

    // A key after that cannot be: the field says so, and nothing else does.
    await sim.presses("#", "20");
    await sim.goes();
    await page.getByText("the caller has hung up by then").waitFor();
    await page.getByRole("button", { name: "Remove", exact: true }).first().click();

    company.calls({ key: 1 });
    const ada = company.as("ada@wayfare.example");
    await until("somebody waits", async () => (await ada.list("/queues")).some(q => q.waiting > 0));
    await page.getByRole("textbox", { name: "Hangs up after", exact: true }).fill("");
    await page.getByRole("checkbox", { name: "Behind those who wait now", exact: true }).check();
    await sim.takes("Taken as ready", "Mei Lin");
    await sim.goes();
    await page.getByText("1 before it").waitFor();
    await page.getByText("The caller speaks with Mei Lin").waitFor();
    const before = page.getByRole("region", { name: "Who waited before it", exact: true });
    await before.getByText("Mei Lin").waitFor();
    await sim.looks("behind");
    company.everybodyHangsUp();
  },
);
