// story is a test with a company and a browser. It fails where the story does, and where a page reported anything that should not
// be: an error, a warning, something that its policy stopped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser } from "./browser.mjs";
import { Company } from "./company.mjs";

//
// options: those of Company.open, expected: addresses whose refusals belong to the story, and flags of the
// browser.
export function story(name, options, tell) {
  test(name, { timeout: 15 * 60_000 }, async t => {
    const company = await Company.open(options);
    let browser;
    try {
      browser = await Browser.open(options);
      await tell({ company, browser, t });
    } catch (e) {
      await browser?.picture(name);
      t.diagnostic(company.log());
      throw e;
    } finally {
      await browser?.close();
      await company.close();
    }
    assert.deepEqual([...new Set(browser.faults)], [], "pages reported faults");
  });
}
