// A headless Chromium for the scripts beside this one. Nothing leaves the loopback interface.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

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

/** open starts a browser with a profile of its own; close ends it and removes the profile. */
export async function open(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "ringway-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: flags,
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  const faults = [];
  const watch = page => {
    page.on("pageerror", e => faults.push(`${page.url()}: ${e.message}`));
    page.on("console", m => {
      if (m.type() === "error" && /Content Security Policy|Refused to|Uncaught/i.test(m.text()))
        faults.push(`${page.url()}: ${m.text()}`);
    });
  };
  context.pages().forEach(watch);
  context.on("page", watch);
  return {
    context,
    faults,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** logIn goes through the log-in page as a person does. */
export async function logIn(page, base, login, password) {
  await page.goto(`${base}/`);
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.locator("nav.rw-nav").waitFor();
}
