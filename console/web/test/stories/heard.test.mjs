import assert from "node:assert/strict";
import { grace } from "../company.mjs";
import { expect } from "../expect.mjs";
import { Desk } from "../people.mjs";
import { story } from "../story.mjs";

// In the page: what it told the desktop, where it rang, what a screen reader says, and whether somebody has it in front.
function listen() {
  if (!window.isSecureContext) return; // the empty page before the first
  window.__told = [];
  window.__rang = [];
  window.__said = [];
  const hear = () => {
    for (const e of document.querySelectorAll("[role=alert], [role=status]")) {
      const words = `${e.role}: ${e.textContent}`;
      if (e.textContent && !window.__said.includes(words)) window.__said.push(words);
    }
  };
  new MutationObserver(hear).observe(document, { subtree: true, childList: true, characterData: true });
  const Real = window.Notification;
  window.Notification = class extends Real {
    static get permission() {
      return "granted"; // this browser has no desktop, and would never grant it
    }
    constructor(title, options) {
      super(title, options);
      window.__told.push(`${title} / ${options.body}`);
    }
  };
  const sink = AudioContext.prototype.setSinkId;
  AudioContext.prototype.setSinkId = function (id) {
    window.__rang.push(id);
    return sink.call(this, id);
  };
  // A page that may not use the microphone is told of no loudspeakers; the browser of this test would.
  const devices = MediaDevices.prototype;
  const { enumerateDevices, getUserMedia } = devices;
  let asked = false;
  devices.enumerateDevices = function () {
    return asked ? enumerateDevices.call(this) : Promise.resolve([]);
  };
  devices.getUserMedia = function (wish) {
    asked = true;
    return getUserMedia.call(this, wish);
  };
  Object.defineProperty(document, "visibilityState", { get: () => (window.__away ? "hidden" : "visible") });
}

// Loudspeakers that the browser makes up, as this machine has none.
const flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

story("who does not look at the desk hears of a call", { flags }, async ({ company, browser }) => {
  const sam = await Desk.open(browser, company, "sam", { init: listen, permissions: ["microphone"] });
  const { page } = sam;
  await page.getByRole("button", { name: "Ring and notifications", exact: true }).click();
  await page.getByRole("button", { name: /^Ring on another device/ }).click();
  const speaker = page.getByRole("combobox", { name: "Speaker", exact: true });
  await speaker.waitFor();
  const [id, label] = await speaker.locator("option").evaluateAll(all => [all.at(-1).value, all.at(-1).textContent]);
  assert.ok(id && label, "the browser names its loudspeakers");
  await speaker.selectOption(id);
  await page.keyboard.press("Escape");
  await sam.joins();
  await sam.is("Ready");

  await page.evaluate("window.__away = true");
  company.calls(grace);
  await sam.shows(grace.name);
  const has = (what, read, fits) => expect(() => page.evaluate(read), what, fits);
  await has(
    "the desktop tells her",
    "window.__told",
    told => told.length === 1 && told[0].includes(`${grace.name}, English, help`),
  );
  await has("the chosen loudspeaker rings", "window.__rang", rang => rang.includes(id));
  const said = words => has(`a screen reader says "${words}"`, "window.__said", all => all.includes(words));
  await said("alert: Incoming call: Grace Hill, English, help");
  assert.match(await page.title(), /^● Incoming call/);

  await sam.accepts();
  await sam.is("In a call");
  await said("status: The call began");
  assert.doesNotMatch(await page.title(), /Incoming/);
});
