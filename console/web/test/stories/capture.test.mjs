import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { grace, until } from "../company.mjs";
import { person } from "../people.mjs";
import { story } from "../story.mjs";

/** packets reads a pcap file as the tools for it do: the text that each packet carries, and when it came, in ms. */
function packets(file) {
  const magic = file.readUInt32LE(0);
  assert.ok(magic === 0xa1b2c3d4 || file.readUInt32BE(0) === 0xa1b2c3d4, `a pcap file begins with ${magic.toString(16)}`);
  const at = n => (magic === 0xa1b2c3d4 ? file.readUInt32LE(n) : file.readUInt32BE(n));
  const found = [];
  for (let n = 24; n < file.length; ) {
    const end = n + 16 + at(n + 8);
    assert.ok(end <= file.length, "a packet goes beyond the end of the file");
    found.push({ at: 1000 * at(n) + at(n + 4) / 1000, text: file.toString("utf8", n + 16, end) });
    n = end;
  }
  return found;
}

const callID = packet => /^Call-ID: *(\S+)/im.exec(packet)?.[1];

const expected = [/\/api\/v1\/captures$/]; // what makes no sense is refused

story("an administrator takes a call's messages down and reads them elsewhere", { expected }, async ({ company, browser }) => {
  const boss = company.as("ada@wayfare.example");
  const page = await person(browser, company, "ada@wayfare.example");
  await page.goto(`${company.url}/system/captures`);
  const value = page.getByRole("textbox", { name: "Name, address or call id", exact: true });
  const start = page.getByRole("button", { name: "Start capture", exact: true });
  const of = async kind => {
    await page.getByRole("combobox", { name: "Of", exact: true }).click();
    await page.getByRole("option", { name: kind }).click();
  };
  const starts = async text => {
    await value.fill(text);
    await start.click();
  };

  for (const [kind, word] of [
    ["Address", "write an address, as in 192.0.2.7"],
    ["Call", "no such call is up"],
  ]) {
    await of(kind);
    await starts("nowhere");
    await page.locator(".mantine-TextInput-root").filter({ has: value }).getByText(word).waitFor();
  }
  await of("Account");
  await starts("nobody");
  await page.getByRole("row").filter({ hasText: "nobody" }).getByText("no account here").waitFor();

  await starts("c-1003"); // Grace, as her app calls her
  const row = page.getByRole("row").filter({ hasText: "c-1003" });
  await row.getByText("running").waitFor();
  company.calls(grace);
  const { call } = await boss.running();
  await until("she is answered", () => boss.moment(call.id, "call.answer"));
  await row.getByRole("button", { name: "Stop", exact: true }).click();
  await row.getByText("over", { exact: true }).waitFor();
  assert.equal(await row.getByRole("button", { name: "Stop", exact: true }).count(), 0, "what is over can be stopped again");

  company.everybodyHangsUp();
  await until("her call is over", async () => (await boss.get(`/calls/${call.id}`)).call.end);
  company.calls(grace);
  const later = await boss.found("she calls again", c => c.id !== call.id && !c.end);

  const [loaded] = await Promise.all([
    page.waitForEvent("download"),
    row.getByRole("link", { name: "pcap", exact: true }).click(),
  ]);
  assert.match(loaded.suggestedFilename(), /^ringway-\d+\.pcap$/);
  const file = join(company.data, loaded.suggestedFilename());
  await loaded.saveAs(file);
  const all = packets(readFileSync(file));
  const hers = await dialogs(boss, call.id);
  const asks = all.filter(p => /INVITE sip:\S+ SIP\/2\.0\r\n/.test(p.text)).map(p => callID(p.text));
  assert.ok(asks.length > 0, "the file has an INVITE");
  for (const id of asks) assert.ok(hers.has(id), `an INVITE of another call: ${id}`);
  const answers = p => /SIP\/2\.0 200 /.test(p.text) && /^CSeq: *\d+ INVITE/im.test(p.text) && hers.has(callID(p.text));
  assert.ok(all.some(answers), "and the answer to it");
  const began = Date.parse(later.call.start);
  assert.deepEqual(
    all.filter(p => p.at >= began).map(p => p.text),
    [],
    "and nothing that came after the end",
  );
  const again = await dialogs(boss, later.call.id);
  assert.ok(again.size > 0 && all.every(p => !again.has(callID(p.text))), "nor of her next call");
});

/** dialogs are the Call-IDs of a call's legs. */
async function dialogs(boss, call) {
  const { parties } = await boss.get(`/calls/${encodeURIComponent(call)}/ladder`);
  return new Set(parties.map(p => p.call_id).filter(Boolean));
}
