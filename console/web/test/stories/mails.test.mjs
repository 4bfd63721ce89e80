import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { Browser } from "../browser.mjs";
import { Company, until } from "../company.mjs";
import { inspects, looks, puts } from "../pages.mjs";
import { person } from "../people.mjs";

/** office is a mail server that knows nobody called gone; it keeps for whom each mail was. */
async function office() {
  const mails = [];
  const open = new Set();
  const server = createServer(socket => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => {});
    let to = [];
    let text = null;
    const says = line => socket.write(`${line}\r\n`);
    says("220 mail.example ESMTP");
    let rest = "";
    socket.setEncoding("latin1").on("data", d => {
      const lines = (rest + d).split("\r\n");
      rest = lines.pop();
      for (const line of lines) {
        if (text !== null && line !== ".") text.push(line);
        else if (text !== null) {
          mails.push({ to, text: text.join("\n") });
          [to, text] = [[], null];
          says("250 taken");
        } else if (/^DATA/i.test(line)) {
          text = [];
          says("354 go on");
        } else if (/^RCPT TO:<gone@/i.test(line)) says("550 5.1.1 no such user here");
        else if (/^RCPT TO:<(\S+)>/i.test(line)) {
          to.push(/<(\S+)>/.exec(line)[1]);
          says("250 ok");
        } else if (/^QUIT/i.test(line)) {
          says("221 bye");
          socket.end();
        } else says("250 mail.example");
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    mails,
    address: `127.0.0.1:${server.address().port}`,
    async close() {
      for (const s of open) s.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** minute is a time of day in UTC, so many minutes from now. */
const minute = ahead => new Date(Date.now() + ahead * 60_000).toISOString().slice(11, 16);

const tomorrow = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][(new Date().getUTCDay() + 1) % 7];

test("an administrator sees who has which report by mail, and sends one now", { timeout: 10 * 60_000 }, async t => {
  const post = await office();
  let company;
  let browser;
  try {
    company = await Company.open({
      edit: {
        "ringway.yaml": text =>
          [
            text.replace(
              "  # mail: ",
              `  mail:
    - {to: [lin@wayfare.example, gone@wayfare.example], kind: daily, at: "${minute(-1)}", zone: UTC, format: csv}
    - {to: [ada@wayfare.example], kind: agents, on: ${tomorrow}, at: "${minute(0)}", zone: UTC, span: week, format: print, team: tokyo, language: ja}
  # `,
            ),
            `smtp: {server: "${post.address}", tls: none, from: ringway@wayfare.example}`,
          ].join("\n"),
      },
    });
    browser = await Browser.open();
    const page = await person(browser, company, "ada@wayfare.example");
    await page.goto(`${company.url}/system/mails`);
    const daily = page.getByRole("region", { name: "Daily", exact: true });
    await daily.getByRole("row", { name: "lin@wayfare.example" }).getByText("sent", { exact: true }).waitFor();
    await daily.getByRole("row", { name: "gone@wayfare.example" }).getByText("550 5.1.1 no such user here").waitFor();
    await daily.getByRole("row", { name: "gone@wayfare.example" }).getByText("refused", { exact: true }).waitFor();
    const weekly = page.getByRole("region", { name: "Agents", exact: true });
    await weekly.getByText("of the week before · Team: Tokyo desk · Japanese · Printable page").waitFor();
    await weekly.getByText("not tried yet").waitFor();
    assert.deepEqual(
      post.mails.map(m => m.to.join()),
      ["lin@wayfare.example"],
    );

    const faults = [];
    for (const look of looks) {
      await puts(page, look);
      faults.push(...(await inspects(page, "mails", look)));
    }
    assert.deepEqual(faults, []);
    await puts(page, looks[0]);

    const sends = async panel => {
      await panel.getByRole("button", { name: /^Send now/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send now", exact: true }).click();
    };
    await sends(weekly);
    await weekly.getByRole("row", { name: "ada@wayfare.example" }).getByText("sent", { exact: true }).waitFor();
    await sends(daily); // once more to her who has it
    await until("both left", () => post.mails.length === 3);
    assert.deepEqual(post.mails.map(m => m.to.join()).slice(1), ["ada@wayfare.example", "lin@wayfare.example"]);
    assert.match(post.mails[1].text, /ringway-agents-.*\.html/);

    await page.goto(`${company.url}/system/audit`);
    await page.getByRole("row").filter({ hasText: "sent a report by mail" }).first().waitFor();
    assert.deepEqual(browser.faults, []);
  } catch (e) {
    await browser?.picture("mails");
    t.diagnostic(company?.log() ?? "");
    throw e;
  } finally {
    await browser?.close();
    await company?.close();
    await post.close();
  }
});
