// People in front of their screens, in the words of the product.

import { logIn } from "./browser.mjs";
import { expect } from "./expect.mjs";

// In the page of an agent: when the card of each call was painted, by the clock of this machine, which is the switch's too.
function watchCards() {
  window.__painted = {};
  const look = () => {
    const name = document.querySelector('.rw-work[data-tone="ring"] .rw-name')?.textContent;
    if (!name || window.__painted[name]) return;
    window.__painted[name] = -1;
    requestAnimationFrame(() => requestAnimationFrame(() => (window.__painted[name] = Date.now())));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

/** person logs somebody in, in a browser profile of her own. */
export async function person(browser, company, login, options) {
  const context = await browser.context(options);
  await context.addInitScript(watchCards);
  const page = await context.newPage();
  await logIn(page, company.url, login, company.password);
  return page;
}

/** Desk is an agent's page. */
export class Desk {
  constructor(page) {
    this.page = page;
    this.state = page.locator(".rw-state-word");
    this.offer = page.locator('section[aria-label="Incoming call"], section[aria-label="Call to preview"]').first();
    this.call = page.getByRole("region", { name: "Call", exact: true });
    this.wrapUp = page.getByRole("region", { name: "Wrap-up", exact: true });
    this.note = page.getByRole("textbox", { name: "Note on this call", exact: true });
  }

  static async open(browser, company, login, options) {
    const desk = new Desk(await person(browser, company, login, options));
    await desk.state.waitFor();
    return desk;
  }

  /** joins makes her serve a queue, or all that she may. */
  async joins(queue) {
    if (!queue) return this.page.getByRole("button", { name: "Join my queues", exact: true }).click();
    await this.page.getByRole("button", { name: /^Queues/ }).click();
    await this.page.getByRole("switch", { name: new RegExp(`^${queue}`) }).click();
    await this.page.keyboard.press("Escape");
  }

  is(state) {
    return expect(
      () => this.state.textContent(),
      `the desk says "${state}"`,
      text => text.startsWith(state),
    );
  }

  /** shows waits for the card of a customer. */
  async shows(name) {
    await this.offer.getByRole("heading", { name }).waitFor();
  }

  /** forgetsCards lets a customer who calls once more be watched anew. */
  forgetsCards() {
    return this.page.evaluate(() => {
      window.__painted = {};
    });
  }

  /** painted is when the card of a customer was on the screen, in ms. */
  painted(name) {
    return expect(
      () => this.page.evaluate(n => window.__painted[n], name),
      `the card of ${name} is painted`,
      at => at > 0,
    );
  }

  async accepts(options) {
    await this.offer.getByRole("button", { name: "Accept", exact: true }).click(options);
  }

  async declines(reason) {
    if (!reason) return this.offer.getByRole("button", { name: "Decline", exact: true }).click();
    await this.offer.getByRole("button", { name: "Decline with a reason", exact: true }).click();
    await this.page.getByRole("menuitem", { name: reason }).click();
  }
}
