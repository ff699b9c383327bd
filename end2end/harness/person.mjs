// A person at a browser of their own, with or without JavaScript.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

import { watch } from './watch.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export class Person {
  static async arrive(world, { js = true, ...options } = {}) {
    const self = new Person();
    self.world = world;
    self.js = js;
    self.context = await world.browser.newContext({ javaScriptEnabled: js, ...options });
    self.problems = await watch(self.context, {
      app: world.origin,
      others: world.others,
      secrets: world.secrets,
      pages: world.pages,
    });
    self.page = await self.context.newPage();
    return self;
  }

  /** Another tab of the same browser. */
  async tab() {
    const other = Object.assign(new Person(), this);
    other.page = await this.context.newPage();
    return other;
  }

  async leave() {
    await this.context.close();
    this.clean();
  }

  /** Nothing on our pages spoke out of turn so far. */
  clean() {
    assert.deepEqual(this.problems, [], 'console, policy and other origins stay silent');
  }

  get path() {
    return new URL(this.page.url()).pathname;
  }

  async open(path) {
    const response = await this.page.goto(new URL(path, this.world.origin).href);
    await this.settle();
    return response;
  }

  /** Waits until the page's islands are awake, and keeps what it shows. */
  async settle() {
    if (new URL(this.page.url()).origin !== this.world.origin) return;
    if (this.js) await this.page.waitForSelector('html[data-live]');
    this.world.pages.push({ method: 'GET', url: this.page.url(), body: await this.page.content() });
  }

  /** Presses something that leads to another page, or to the same one again. */
  async press(target) {
    await Promise.all([this.page.waitForEvent('load'), this.#found(target).click()]);
    await this.settle();
  }

  /** Presses the button of a form that is refused: with JavaScript the page stays, without it comes again as 422. */
  async pressRefused(target) {
    if (!this.js) {
      const answered = this.page.waitForResponse((response) => response.request().method() === 'POST');
      await this.press(target);
      return (await answered).status();
    }
    await this.page.evaluate(() => (window.stayed = true));
    const answered = this.page.waitForResponse(
      (response) => response.request().method() === 'POST' && !/\/setup\/check$/.test(response.url()),
    );
    await this.#found(target).click();
    const status = (await answered).status();
    await this.page.locator('.summary:visible').first().waitFor();
    assert.equal(await this.page.evaluate(() => window.stayed), true, 'the page was not loaded again');
    await this.settle();
    return status;
  }

  #found(target) {
    return typeof target === 'string' ? this.page.getByRole('button', { name: target, exact: true }) : target;
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true }).first();
  }

  /** Fills fields by their labels and leaves the last one; selects are chosen by what is read. */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const field = this.field(label);
      if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption({ label: value });
      else await field.fill(value);
    }
    await this.page.evaluate(() => document.activeElement.blur());
  }

  link(name) {
    return this.page.getByRole('link', { name, exact: true });
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  /** The sentence beside a field; empty where it is right. */
  async complaint(field) {
    const line = this.page.locator(`[data-error="${field}"]`).first();
    return (await line.isVisible()) ? line.innerText() : '';
  }

  /** Opens a folded *Revoke…* or *Delete…* and presses the button inside. */
  async confirm(verb, object) {
    await this.page
      .locator('summary', { hasText: `${verb}…` })
      .first()
      .click();
    await this.press(`${verb} ${object}`);
  }

  /** Waits until nothing moves: colours on their way from one scheme to the other are nobody's colours. */
  async still() {
    await this.page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  }

  /** Accessibility of the page as it stands, in both colour schemes; each kind of page once a test file. */
  async inspect(kind) {
    this.clean();
    if (!this.js || this.world.inspected.has(kind)) return;
    this.world.inspected.add(kind);
    for (const colorScheme of ['light', 'dark']) {
      await this.page.emulateMedia({ colorScheme });
      await this.still();
      const found = await this.page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })`);
      const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
      assert.deepEqual(violations, [], `axe on ${kind}, ${colorScheme}`);
    }
    await this.page.emulateMedia({ colorScheme: null });
    this.clean();
  }
}
