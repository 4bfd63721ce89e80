import assert from "node:assert/strict";
import { until } from "../company.mjs";
import { Desk, person } from "../people.mjs";
import { caller } from "../sipp.mjs";
import { story } from "../story.mjs";

// What a caller, her phone, a colleague or another system may write. Each sets a flag if it ever runs.
const tag = n => `<img src=x onerror=window.__ran=${n}>`;
const script = n => `"><script>window.__ran=${n}</script><svg onload=window.__ran=${n}>`;

const claims = { customer: "c-evil", name: tag(1), language: "en", region: "GB", zone: "Europe/London", booking: script(2) };

story("what callers and colleagues write stays text", {}, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  await boss.post("/customers", {
    id: "c-evil",
    name: tag(3),
    fields: { [tag(4)]: script(5), link: "javascript:window.__ran=6" },
  });
  await boss.post("/customers/c-evil/notes", { text: `${script(7)}\n{{7*7}} \${7*7}` });
  const session = await boss.post("/app-sessions", { subject: "c-evil", claims });
  const sam = await Desk.open(browser, company, "sam");
  await sam.joins();
  await sam.is("Ready");

  const evil = caller(company, {
    user: "c-evil",
    login: session.user,
    password: session.password,
    domain: session.realm,
    name: tag(8),
    agent: script(9),
  });
  try {
    await sam.shows(claims.name);
    await sam.accepts();
    await sam.is("In a call");
    await sam.page.getByText(tag(4).replaceAll("_", " ")).waitFor();
    await sam.page.getByText("{{7*7}}").waitFor();
    await sam.note.fill(script(10));
    await sam.page.getByText("Saved", { exact: true }).waitFor();
  } finally {
    await evil.close();
  }
  const { call } = await boss.newest();

  // A second caller, with a password and a name of her own, stays in the queue while the manager looks.
  company.robotsLeave();
  const guest = caller(company, {
    user: "guest",
    password: company.secret("phones"),
    domain: "wayfare.example",
    name: tag(11),
    agent: tag(12),
  });
  const chief = await person(browser, company, "ada@wayfare.example");
  try {
    await until("she waits", async () => (await boss.list("/queues/help/waiting")).length === 1);
    await visit(chief, company, "/board", async () => {
      await chief.getByRole("region", { name: "help", exact: true }).getByTitle("Show who waits").click();
      await chief.getByRole("dialog").getByRole("row").nth(1).waitFor();
    });
    await visit(chief, company, "/system/live", () => chief.getByRole("row").nth(1).waitFor());
  } finally {
    await guest.close();
  }
  await sam.call.getByRole("button", { name: "Hang up", exact: true }).click();
  await sam.is("Wrap-up");

  await visit(chief, company, "/calls", () => chief.getByText(claims.name).first().waitFor());
  await visit(chief, company, `/calls/${call.id}`, () => chief.getByText(script(10)).first().waitFor());
  await chief.getByText(script(9)).first().waitFor();
  await visit(chief, company, "/customers", () => chief.getByText(tag(3)).first().waitFor());
  await visit(chief, company, "/customers/c-evil", () => chief.getByText("{{7*7}}").first().waitFor());
  await visit(chief, company, `/calls?search=${encodeURIComponent(tag(13))}&queue=${encodeURIComponent(script(14))}`, () =>
    chief.getByText("No calls match").waitFor(),
  );
  await visit(chief, company, "/reports/abandoned", () => chief.getByRole("heading", { level: 1 }).waitFor());
  await visit(chief, company, `/${encodeURIComponent(tag(15))}`, () => chief.getByText("There is nothing here").waitFor());
  await visit(chief, company, "/system/audit", () => chief.getByRole("row").nth(1).waitFor());
  assert.equal(await sam.page.evaluate("window.__ran"), undefined, "at the desk a payload ran");
});

async function visit(page, company, path, look) {
  await page.goto(company.url + path);
  await look();
  assert.equal(await page.evaluate("window.__ran"), undefined, `on ${path} a payload ran`);
  assert.equal(await page.locator("img[src=x], svg[onload]").count(), 0, `on ${path} a payload became an element`);
}
