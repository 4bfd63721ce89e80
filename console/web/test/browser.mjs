// A headless Chromium for the stories and scripts beside this one. Nothing leaves the loopback interface.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { patience } from "./company.mjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

// Refusals that a page expects, which the browser writes to its console all the same: nobody is logged in yet.
const expected = [/\/api\/v1\/me$/];

// Machines that test have none, and a page that rings is told so now and then.
const noSoundCard = /AudioContext encountered an error from the audio device/;

// In every page: what its policy stopped is an error.
function watchPolicy() {
  document.addEventListener("securitypolicyviolation", e =>
    console.error(`the policy stopped ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`),
  );
}

/** Browser is one Chromium process with a profile that is thrown away; every person has a profile apart from the others'. */
export class Browser {
  #server;
  #browser;
  #expected;
  faults = [];

  static async open({ expected: more = [], flags: own = [] } = {}) {
    const b = new Browser();
    b.#expected = [...expected, ...more];
    b.#server = await chromium.launchServer({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      headless: true,
      args: [...flags, ...own],
      timeout: 2 * patience,
    });
    b.#browser = await chromium.connect(b.#server.wsEndpoint());
    return b;
  }

  /** context is the browser of somebody who has not logged in. */
  async context({ init, ...options } = {}) {
    const context = await this.#browser.newContext({
      locale: "en-GB",
      timezoneId: "Asia/Taipei",
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce", // no story waits for what fades in, and none looks at it half way
      ...options,
    });
    context.setDefaultTimeout(patience);
    await context.addInitScript(watchPolicy);
    if (init) await context.addInitScript(init);
    context.on("page", page => this.#watch(page));
    return context;
  }

  #watch(page) {
    const fault = text => this.faults.push(`${page.url()}: ${text}`);
    page.on("pageerror", e => fault(e.stack ?? e.message));
    page.on("dialog", d => {
      fault(`a dialog opened: ${d.message()}`);
      void d.dismiss();
    });
    page.on("console", m => {
      if (m.type() !== "error" && m.type() !== "warning") return;
      if (noSoundCard.test(m.text())) return;
      if (this.#expected.some(e => e.test(m.location().url))) return;
      fault(`${m.type()}: ${m.text()} ${m.location().url}`);
    });
  }

  /** picture keeps what the pages look like, for whoever reads why a story failed. */
  async picture(name) {
    const to = process.env.RINGWAY_PICTURES;
    if (!to) return;
    mkdirSync(to, { recursive: true });
    const pages = this.#browser.contexts().flatMap(c => c.pages());
    for (const [i, page] of pages.entries()) {
      const path = join(to, `${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${i}.png`);
      await page.screenshot({ path, timeout: 5000 }).catch(() => {});
    }
  }

  /** die ends the whole browser as a crash does. */
  async die() {
    await this.#server.kill();
  }

  async close() {
    await this.#browser.close().catch(() => {});
    await this.#server.close();
  }
}

/** logIn goes through the log-in page as a person does. */
export async function logIn(page, base, login, password) {
  await page.goto(`${base}/`);
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.locator("nav.rw-nav").waitFor();
}
