import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { grace, until } from "../company.mjs";
import { expect } from "../expect.mjs";
import { barriers } from "../pages.mjs";
import { Desk, person } from "../people.mjs";
import { story } from "../story.mjs";
import { readWAV, share } from "../wav.mjs";

const edit = {
  "queues.yaml": t => t.replace("recording: off", "recording: on"),
  // a manager of other people than Sam
  "people.yaml": t => `${t}\n  - {id: kim, name: Kim Park, team: taipei, role: manager, login: kim@wayfare.example}\n`,
};

// The pitch in which the robots speak, and who is whose.
const caller = 425;
const agent = 1020;

// What is refused to those who may not see the call.
const expected = [/\/api\/v1\/calls\/[^/]+(\/explain|\/recordings)?(\?limit=\d+)?$/];

story("a recorded call is heard by those allowed, and by nobody else", { edit, expected }, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const { call, recording } = await recorded(company, browser, boss);

  const lin = await person(browser, company, "lin@wayfare.example");
  await lin.goto(`${company.url}/calls/${call}`);
  await lin.getByRole("heading", { name: "Recordings", exact: true }).waitFor();
  const { visits } = await boss.get(`/calls/${call}`);
  assert.deepEqual([recording.queue, recording.visit], ["help", visits[0].id], "the stay in the queue that it is of");
  await lin.getByText("Of the stay in queue help that began at").waitFor();
  const sound = lin.locator("audio");
  await sound.evaluate(a => a.play());
  await expect(
    () => sound.evaluate(a => ({ at: a.currentTime, length: a.duration, error: a.error?.message })),
    "the recording plays in its whole length",
    a => a.at > 0 && !a.error && Math.abs(a.length - recording.duration_seconds) < 0.1,
  );

  const [file] = await Promise.all([
    lin.waitForEvent("download"),
    lin.getByRole("link", { name: /^Download the recording/ }).click(),
  ]);
  assert.equal(file.suggestedFilename(), `${recording.id}.wav`);
  const kept = join(company.data, file.suggestedFilename());
  await file.saveAs(kept);
  const wav = readWAV(readFileSync(kept));
  assert.deepEqual([wav.channels, wav.bits], [2, 16]);
  assert.ok(Math.abs(wav.seconds - recording.duration_seconds) < 0.05, `${wav.seconds} s of ${recording.duration_seconds} s`);
  const [left, right] = wav.sides.map(side => ({ caller: share(side, wav.rate, caller), agent: share(side, wav.rate, agent) }));
  assert.ok(left.caller > 0.6 && left.agent < 0.1, `left: ${JSON.stringify(left)}`);
  assert.ok(right.agent > 0.6 && right.caller < 0.1, `right: ${JSON.stringify(right)}`);

  // Sam spoke in it, but agents don't listen here; Kim is no manager of hers.
  const sam = await person(browser, company, "sam");
  const answer = sam.waitForResponse(r => new URL(r.url()).pathname.endsWith(`/calls/${call}/recordings`));
  await sam.goto(`${company.url}/calls/${call}`);
  await sam.getByRole("heading", { name: "Legs", exact: true }).waitFor();
  assert.equal((await answer).status(), 200);
  const kim = await person(browser, company, "kim@wayfare.example");
  await kim.goto(`${company.url}/calls/${call}`);
  await kim.getByText("nobody of your teams took part in this call").waitFor();
  for (const [page, login] of [
    [sam, "sam"],
    [kim, "kim@wayfare.example"],
  ]) {
    assert.equal(await page.locator("audio").count(), 0, `${login} sees a player`);
    assert.equal(
      await page.getByRole("heading", { name: "Recordings", exact: true }).count(),
      0,
      `${login} sees that there is one`,
    );
    await assert.rejects(company.as(login).get(`/recordings/${recording.id}`), /: 403 /, `${login} may listen`);
  }
  assert.deepEqual(await company.as("sam").list(`/calls/${call}/recordings`), []);
  await assert.rejects(company.as("kim@wayfare.example").get(`/calls/${call}/recordings`), /: 403 /);

  const heard = (await boss.get("/audit")).items.filter(a => a.action === "listen");
  assert.ok(
    heard.some(a => a.who === "lin" && a.status < 300 && a.detail === `call ${call}`),
    "who listened is not on record",
  );
  assert.deepEqual([...new Set(heard.filter(a => a.status === 403).map(a => a.who))].sort(), ["kim", "sam"]);
});

story("an administrator deletes a recording by keyboard, after she was asked", { edit }, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const { call, recording } = await recorded(company, browser, boss);
  const lin = await person(browser, company, "lin@wayfare.example");
  await lin.goto(`${company.url}/calls/${call}`);
  await lin.locator("audio").waitFor();
  assert.equal(await lin.getByRole("button", { name: /^Delete/ }).count(), 0, "a manager is offered what she may not do");
  await assert.rejects(company.as("lin@wayfare.example").call("DELETE", `/recordings/${recording.id}`), /: 403 /);

  const ada = await person(browser, company, "ada@wayfare.example");
  await ada.goto(`${company.url}/calls/${call}`);
  const button = ada.getByRole("button", { name: /^Delete: Recording/ });
  const question = ada.getByRole("dialog", { name: "Delete this recording?", exact: true });
  const focused = locator => expect(() => locator.evaluate(e => e === document.activeElement), "it has the focus", Boolean);
  await button.press("Enter");
  await question.getByText("deleted for good").waitFor();
  await focused(question.getByRole("button", { name: "Cancel", exact: true }));
  assert.deepEqual(await barriers(ada), []);
  await ada.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await focused(button);
  assert.equal((await boss.list(`/calls/${call}/recordings`))[0].state, "done", "no was taken for yes");

  await ada.keyboard.press("Enter");
  await focused(question.getByRole("button", { name: "Cancel", exact: true }));
  await ada.keyboard.press("Tab");
  await ada.keyboard.press("Enter");
  await ada.getByText("Deleted by hand").waitFor();
  await ada.locator("audio").waitFor({ state: "detached" });
  await button.waitFor({ state: "detached" });
  await focused(ada.getByRole("region", { name: /^Recording/ }));
  await assert.rejects(boss.get(`/recordings/${recording.id}`), /: 404 /);
  const left = readdirSync(join(company.data, "recordings"), { recursive: true }).filter(f => f.includes(recording.id));
  assert.deepEqual(left, [], "its file is still there");
  const [entry] = (await boss.get("/audit")).items.filter(a => a.action === "delete-recording" && a.status < 300);
  assert.deepEqual([entry?.who, entry?.target, entry?.detail], ["ada", `/recordings/${recording.id}`, `call ${call}`]);
});

/** recorded is a call that Sam took, three seconds of talk, with its recording. */
async function recorded(company, browser, boss) {
  company.robotsLeave();
  const sam = await Desk.open(browser, company, "sam"); // whose robot lends her its phone
  await sam.joins();
  await sam.is("Ready");
  company.calls(grace);
  await sam.shows(grace.name);
  await sam.accepts();
  await sam.is("In a call");
  const { call } = await boss.running();
  const began = await until("it is being recorded", () => boss.moment(call.id, "recording.start"));
  await until("three seconds were said", () => Date.now() - began > 3000);
  await sam.call.getByRole("button", { name: "Hang up", exact: true }).click();
  await sam.is("Wrap-up");
  const recording = await until("the recording is over", async () =>
    (await boss.list(`/calls/${call.id}/recordings`)).find(r => r.state === "done"),
  );
  await sam.page.context().close();
  return { call: call.id, recording };
}
