import assert from "node:assert/strict";
import { grace } from "../company.mjs";
import { expect } from "../expect.mjs";
import { Desk, person } from "../people.mjs";
import { story } from "../story.mjs";

// Three hours and a bit, in the past: a clock whose battery is flat.
function wrongClock() {
  const Right = Date;
  const off = -(3 * 3600 + 1234) * 1000;
  window.Date = class extends Right {
    constructor(...args) {
      super(...(args.length ? args : [Right.now() + off]));
    }
    static now() {
      return Right.now() + off;
    }
  };
}

story("a browser with a wrong clock shows right times", {}, async ({ company, browser }) => {
  const sam = await Desk.open(browser, company, "sam", { init: wrongClock });
  await sam.joins();
  await sam.is("Ready");
  const short = locator =>
    expect(
      () => locator.textContent(),
      "the timer shows a short time",
      text => /^0:[0-5]\d$/.test(text.trim()),
    );
  await short(sam.page.locator(".rw-state-sub .rw-num"));

  company.calls(grace);
  await sam.shows(grace.name);
  const left = Number(await sam.offer.getByRole("progressbar").getAttribute("aria-valuenow"));
  assert.ok(left > 50, `${left} % of the time is left`);
  const there = await sam.offer.locator(".rw-localtime b").textContent();
  const right = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
  const now = Date.now();
  assert.ok(
    [now, now - 60_000].some(at => minutes(right.format(at)) === minutes(there)),
    `${there} in London`,
  );
  await sam.accepts();
  await sam.is("In a call");
  await short(sam.call.locator(".rw-big"));
  company.everybodyHangsUp();
  await sam.is("Wrap-up");
  const rest = await sam.wrapUp.locator(".rw-big").textContent();
  assert.match(rest.trim(), /^0:[0-2]\d$/, "what is left of wrap-up");

  const chief = await person(browser, company, "ada@wayfare.example", { init: wrongClock });
  await chief.goto(`${company.url}/board`);
  await short(chief.getByRole("row", { name: "Sam Porter" }).locator("td").nth(2));
  await chief.goto(`${company.url}/today`);
  await chief.getByRole("heading", { name: "Today", exact: true }).waitFor();
});

// minutes takes 14:05 and 2:05 PM.
function minutes(text) {
  const [, h, m, half] = /(\d+):(\d+)\s*([AP]M)?/i.exec(text);
  return ((Number(h) % 12) + (half ? (/p/i.test(half) ? 12 : 0) : Number(h) >= 12 ? 12 : 0)) * 60 + Number(m);
}
