import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { barriers, looks, pages, puts, rests } from "../pages.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

const logins = { agent: "sam", manager: "lin@wayfare.example", admin: "ada@wayfare.example" };

// With RINGWAY_PICTURES, a folder, every page is kept as a picture in every look.
const to = process.env.RINGWAY_PICTURES;

story("no page has a serious barrier, light and dark, wide and narrow", { past: true }, async ({ company, browser, t }) => {
  const found = [];
  const look = async (page, path, look, name) => {
    await puts(page, look);
    if (to) await picture(page, name, look);
    for (const b of await barriers(page, look)) found.push(`${path} (${look.name}): ${b}`);
    const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if (wider > 0) found.push(`${path} (${look.name}): ${wider} px wider than the screen`);
  };
  const walk = async role => {
    const page = await person(browser, company, logins[role]);
    for (const path of pages[role]) {
      await puts(page, looks[0]);
      await page.goto(company.url + path);
      await rests(page);
      for (const l of to ? looks : looks.slice(0, 3)) await look(page, path, l, `${role}${path.replaceAll("/", "-")}-${l.name}`);
    }
    await page.context().close();
  };
  await Promise.all(Object.keys(logins).map(walk));
  if (found.length > 0) throw new Error(`${found.length} barriers:\n${[...new Set(found)].join("\n")}`);
  t.diagnostic(`${Object.values(pages).flat().length} pages`);
});

async function picture(page, name, look) {
  mkdirSync(to, { recursive: true });
  await page.screenshot({ path: join(to, `${name}.png`), fullPage: look.viewport.width < 1000 });
}
