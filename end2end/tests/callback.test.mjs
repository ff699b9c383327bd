// The callback, opened by whom it must not be, when it must not be, with what it must not carry: nothing is sent to
// any provider and no row changes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World } from '../harness/world.mjs';

let world;
let ada;
before(async () => {
  world = await World.start('callback', { browser: false });
  ada = await world.client().signUp('Lovelace & Co');
  await ada.defineService('books');
  await ada.defineService('music');
  for (const [service, linkName] of [
    ['books', 'novels'],
    ['books', 'poems'],
    ['music', 'songs'],
  ]) {
    await ada.defineConnection(service, linkName);
  }
});
after(() => world.end());

/** Everything that an answer could change. */
function rows() {
  const tables = [
    'credential',
    'consent',
    'connection',
    'service',
    'refresh_attempt',
    'audit_event',
    'revocation_outbox',
  ];
  const all = tables.map((table) => `(select coalesce(string_agg(t::text, '|' order by t::text), '') from ${table} t)`);
  return world.database.sql(`select ${all.join(" || '#' || ")}`);
}

const redeemed = async () => (await world.sandbox.tokenRequests('authorization_code')).length;

/** Opens an address that must be refused. */
async function refused(client, url, { status = 400, words }) {
  const [before, requests] = [await rows(), await redeemed()];
  const answer = await client.get(url.href ?? url);
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.text.replaceAll('&#x27;', "'"), words);
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(await redeemed(), requests, 'no token request');
  assert.ok((await rows()) === before, 'no row changed');
  for (const part of [url.searchParams?.get('code'), url.searchParams?.get('state')]) {
    assert.ok(!part || !answer.text.includes(part), 'the page repeats nothing of the answer');
  }
}

/** Opens an answer in the browser that asked for it: it connects. */
async function accepted(client, url, linkName) {
  const answer = await client.get(url.href);
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.location, `/setup/connections/${linkName}`);
  assert.match((await client.get(answer.location)).text, /Connected<\/span>/);
}

function changed(url, name, value) {
  const other = new URL(url);
  if (value === undefined) other.searchParams.delete(name);
  else other.searchParams.set(name, value);
  return other;
}

const strange = /This answer does not belong to a consent that was begun here\./;

test('1 no state, 2 unknown, 11 truncated', async () => {
  const url = await ada.answerFor('novels');
  const state = url.searchParams.get('state');
  await refused(ada, changed(url, 'state'), { words: strange });
  await refused(ada, changed(url, 'state', ''), { words: strange });
  await refused(ada, changed(url, 'state', 'x'.repeat(43)), { words: strange });
  await refused(ada, changed(url, 'state', state.slice(0, -1)), { words: strange });
  await refused(ada, changed(url, 'state', state.slice(0, 20)), { words: strange });
  await refused(ada, changed(url, 'code'), { words: /no answer of a provider/ });
  await accepted(ada, url, 'novels');
});

test('what is doubled, implicit or too long is no answer', async () => {
  const url = await ada.answerFor('novels');
  const words = /no answer of a provider/;
  for (const more of ['code=x', 'state=x', 'access_token=x', 'id_token=x', `more=${'x'.repeat(9000)}`]) {
    await refused(ada, new URL(`${url.href}&${more}`), { words });
  }
  await accepted(ada, url, 'novels');
});

test('3 expired', async () => {
  const url = await ada.answerFor('novels');
  await world.database.sql(`update consent set expires_at = now() - interval '1 second' where consumed_at is null`);
  await refused(ada, url, { words: /came too late/ });
});

test('4 replayed', async () => {
  const url = await ada.answerFor('novels');
  await accepted(ada, url, 'novels');
  await refused(ada, url, { words: /went back to a consent page that was already answered/ });
});

test('5 another session of the same person', async () => {
  const url = await ada.answerFor('novels');
  const elsewhere = await world.client().signIn(ada.account);
  await refused(elsewhere, url, { words: /another browser or before you signed in again/ });
  await accepted(ada, url, 'novels');
});

test('6 another person of the same organization', async () => {
  const url = await ada.answerFor('novels');
  const bob = await world.client().signUp();
  await world.database.sql(`insert into membership (organization_id, user_id, role, created_at)
    select m.organization_id, b.id, 'admin', '2000-01-01' from user_account b, user_account a
    join membership m on m.user_id = a.id where b.email = '${bob.account.email}' and a.email = '${ada.account.email}'`);
  await bob.signIn(bob.account);
  assert.match((await bob.get('/setup/connections')).text, /novels/, 'he is in her organization now');
  await refused(bob, url, { words: /Another person began this consent/ });
  await accepted(ada, url, 'novels');
});

test('7 another organization', async () => {
  const url = await ada.answerFor('novels');
  const eve = await world.client().signUp('Eve Ltd');
  await refused(eve, url, { words: strange });
  // Also on the redirect URL of a service of hers.
  const { redirect } = await eve.defineService('books');
  await refused(eve, new URL(redirect + url.search), { words: strange });
  await accepted(ada, url, 'novels');
});

test('8 the redirect URL of another service', async () => {
  const [books, music] = [await ada.answerFor('novels'), await ada.answerFor('songs')];
  const words = /the redirect URL of another service/;
  await refused(ada, new URL(music.pathname + books.search, world.origin), { words });
  await refused(ada, new URL(books.pathname + music.search, world.origin), { words });
  await accepted(ada, books, 'novels');
  await accepted(ada, music, 'songs');
});

test('9 swapped between two tabs', async () => {
  const [novels, poems] = [await ada.answerFor('novels'), await ada.answerFor('poems')];
  const before = await world.database.sql('select count(*), max(generation) from credential');
  const swapped = changed(novels, 'state', poems.searchParams.get('state'));
  const answer = await ada.get(swapped.href);
  assert.equal(answer.location, '/setup/connections/poems', 'state decides whose answer it is');
  assert.match((await ada.get(answer.location)).text, /The last try to connect failed/);
  const requests = await world.sandbox.tokenRequests('authorization_code');
  assert.equal(requests.at(-1).outcome, 'invalid_grant', 'the proof key of the other tab opens nothing');
  assert.equal(await world.database.sql('select count(*), max(generation) from credential'), before);
  await refused(ada, poems, { words: /went back to a consent page that was already answered/ });

  // Two tabs of one connection do not disturb each other.
  const [first, second] = [await ada.answerFor('novels'), await ada.answerFor('novels')];
  await accepted(ada, first, 'novels');
  await accepted(ada, second, 'novels');
  await accepted(ada, await ada.answerFor('poems'), 'poems');
});

test('a departure that was repeated replaces the one before', async () => {
  const { start, url } = await ada.depart('novels');
  const stale = await world.agreed(url);
  const fresh = await world.agreed((await ada.get(start)).location);
  await refused(ada, stale, { words: strange });
  await accepted(ada, fresh, 'novels');
});

test('10 a browser that is not signed in', async () => {
  const url = await ada.answerFor('novels');
  await refused(world.client(), url, { status: 401, words: /Your session ended while you were at the provider/ });
  await accepted(ada, url, 'novels');
});

test('12 forged service ids', async () => {
  const url = await ada.answerFor('novels');
  const words = /the redirect URL of another service/;
  const forged = [
    'svc_0190aaaabbbb7ccc8dddeeeeffff0000',
    'svc_',
    'books',
    '..%2f..%2fsetup',
    "'%3B--",
    '%00',
    'x'.repeat(500),
  ];
  for (const id of forged) await refused(ada, new URL(`/oauth/callback/${id}${url.search}`, world.origin), { words });
  await accepted(ada, url, 'novels');
});

test('an answer of another issuer, or of none, where the service names one', async () => {
  const { origin } = world.sandbox;
  await ada.defineService('named', { issuer: origin });
  await ada.defineConnection('named', 'named');
  const url = await ada.answerFor('named');
  const words = /issued by another provider/;
  for (const iss of [undefined, `${origin}/`, origin.toUpperCase(), 'https://other.example.com']) {
    await refused(ada, changed(url, 'iss', iss), { words });
  }
  await accepted(ada, url, 'named');
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
