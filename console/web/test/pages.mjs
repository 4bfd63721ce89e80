// The pages of the application, by who may see them, and what is asked of each.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const everybody = ["/calls", "/customers", "/profile"];
const reports = [
  "daily",
  "queues",
  "agents",
  "agent-day",
  "teams",
  "languages",
  "regions",
  "intervals",
  "heatmap",
  "abandoned",
  "dispositions",
];

export const pages = {
  agent: ["/desk", ...everybody],
  manager: ["/board", "/today", "/system/walls", ...reports.map(kind => `/reports/${kind}`), ...everybody],
  admin: [
    ...["edit", "graph", "simulate", "versions"].map(name => `/dialplan/${name}`),
    ...["status", "live", "people", "keys", "webhooks", "mails", "captures", "audit"].map(name => `/system/${name}`),
  ],
};

// What is dark differs in its colours only.
export const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1440, height: 900 }, rules: ["color-contrast"] },
  { name: "narrow", colorScheme: "light", viewport: { width: 400, height: 860 } },
  { name: "narrow-dark", colorScheme: "dark", viewport: { width: 400, height: 860 } },
];

const pictures = process.env.RINGWAY_PICTURES;

/** seen are the looks that a story goes through: the last tells nothing new but to who looks at the pictures. */
export const seen = pictures ? looks : looks.slice(0, 3);

/** puts gives a page a look, as the setting of the system or the edge of the window does, and waits until it rests. */
export async function puts(page, look) {
  await page.emulateMedia({ colorScheme: look.colorScheme });
  await page.setViewportSize(look.viewport);
  await page.waitForFunction(s => document.documentElement.dataset.mantineColorScheme === s, look.colorScheme);
  await rests(page);
}

/**
 * inspects looks at what a page shows: its serious faults, and what is wider than the screen, come back under the name. With RINGWAY_PICTURES, a folder, it is kept as a picture too.
 */
export async function inspects(page, name, look) {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    const path = join(pictures, `${name.replace(/[^a-z0-9]+/gi, "-")}-${look.name}.png`);
    await page.screenshot({ path, fullPage: look.viewport.width < 1000 });
  }
  const found = await barriers(page, look);
  const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  if (wider > 0) found.push(`${wider} px wider than the screen`);
  return found.map(f => `${name} (${look.name}): ${f}`);
}

/** rests waits until a page has what it wants to show. */
export async function rests(page) {
  await page.locator("h1, h2, .rw-statebar").first().waitFor();
  await page.waitForFunction(
    () => !document.querySelector("[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root, .rw-chart-wait"),
  );
  await still(page);
}

/** still waits until nothing fades or slides any more: a dialog half faded in has too little contrast. */
async function still(page) {
  await page.waitForFunction(() =>
    document.getAnimations().every(a => a.playState !== "running" || a.effect?.getTiming().iterations === Infinity),
  );
}

/** barriers are the serious faults that axe finds. It runs through the debugger, which the page's policy does not bind. */
export async function barriers(page, { rules } = {}) {
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: { type: "rule", values: rules } }) };
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  await still(page);
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(r => r.violations)`);
  return found
    .filter(v => v.impact === "serious" || v.impact === "critical")
    .map(
      v =>
        `${v.id}: ${v.help}: ${v.nodes
          .map(n => `${n.target.join(" ")} (${n.any[0]?.message ?? ""})`)
          .slice(0, 3)
          .join(", ")}`,
    );
}
