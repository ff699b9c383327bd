// Every default service: its page is drawn, and with a client it is a service that connections can be made of.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { complaints, text, values } from '../harness/html.mjs';
import { Api, differences } from '../harness/manage.mjs';
import { World } from '../harness/world.mjs';

let world;
let ada;
let entries;
let api;
before(async () => {
  world = await World.start('catalogue', { browser: false });
  ada = await world.client().signUp('Lovelace & Co');
  api = new Api(world, await ada.makeKey({ scope: 'manage' }));
  const { body } = await api.get('/catalogue');
  entries = body.items.filter(({ link_name: linkName }) => linkName !== 'sandbox');
});
after(() => world.end());

/** What the form would send as it stands. */
function drawn(html) {
  const form = {};
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  for (const name of new Set(inputs.map((tag) => /\bname="([^"]*)"/.exec(tag)?.[1]).filter(Boolean)))
    form[name] = values(html, name);
  for (const [, name, inner] of html.matchAll(/<textarea\b[^>]*\bname="([^"]*)"[^>]*>([^]*?)<\/textarea>/g)) form[name] = text(inner);
  return form;
}

test('there are many, of every type', () => {
  assert.ok(entries.length >= 100, `${entries.length}`);
  const types = new Set(entries.map(({ authentication }) => authentication.type));
  assert.deepEqual([...types].sort(), ['api_key', 'basic', 'oauth1', 'oauth2']);
});

test('each is drawn short and whole, and becomes a service', async () => {
  const wrong = [];
  for (const { link_name: linkName, name, authentication } of entries) {
    const whole = await ada.get(`/setup/services/new?from=${linkName}&edit=all`);
    const short = await ada.get(`/setup/services/new?from=${linkName}`);
    for (const page of [whole, short])
      if (page.status !== 200 || values(page.text, 'name')[0] !== name) wrong.push(`${linkName}: ${page.status}`);
    const form = drawn(short.text);
    if (authentication.type === 'oauth2') Object.assign(form, { client_id: 'client-1' });
    if (authentication.type === 'oauth1') Object.assign(form, { consumer_key: 'consumer-1' });
    for (const secret of ['client_secret', 'consumer_secret']) if (secret in form) form[secret] = 's3cret-of-a-test';
    if (short.text.includes('name="private_key"')) continue;
    const made = await ada.post('/setup/services/new', form);
    if (made.status !== 303) wrong.push(`${linkName}: ${made.status} ${JSON.stringify(complaints(made.text))}`);
    else if (!made.location.startsWith(`/setup/connections/new/`)) wrong.push(`${linkName}: ${made.location}`);
    else {
      const [service] = /[^/]+$/.exec(made.location);
      const { name: _, link_name, redirect_id, catalogue, about, authentication: own, ...entry } = entries.find((one) => one.link_name === linkName);
      const { client_id, consumer_key, ...rest } = own;
      const read = (await api.get(`/services/${service}`)).body;
      wrong.push(...differences({ ...entry, authentication: rest }, read).map((where) => `${linkName}: ${where}`));
      const connect = await ada.get(made.location);
      if (connect.status !== 200) wrong.push(`${linkName}: its connections: ${connect.status}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
