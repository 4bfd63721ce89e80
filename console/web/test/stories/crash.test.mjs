import assert from "node:assert/strict";
import { Browser } from "../browser.mjs";
import { grace, until } from "../company.mjs";
import { Desk } from "../people.mjs";
import { story } from "../story.mjs";

story(
  "the browser dies in the middle of a call: the call goes on, and the desk comes back to it",
  {},
  async ({ company, browser }) => {
    const boss = company.as("ada@wayfare.example");
    const fragile = await Browser.open();
    let call;
    try {
      const sam = await Desk.open(fragile, company, "sam");
      await sam.joins();
      await sam.is("Ready");
      company.calls(grace);
      await sam.shows(grace.name);
      await sam.accepts();
      await sam.is("In a call");
      await sam.note.fill("half a sentence");
      await sam.page.getByText("Saved", { exact: true }).waitFor();
      ({ call } = await boss.running());
    } finally {
      await fragile.die();
    }
    const live = async () => (await boss.list("/live-calls")).map(c => [c.id, c.agent]);
    assert.deepEqual(await live(), [[call.id, "sam"]]);
    assert.equal((await boss.agent("sam")).state, "talk");

    const sam = await Desk.open(browser, company, "sam");
    await sam.call.getByRole("heading", { name: grace.name }).waitFor();
    await sam.is("In a call");
    assert.equal(await sam.note.inputValue(), "half a sentence");
    assert.deepEqual(await live(), [[call.id, "sam"]], "the call ended with the browser");
    await sam.call.getByRole("button", { name: "Hold", exact: true }).click();
    await sam.is("Caller on hold");
    await sam.call.getByRole("button", { name: "Take back", exact: true }).click();
    await sam.is("In a call");
    await sam.call.getByRole("button", { name: "Hang up", exact: true }).click();
    await sam.is("Wrap-up");
    await until("the call is over", async () => (await boss.get(`/calls/${call.id}`)).call.end);
    assert.deepEqual(fragile.faults, []);
  },
);
