import assert from "node:assert/strict";
import { flesh, grace, until } from "../company.mjs";
import { Desk } from "../people.mjs";
import { story } from "../story.mjs";

const edit = {
  "people.yaml": flesh("mei"),
  "queues.yaml": t =>
    t
      .replace("    rank: most_capable", "    rank: most_capable\n    ring: all")
      .replace(/want: "speaks[^}]*region\)"/, 'want: "true"'),
};

// Who comes second may be refused, or be too late for an offer that is gone already.
const expected = [/\/api\/v1\/desk\/accept$/];

story(
  "two agents accept at once: one has the call, the other's card goes away",
  { edit, expected },
  async ({ company, browser }) => {
    const boss = company.as("ada@wayfare.example");
    company.robotsLeave();
    const desks = await Promise.all([Desk.open(browser, company, "mei"), Desk.open(browser, company, "sam")]);
    for (const desk of desks) {
      await desk.joins();
      await desk.is("Ready");
    }
    company.calls(grace);
    await Promise.all(desks.map(desk => desk.shows(grace.name)));
    // The second button may be gone, which nobody shall wait out.
    await Promise.all(desks.map(desk => desk.accepts({ timeout: 5_000 }).catch(() => {})));

    await until("somebody has the call", async () => (await Promise.all(desks.map(d => d.call.isVisible()))).some(Boolean));
    const [first, second] = (await desks[0].call.isVisible()) ? desks : [...desks].reverse();
    await second.offer.waitFor({ state: "detached" });
    await second.is("Ready");
    await first.is("In a call");
    assert.equal(await second.call.count(), 0, "both have the call");

    const { call } = await boss.running();
    company.everybodyHangsUp();
    await first.is("Wrap-up");
    const { offers } = await until("the call is on record", async () => {
      const all = await boss.get(`/calls/${call.id}`);
      return all.call.end && all;
    });
    assert.deepEqual(offers.map(o => o.outcome).sort(), ["answered", "lost_race"]);
  },
);
