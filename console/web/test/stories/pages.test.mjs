import { inspects, looks, pages, puts, rests, seen } from "../pages.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

const logins = { agent: "sam", manager: "lin@wayfare.example", admin: "ada@wayfare.example" };

story("no page has a serious barrier, light and dark, wide and narrow", { past: true }, async ({ company, browser, t }) => {
  const found = [];
  const walk = async role => {
    const page = await person(browser, company, logins[role]);
    for (const path of pages[role]) {
      await puts(page, looks[0]);
      await page.goto(company.url + path);
      await rests(page);
      for (const look of seen) {
        await puts(page, look);
        found.push(...(await inspects(page, `${role} ${path}`, look)));
      }
    }
    await page.context().close();
  };
  await Promise.all(Object.keys(logins).map(walk));
  if (found.length > 0) throw new Error(`${found.length} barriers:\n${[...new Set(found)].join("\n")}`);
  t.diagnostic(`${Object.values(pages).flat().length} pages`);
});
