// Screenshots of every page, light and dark, wide and narrow, with axe-core's findings, from a running console:
//   RINGWAY_URL=http://127.0.0.1:8080 RINGWAY_PASSWORD=… node test/shots.mjs [agent] [manager] [admin]
// Log-ins are those of the sample company unless RINGWAY_AGENT, RINGWAY_MANAGER or RINGWAY_ADMIN say otherwise. The pictures are
// in the folder shots, which git ignores. Ends with 1 when a page has a serious fault.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { logIn, open } from "./browser.mjs";

const base = process.env.RINGWAY_URL ?? "http://127.0.0.1:8080";
const password = process.env.RINGWAY_PASSWORD ?? "";
const out = join(import.meta.dirname, "..", "shots");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const everybody = ["/calls", "/customers", "/profile"];
const manager = [
  "/board",
  "/today",
  "/reports/daily",
  "/reports/queues",
  "/reports/agents",
  "/reports/agent-day",
  "/reports/heatmap",
];
const people = {
  agent: { login: process.env.RINGWAY_AGENT ?? "sam", pages: ["/desk", ...everybody] },
  manager: {
    login: process.env.RINGWAY_MANAGER ?? "lin@wayfare.example",
    pages: [...manager, "/reports/intervals", "/reports/abandoned", ...everybody],
  },
  admin: {
    login: process.env.RINGWAY_ADMIN ?? "ada@wayfare.example",
    pages: ["/system/status", "/system/live", "/system/people", "/system/keys", "/system/audit"],
  },
};
const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "narrow", colorScheme: "light", viewport: { width: 420, height: 860 } },
];

const wanted = process.argv.slice(2);
const faults = [];
mkdirSync(out, { recursive: true });
for (const [role, who] of Object.entries(people)) {
  if (wanted.length > 0 && !wanted.includes(role)) continue;
  for (const look of looks) {
    const browser = await open({ colorScheme: look.colorScheme, viewport: look.viewport, bypassCSP: false });
    try {
      const page = browser.context.pages()[0] ?? (await browser.context.newPage());
      await logIn(page, base, who.login, password);
      for (const path of who.pages) await shoot(page, role, look, path);
    } finally {
      faults.push(...browser.faults);
      await browser.close();
    }
  }
}

async function shoot(page, role, look, path) {
  await page.goto(base + path);
  await page.waitForLoadState("load");
  await page
    .locator(".rw-page, .rw-statebar, .rw-empty h2")
    .first()
    .waitFor({ timeout: 30_000 })
    .catch(() => faults.push(`${path}: nothing to see after 30 s`));
  await page.waitForTimeout(1500);
  const name = `${role}${path.replaceAll("/", "-")}-${look.name}`;
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: look.name === "narrow" });
  for (const f of await check(page)) faults.push(`${path} (${look.name}): ${f}`);
}

// axe runs through the debugger, which the page's policy does not bind.
async function check(page) {
  const found = await page.evaluate(
    `(async () => { ${axe}; return (await axe.run(document, { resultTypes: ["violations"] })).violations })()`,
  );
  return found
    .filter(v => v.impact === "serious" || v.impact === "critical")
    .map(
      v =>
        `${v.id}: ${v.help}: ${v.nodes
          .map(n => n.target.join(" "))
          .slice(0, 3)
          .join(", ")}`,
    );
}

for (const f of new Set(faults)) console.log(f);
console.log(`${new Set(faults).size} faults; pictures in ${out}`);
process.exit(faults.length > 0 ? 1 : 0);
