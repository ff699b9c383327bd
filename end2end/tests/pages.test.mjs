// Every page in every state: accessible in both colour schemes, silent on the console, within its policy. And what
// only the browser's program does there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as steps from '../harness/steps.mjs';
import { tour } from '../harness/tour.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('pages');
});
after(() => world.end());

test('every page in every state', async () => {
  const person = await world.person();
  const seen = new Set();
  const found = [];
  await tour(person, async (name) => {
    assert.ok(!seen.has(name), name);
    seen.add(name);
    await person.inspect(name).catch((error) => found.push(error.message));
  });
  assert.deepEqual(found, []);
  assert.ok(seen.size >= 40, `${seen.size} pages`);
  await person.leave();
});

for (const js of [true, false]) {
  test(`filter, rename, disable and enable, ${js ? 'with' : 'without'} JavaScript`, async () => {
    const person = await world.person({ js });
    await steps.signUp(person);
    for (const account of ['ada@example.com', 'grace@example.com']) {
      await person.open('/setup/connections');
      if (account.startsWith('ada')) await person.press('Try it with the sandbox');
      else {
        await person.open('/setup/connections/new/sandbox');
        assert.equal(await person.field('Connection link name').inputValue(), 'sandbox_2', 'the first free link name');
        await person.press('Create and connect');
      }
      await steps.continueTo(person, 'Sandbox');
      await steps.consentAtSandbox(person, { account });
    }
    await person.fill({ 'Connection name': 'Grace’s reports' });
    await person.press('Save');
    assert.match(await person.text('h1'), /Grace’s reports/);
    await person.press('Disable');
    assert.equal(await steps.status(person), 'Disabled');
    await person.press('Enable');
    assert.equal(await steps.status(person), 'Connected');

    await person.open('/setup/connections');
    const rows = () => person.page.locator('#connections tr:visible').allInnerTexts();
    assert.equal((await rows()).length, 2);
    await person.page.getByRole('searchbox').fill('grace');
    if (js)
      await person.page.waitForFunction(() => document.querySelectorAll('#connections tr:not([hidden])').length === 1);
    else await person.press('Filter');
    assert.match((await rows()).join(), /^[^]*Grace’s reports[^]*sandbox_2[^]*$/);
    assert.equal((await rows()).length, 1);
    await person.leave();
  });
}

test('copying', async () => {
  const person = await world.person({ permissions: ['clipboard-read', 'clipboard-write'] });
  await steps.signUp(person);
  await person.press('Try it with the sandbox');
  await steps.consentAtSandbox(person);
  const { page } = person;
  await page.getByRole('button', { name: 'Copy the curl snippet' }).click();
  await page.getByRole('button', { name: 'Copied the curl snippet' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.locator('#snippet-curl').textContent());
  await person.leave();
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
