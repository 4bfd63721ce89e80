import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { barriers, looks, pages, rests } from "../pages.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

const logins = { agent: "sam", manager: "lin@wayfare.example", admin: "ada@wayfare.example" };

// With RINGWAY_PICTURES, a folder, every page is kept as a picture in every look.
const to = process.env.RINGWAY_PICTURES;

story("no page has a serious barrier, light and dark, wide and narrow", { past: true }, async ({ company, browser, t }) => {
  const found = [];
  const walk = async (role, look) => {
    const page = await person(browser, company, logins[role], { colorScheme: look.colorScheme, viewport: look.viewport });
    for (const path of pages[role]) {
      await page.goto(company.url + path);
      await rests(page);
      if (to) await picture(page, `${role}${path.replaceAll("/", "-")}-${look.name}`, look);
      for (const b of await barriers(page)) found.push(`${path} (${look.name}): ${b}`);
      const wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      if (wider > 0) found.push(`${path} (${look.name}): ${wider} px wider than the screen`);
    }
    await page.context().close();
  };
  for (const look of to ? looks : looks.slice(0, 3)) await Promise.all(Object.keys(logins).map(role => walk(role, look)));
  if (found.length > 0) throw new Error(`${found.length} barriers:\n${[...new Set(found)].join("\n")}`);
  t.diagnostic(`${Object.values(pages).flat().length} pages`);
});

async function picture(page, name, look) {
  mkdirSync(to, { recursive: true });
  await page.screenshot({ path: join(to, `${name}.png`), fullPage: look.viewport.width < 1000 });
}
