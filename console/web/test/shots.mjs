// Screenshots of every page, light and dark, wide and narrow, with axe's findings, from a running console:
//   RINGWAY_URL=http://127.0.0.1:8080 RINGWAY_PASSWORD=… node test/shots.mjs [agent] [manager] [admin]
// Log-ins are those of the sample company unless RINGWAY_AGENT, RINGWAY_MANAGER or RINGWAY_ADMIN say otherwise. The pictures are
// in the folder shots, which git ignores. Ends with 1 when a page has a serious fault.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Browser, logIn } from "./browser.mjs";
import { barriers, looks, pages, rests } from "./pages.mjs";

const base = process.env.RINGWAY_URL ?? "http://127.0.0.1:8080";
const password = process.env.RINGWAY_PASSWORD ?? "";
const out = join(import.meta.dirname, "..", "shots");
const people = {
  agent: process.env.RINGWAY_AGENT ?? "sam",
  manager: process.env.RINGWAY_MANAGER ?? "lin@wayfare.example",
  admin: process.env.RINGWAY_ADMIN ?? "ada@wayfare.example",
};

const wanted = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await Browser.open();
try {
  for (const [role, login] of Object.entries(people)) {
    if (wanted.length > 0 && !wanted.includes(role)) continue;
    for (const look of looks) await shoot(role, login, look);
  }
} finally {
  await browser.close();
}

async function shoot(role, login, look) {
  const context = await browser.context({ colorScheme: look.colorScheme, viewport: look.viewport });
  const page = await context.newPage();
  await logIn(page, base, login, password);
  for (const path of pages[role]) {
    await page.goto(base + path);
    await rests(page);
    await page.screenshot({
      path: join(out, `${role}${path.replaceAll("/", "-")}-${look.name}.png`),
      fullPage: look.viewport.width < 1000,
    });
    for (const f of await barriers(page)) browser.faults.push(`${path} (${look.name}): ${f}`);
  }
  await context.close();
}

const faults = new Set(browser.faults);
for (const f of faults) console.log(f);
console.log(`${faults.size} faults; pictures in ${out}`);
process.exitCode = faults.size > 0 ? 1 : 0;
