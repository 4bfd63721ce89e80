import assert from "node:assert/strict";
import { flesh, lin, until } from "../company.mjs";
import { Desk } from "../people.mjs";
import { story } from "../story.mjs";

const edit = {
  "people.yaml": flesh("mei"),
  "queues.yaml": t => t.replace("    ring_time:", "    offer: preview\n    ring_time:"),
};

story("in preview mode phones ring after a yes, and a no goes to the next agent", { edit }, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const [mei, sam] = await Promise.all([Desk.open(browser, company, "mei"), Desk.open(browser, company, "sam")]);
  for (const desk of [mei, sam]) {
    await desk.joins();
    await desk.is("Ready");
  }

  company.calls(lin);
  await mei.shows(lin.name);
  await mei.offer.getByText("Accept, then your phone rings.").waitFor();
  await mei.declines("Not my subject");

  await sam.shows(lin.name);
  await mei.offer.waitFor({ state: "detached" });
  const { call, legs } = await boss.running();
  assert.equal(legs.filter(l => l.direction === "out").length, 0, "a phone was rung before anybody said yes");
  const yes = Date.now();
  await sam.accepts();
  await sam.call.getByRole("heading", { name: lin.name }).waitFor();

  await until("the yes is on record", () => boss.moment(call.id, "offer.desk", e => e.agent === "sam" && e.state === "accepted"));
  const invited = await until("the phone's leg is on record", () => boss.moment(call.id, "leg.start", e => e.agent === "sam"));
  assert.ok(yes <= invited, `the phone rang ${yes - invited} ms before the yes`);
  await sam.call.getByRole("button", { name: "Hang up", exact: true }).click();
  await sam.is("Wrap-up");

  const story = await until("the call is over", async () => {
    const s = await boss.get(`/calls/${call.id}`);
    return s.call.end && s;
  });
  assert.deepEqual(
    story.offers.map(o => [o.agent, o.outcome]),
    [
      ["mei", "declined"],
      ["sam", "answered"],
    ],
  );
  assert.equal(story.legs.filter(l => l.agent === "mei").length, 0, "Mei's phone was rung");
});
