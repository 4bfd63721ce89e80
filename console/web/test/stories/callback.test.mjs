import { grace, until } from "../company.mjs";
import { Desk, person } from "../people.mjs";
import { story } from "../story.mjs";

story("a customer who gave up is called back", {}, async ({ company, browser }) => {
  company.robotsLeave();
  const boss = company.as("ada@wayfare.example");
  company.calls(grace);
  await until("she waits", async () => (await boss.list("/queues/help/waiting")).length === 1);
  company.everybodyHangsUp();
  await until("she has left", async () => (await boss.list("/queues/help/waiting")).length === 0);

  const sam = await Desk.open(browser, company, "sam"); // whose robot lends her its phone while she sits there
  await sam.joins();
  const manager = await person(browser, company, "lin@wayfare.example");
  await until("Sam's phone is there", async () => (await boss.list("/agents")).find(a => a.id === "sam")?.reachable);
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Taipei" }).format(new Date());
  await manager.goto(`${company.url}/reports/abandoned?from=${today}&to=${today}`);
  const row = manager.getByRole("row", { name: grace.name });
  await row.getByText("in the app").waitFor();
  await row.getByRole("button", { name: `Call ${grace.name}`, exact: true }).click();
  await manager.getByRole("menuitem", { name: /^Sam Porter/ }).click();
  await manager.getByText("The phone of Sam Porter rings").waitFor();

  await sam.call.getByRole("heading", { name: grace.name }).waitFor(); // not who is called first
  await row.getByText("under way").waitFor();
  await row.getByRole("button").waitFor({ state: "detached" });
  await until("the customer has answered", async () =>
    (await boss.list("/live-calls")).some(c => c.by === "sam" && c.state === "talking"),
  );
  await sam.call.getByRole("button", { name: "Hang up", exact: true }).click();
  await row.getByText("reached", { exact: true }).waitFor();
  await row.getByText("Sam Porter").waitFor();

  await sam.page.goto(`${company.url}/customers/c-1003`);
  await sam.page.getByRole("heading", { name: grace.name }).first().waitFor();
  await sam.page.getByRole("button", { name: `Call ${grace.name}`, exact: true }).click();
  await until("she is called again", async () => (await boss.list("/live-calls")).some(c => c.by === "sam"));
  company.everybodyHangsUp();
});
