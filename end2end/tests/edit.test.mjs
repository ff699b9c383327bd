// Editing a service that is in use: what it does to connections is said before it is done, and done only then.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('edit');
});
after(() => world.end());

for (const js of [true, false]) {
  test(`tokens that would come from elsewhere, ${js ? 'with' : 'without'} JavaScript`, async () => {
    const person = await world.person({ js });
    const account = await steps.signUp(person);
    const client = await world.client().signIn(account);
    await client.defineService('books', { name: 'Books' });
    await client.defineConnection('books', 'novels');
    await client.get((await client.answerFor('novels')).href);
    await client.defineConnection('books', 'poems');
    const url = () => world.database.sql(`select definition::text like '%elsewhere%' from service where name = 'Books' order by id desc limit 1`);

    await person.open('/setup/services/books/edit');
    const secret = world.secret(`secret of elsewhere ${js}`, `secret-${crypto.randomUUID()}`);
    await person.fill({ 'Access token URL': 'https://elsewhere.example/token', 'Client secret': secret });
    assert.equal(await person.pressRefused('Save changes'), 422);
    const said = await person.text('main');
    assert.match(said, /Nothing was saved yet/);
    assert.match(said, /novels/);
    assert.match(said, /elsewhere\.example/);
    // Nothing is lost where nobody has consented.
    assert.doesNotMatch(said, /\bpoems\b.*:/);
    if (!js) assert.match(said, /1 other goes on as it is/);
    assert.equal(await url(), 'f');
    await person.inspect('an edit to confirm');
    person.clean();

    if (!js) await person.fill({ 'Client secret': secret });
    await person.press('Save and let 1 connection reconnect');
    assert.equal(person.path, '/setup/services/books');
    assert.equal(await url(), 't');
    const waiting = person.page.locator('.note', { hasText: 'Connect them again' });
    assert.match(await waiting.innerText(), /novels: .*another host/);
    assert.doesNotMatch(await waiting.innerText(), /poems/);
    await person.open('/setup/connections/novels');
    assert.equal(await steps.status(person), 'Reconnect');
    assert.match(await person.text('main'), /token URL moved to another host/);
    await person.leave();
  });
}

test('a name changes at once', async () => {
  const person = await world.person();
  const account = await steps.signUp(person);
  const client = await world.client().signIn(account);
  await client.defineService('books');
  await client.defineConnection('books', 'novels');
  await client.get((await client.answerFor('novels')).href);
  await person.open('/setup/services/books/edit');
  await person.fill({ 'Service name': 'Library' });
  await person.press('Save changes');
  assert.match(await person.text('h1'), /Library/);
  await person.open('/setup/connections/novels');
  assert.equal(await steps.status(person), 'Connected');
  await person.press('Test connection');
  assert.match(await person.text('#tested'), /The connection works: Library answered/);
  await person.leave();
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
