// A person tries a call on a connection's page, answers where its credential may travel, and changes its settings.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('tryit');
});
after(() => world.end());

/** Somebody new with a connection to the sandbox, on its page. */
async function arrive(js, options) {
  const person = await world.person({ js, ...options });
  await steps.signUp(person);
  await person.press('Try it with the sandbox');
  await steps.continueTo(person, 'Sandbox');
  await steps.consentAtSandbox(person);
  assert.equal(person.path, '/setup/connections/sandbox');
  return person;
}

const answer = (person) => person.text('#tried');

for (const js of [true, false]) {
  const mode = js ? 'with JavaScript' : 'without JavaScript';

  test(`a call and its answer, ${mode}`, async () => {
    const person = await arrive(js);
    const { page } = person;
    await person.press('Send');
    assert.match(await answer(person), /200 OK\s+\d+ ms · \d+ bytes/);
    assert.match(await page.locator('#answer').textContent(), /^\{\n {2}".*\n[^]*"email": "ada@example\.com"/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tried', 'the answer has the focus');
    await person.inspect('tried');

    await page.locator('summary', { hasText: 'Parameters and body' }).click();
    await person.fill({ Method: 'POST', Path: '/echo/notes', Parameters: 'draft=yes', Body: '{"a": 1.10}' });
    await person.press('Send');
    const echo = JSON.parse(await page.locator('#answer').textContent());
    assert.equal(echo.body, '{"a": 1.10}');
    assert.equal(await person.field('Parameters').inputValue(), 'draft=yes');
    const snippet = await page.locator('#snippet-curl').textContent();
    assert.match(snippet, /-X POST/);
    assert.match(snippet, /proxy\/sandbox\/echo\/notes\?draft=yes'/);
    await person.leave();
  });

  test(`the tabs of the snippets by keyboard, ${mode}`, async () => {
    const person = await arrive(js);
    const { page } = person;
    const before = await page.locator('.use-it').boundingBox();
    await page.getByRole('radio', { name: 'curl' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.ok(await page.getByRole('radio', { name: 'JavaScript SDK' }).isChecked());
    assert.ok(await page.locator('#snippet-javascript-sdk').isVisible());
    assert.ok(!(await page.locator('#snippet-curl').isVisible()));
    assert.deepEqual(await page.locator('.use-it').boundingBox(), before, 'nothing moved');
    await person.leave();
  });

  test(`what is typed wrongly, and what is refused, ${mode}`, async () => {
    const person = await arrive(js);
    const { page } = person;
    await page.locator('summary', { hasText: 'Parameters and body' }).click();
    await person.fill({ Path: 'me', Parameters: 'x' });
    const asked = (await world.sandbox.ledger()).length;
    const answered = page.waitForResponse((response) => response.request().method() === 'POST');
    await person.press('Send');
    assert.equal((await answered).status(), 422);
    assert.match(await person.complaint('path'), /starts with a single \//);
    assert.equal(await person.complaint('parameters'), 'Line 1: write name=value.');
    assert.equal(await person.field('Path').inputValue(), 'me');
    assert.equal((await world.sandbox.ledger()).length, asked, 'nothing was sent');

    await person.open('/setup/connections/sandbox');
    await page.locator('summary', { hasText: 'Limits on calls' }).click();
    await page.locator('input[name=methods][value=GET]').check();
    await person.fill({ Paths: '/api/echo/**' });
    await person.press('Save');
    assert.match(await person.text('main'), /Saved\./);
    assert.match(await person.text('.events'), /Settings changed\s+calls may use GET on \/api\/echo\/\*\*[^]*by Ada Lovelace · from 127\.0\.0\.1/);
    await person.press('Send');
    assert.match(await answer(person), /The rules of this connection do not permit this method or path/);
    assert.ok(await person.link('Show settings').isVisible());

    await person.open('/setup/connections/sandbox');
    await person.press('Disable');
    assert.match(await person.text('main'), /Disabled\. Functions get nothing/);
    await person.press('Send');
    assert.match(await answer(person), /An administrator has disabled this connection/);
    await person.press(page.locator('#tried').getByRole('button', { name: 'Enable' }));
    assert.equal(await steps.status(person), 'Connected');
    await person.leave();
  });

  test(`where a credential may travel, ${mode}`, async () => {
    const person = await world.person({ js });
    await steps.signUp(person);
    const client = world.client();
    for (const { name, value } of await person.context.cookies(world.origin)) client.cookies.set(name, value);
    await client.defineService('quiet', { api_base_url: '', sample_path: '' });
    await client.defineConnection('quiet', 'quiet');
    await client.get((await client.answerFor('quiet')).href);
    await person.open('/setup/connections/quiet');
    const host = new URL(world.sandbox.origin).host;
    assert.equal(await person.field('Allowed hosts').inputValue(), host, 'the token URL’s host is proposed');
    await person.press('Send');
    assert.match(await answer(person), /This service has no API base URL/);
    await person.open('/setup/connections/quiet');
    await person.fill({ 'Allowed hosts': 'https://evil.example/x' });
    await person.pressRefused('Allow');
    assert.match(await person.complaint('host'), /host alone/);
    await person.fill({ 'Allowed hosts': host });
    await person.press('Allow');
    assert.match(await person.text('main'), /Allowed\./);
    assert.match(await person.text('dl.facts'), new RegExp(`May travel to\\s+${host}`));
    assert.ok(!(await person.text('main')).includes('Where may this credential travel?'));
    await person.leave();
  });
}

test('a developer may try, and may change nothing', async () => {
  const person = await arrive(true);
  await world.database.sql(`update membership set role = 'developer'`);
  await person.open('/setup/connections/sandbox');
  await person.press('Send');
  assert.match(await answer(person), /200 OK/);
  assert.equal(await person.page.getByRole('button', { name: 'Save' }).count(), 0);
  await world.database.sql(`update membership set role = 'owner'`);
  await person.leave();
});

test('a key is made from the page with what the snippet needs, and once', async () => {
  const person = await arrive(true);
  await person.press(person.link('Create a key for this connection'));
  assert.equal(await person.field('Key name').inputValue(), 'Key for sandbox');
  const ticked = await person.page.locator('input:checked').evaluateAll((boxes) => boxes.map((box) => box.value));
  assert.deepEqual(ticked, ['invoke', 'sandbox']);
  await person.press('Create key');
  const key = (await person.text('#new-key-text')).trim();
  world.secret(`function key ${key.slice(4, 10)}…`, key);
  await person.open('/setup/keys');
  await person.fill({ 'Key name': 'Key for sandbox' });
  await person.press('Create key');
  assert.match(await person.complaint('name'), /A key of this name works already/);
  assert.equal(await person.page.locator('.keys > li').count(), 1);
  await person.leave();
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
