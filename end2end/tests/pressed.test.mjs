// Buttons whose forms other tests post without a browser: here a person presses them, with and without JavaScript.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Api } from '../harness/manage.mjs';
import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('pressed');
});
after(() => world.end());

async function arrive(js) {
  const person = await world.person({ js });
  const account = await steps.signUp(person);
  const client = await world.client().signIn(account);
  return { person, client, api: new Api(world, await client.makeKey({ scope: ['manage', 'credentials:read'] })) };
}

/** Opens a folded part by its words, where it is not open. */
async function open(person, words) {
  const folded = person.page.locator('details', { has: person.page.locator('summary', { hasText: words }) }).first();
  if (!(await folded.evaluate(({ open }) => open))) await folded.locator('summary').first().click();
  return folded;
}

for (const js of [true, false]) {
  const mode = js ? 'with JavaScript' : 'without JavaScript';

  test(`Fill in, Clone and Fill in again on Edit, ${mode}`, async () => {
    const { person, api } = await arrive(js);
    const { origin } = world.sandbox;
    await person.open('/setup/services/new');
    const secret = world.secret(`secret of what is filled in ${js}`, `secret-${crypto.randomUUID()}`);
    await person.fill({ 'Service name': 'Found', 'Client ID': 'found-1' });
    await open(person, 'Fill in from');
    await person.fill({ 'Discovery URL or issuer': origin });
    await person.press('Fill in');
    assert.match(await person.text('main'), /Filled in: .*Access token URL/);
    assert.equal(await person.field('Service name').inputValue(), 'Found', 'what was typed stays');
    assert.equal(await person.field('Access token URL').inputValue(), `${origin}/token`);
    await person.fill({ 'Client secret': secret, 'API base URL': `${origin}/api` });
    await person.press('Create service');
    assert.equal(person.path, '/setup/connections/new/found');

    await person.open('/setup/services/found');
    await open(person, 'Clone service');
    await person.fill({ 'Name of the copy': 'Found twice', 'Link name of the copy': 'found_twice' });
    await person.press('Clone');
    assert.equal(person.path, '/setup/services/found_twice');
    const both = await Promise.all(['found', 'found_twice'].map(async (name) => (await api.done('GET', `/services/${name}`)).body));
    assert.deepEqual(both[1].authentication, both[0].authentication);
    assert.notEqual(both[1].redirect_url, both[0].redirect_url);

    await person.open('/setup/services/found_twice/edit');
    await steps.unfold(person);
    await person.fill({ Issuer: '', 'Revoke token URL': '' });
    await open(person, 'Fill in from');
    await person.fill({ 'Discovery URL or issuer': origin });
    await person.press('Fill in');
    assert.equal(await person.field('Revoke token URL').inputValue(), `${origin}/revoke`);
    await person.press('Save changes');
    assert.equal(person.path, '/setup/services/found_twice');
    assert.equal((await api.done('GET', '/services/found_twice')).body.authentication.revoke_token_url, `${origin}/revoke`);
    await person.leave();
  });

  test(`Connect my account, Connect for this user, Disconnect, ${mode}`, async () => {
    const { person, client, api } = await arrive(js);
    await client.defineService('books', { name: 'Books' });
    const own = { name: 'Own', link_name: 'own', service: 'books', scopes: ['profile'], credential_mode: 'login_user' };
    await api.done('POST', '/connections', own);
    const account = async (user) => (await api.get(`/connections/own/credentials?user=${user}`)).body;

    await person.open('/setup/connections/own');
    await person.press('Connect my account');
    await steps.continueTo(person, 'Books');
    await steps.consentAtSandbox(person, { account: 'grace@example.com' });
    assert.equal(person.path, '/setup/connections/own');
    assert.match(await person.text('ul.people'), /Ada Lovelace\s+as grace@example\.com/);

    await person.fill({ 'External user id': 'customer-1' });
    await person.press('Connect for this user');
    await steps.continueTo(person, 'Books');
    await steps.consentAtSandbox(person);
    assert.match(await person.text('ul.people'), /customer-1\s+external user · as ada@example\.com/);
    const vended = await account('customer-1');
    world.secret(`token of a customer ${js}`, vended.access_token);
    assert.equal(vended.account, 'ada@example.com');
    await person.inspect('a connection of people');

    await person.press('Disconnect customer-1');
    assert.doesNotMatch(await person.text('ul.people'), /customer-1/);
    assert.match(await person.text('ul.people'), /Ada Lovelace/);
    assert.equal((await account('customer-1')).code, 'not_connected');
    await person.leave();
  });
}

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
