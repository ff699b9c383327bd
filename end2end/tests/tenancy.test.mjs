// Every route of the router: with another organization's names and ids, without a session, from another site, and
// with a role that may only look.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { credentials } from '../harness/api.mjs';
import { consoleRoutes, filled } from '../harness/routes.mjs';
import { World } from '../harness/world.mjs';

const routes = consoleRoutes();
const posts = routes.filter(({ method }) => method === 'POST');
const open = ['/sign-up', '/sign-in', '/sign-out'];

let world;
let ada;
let eve;
/** Ada's things, and a form that would do something to each of them. */
const hers = { service: 'books', connection: 'novels' };
const form = {
  name: 'Taken over',
  link_name: 'taken_over',
  scope: ['credentials:read'],
  email: 'eve@example.com',
  password: 'x',
  client_id: 'eve',
};
before(async () => {
  world = await World.start('tenancy', { browser: false });
  ada = await world.client().signUp('Lovelace & Co');
  const { redirect } = await ada.defineService('books');
  await ada.defineConnection('books', 'novels');
  await ada.get((await ada.answerFor('novels')).href);
  hers.callback = redirect.split('/').at(-1);
  hers.consent = (await ada.depart('novels')).start.split('/').at(-1);
  hers.secret = await ada.makeKey();
  hers.key = /\/setup\/keys\/([^/]+)\/revoke/.exec((await ada.get('/setup/keys')).text)[1];
  eve = await world.client().signUp('Eve Ltd');
});
after(() => world.end());

/** Everything but sessions and counters. */
function rows() {
  const tables = [
    'organization',
    'user_account',
    'membership',
    'service',
    'connection',
    'credential',
    'consent',
    'function_key',
    'function_key_connection',
    'revocation_outbox',
    'redirect_used',
    'audit_event',
  ];
  const all = tables.map((table) => `(select coalesce(string_agg(t::text, '|' order by t::text), '') from ${table} t)`);
  return world.database.sql(`select md5(${all.join(" || '#' || ")})`);
}

/** Sends to every route and gives what was not as it should be. */
async function everywhere(list, client, things, right, options = {}) {
  const before = await rows();
  const wrong = [];
  for (const { method, path } of list) {
    const target = filled(path, things);
    const answer = method === 'GET' ? await client.get(target, options) : await client.post(target, form, options);
    const complaint = right({ method, path, target, answer });
    if (complaint)
      wrong.push(
        `${method} ${target}: ${answer.status} ${answer.location ?? ''} ${complaint === true ? '' : complaint}`,
      );
  }
  assert.deepEqual(wrong, []);
  assert.ok((await rows()) === before, 'no row changed');
}

test('the router is read', () => {
  assert.ok(routes.length >= 30 && posts.length >= 12, JSON.stringify(routes));
  for (const path of [
    '/setup/connections/{link_name}/revoke',
    '/oauth/callback/{service}',
    '/setup/keys/{id}/revoke',
  ]) {
    assert.ok(
      routes.some((route) => route.path === path),
      path,
    );
  }
});

const named = routes.filter(({ path }) => path.includes('{') && !path.startsWith('/oauth'));

test('names and ids of another organization lead nowhere', async () => {
  await everywhere(named, eve, hers, ({ method, path, answer }) => {
    // Says nothing about anybody's connection: where there is no consent to show, it goes on to the connection's page.
    if (method === 'GET' && path.endsWith('/authorize'))
      return !(answer.status === 303 && answer.location === '/setup/connections/novels');
    return answer.status !== 404 || /novels|books/.test(answer.text);
  });
  const preview = await eve.get(`/setup/connections/novels/authorize?consent=${hers.consent}`);
  assert.ok(preview.status === 303 || preview.status === 404, preview.text);
  assert.equal((await eve.get(`/oauth/start/${hers.consent}`)).status, 410);
  assert.equal((await credentials(world, 'novels', hers.secret)).status, 200, 'her key still works');
});

test('nor where the own organization has things of the same names', async () => {
  const own = world.client();
  await own.signUp('Names & Sons');
  await own.defineService('books');
  await own.defineConnection('books', 'novels');
  const page = await own.get('/setup/connections/novels');
  assert.match(page.text, /Not connected/, 'the own page');
  assert.ok(!page.text.includes('ada@example.com') && !page.text.includes(hers.callback));
  const begun = await own.post('/setup/connections/novels/reconnect');
  const theirs = new URL(begun.location, world.origin);
  theirs.searchParams.set('consent', hers.consent);
  const preview = await own.get(theirs.href);
  assert.equal(preview.location, '/setup/connections/novels', preview.text);
  assert.equal((await own.post('/setup/connections/novels/delete')).status, 303);
  assert.equal((await ada.get('/setup/connections/novels')).status, 200);
  assert.equal((await own.post(`/setup/keys/${hers.key}/revoke`)).status, 404);
  const limited = await eve.post('/setup/keys', { name: 'x', scope: 'credentials:read', connection: 'novels' });
  assert.equal(limited.status, 422);
});

test('lists and proposals show the own organization only', async () => {
  for (const path of [
    '/setup/connections',
    '/setup/services',
    '/setup/keys',
    '/setup/connections/new?tab=custom',
    '/account',
  ]) {
    const { status, text } = await eve.get(path);
    assert.equal(status, 200);
    assert.ok(!/novels|books|Lovelace|job/.test(text.slice(text.indexOf('<body'))), path);
  }
});

test('without a session every page leads to sign-in and nothing is done', async () => {
  const list = routes.filter(({ path }) => !open.includes(path) && path !== '/oauth/callback/{service}');
  await everywhere(list, world.client(), hers, ({ method, target, answer }) => {
    if (answer.status !== 303) return true;
    const next = new URL(answer.location, world.origin);
    if (next.pathname !== '/sign-in') return true;
    // Back to the page that was wanted; never back into something that changes state.
    const back = next.searchParams.get('next');
    return method === 'GET' && /^\/(setup\/|account)/.test(target) ? back !== target : back !== null && `back to ${back}`;
  });
  assert.equal((await world.client().get(`/oauth/callback/${hers.callback}?code=x&state=y`)).status, 401);
});

for (const [from, headers] of Object.entries({
  'an evil origin': { origin: 'https://evil.example' },
  'another site, as the browser says': { 'sec-fetch-site': 'cross-site' },
  'a sibling site': { 'sec-fetch-site': 'same-site' },
  'an address bar or a bookmark': { 'sec-fetch-site': 'none' },
  'another site with our own origin': { 'sec-fetch-site': 'cross-site', origin: () => world.origin },
  'an opaque origin': { origin: 'null' },
  nowhere: {},
})) {
  test(`a post from ${from} is refused on every route`, async () => {
    const sent = Object.entries(headers).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
    const options = { headers: Object.fromEntries(sent), bare: true };
    await everywhere(posts, ada, hers, ({ answer }) => answer.status !== 403, options);
    await everywhere(posts, ada, hers, ({ answer }) => answer.status !== 403, { ...options, json: true });
  });
}

test('a browser that only names its origin is heard', async () => {
  const sent = await ada.post(
    '/setup/connections/novels/settings',
    { name: 'novels' },
    { bare: true, headers: { origin: world.origin } },
  );
  assert.equal(sent.status, 303);
});

test('a developer looks and changes nothing', async () => {
  const dev = await world.client().signUp('Dev Ltd');
  await world.database.sql(`insert into membership (organization_id, user_id, role, created_at)
    select m.organization_id, d.id, 'developer', '2000-01-01' from user_account d, user_account a
    join membership m on m.user_id = a.id where d.email = '${dev.account.email}' and a.email = '${ada.account.email}'`);
  await dev.signIn(dev.account);
  const looks = [
    '/',
    '/setup',
    '/account',
    '/setup/connections',
    '/setup/connections/{link_name}',
    '/setup/services',
    '/setup/services/{link_name}',
    '/setup/keys',
    ...open,
  ];
  // Trying and testing change nothing here, and are for developers as well.
  const free = [...open, '/setup/connections/{link_name}/try', '/setup/connections/{link_name}/test'];
  // A developer has an account of their own where a connection is made for that; this one is not, and hers is hers.
  const personal = {
    'POST /setup/connections/{link_name}/connect': 422,
    'GET /setup/connections/{link_name}/authorize': 303,
    'GET /oauth/start/{consent}': 410,
    'GET /oauth/callback/{service}': 400,
  };
  const list = routes.filter(({ method, path }) => !(method === 'POST' && free.includes(path)));
  await everywhere(list, dev, hers, ({ method, path, answer }) => {
    const own = personal[`${method} ${path}`];
    if (own) return answer.status !== own;
    return method === 'GET' && looks.includes(path) ? answer.status >= 400 : answer.status !== 403;
  });
});

test('a key opens its own organization, its own connections, and nothing after it was revoked', async () => {
  const api = (linkName, key) =>
    credentials(world, linkName, key).then(({ status, body }) => `${status} ${body.code ?? ''}`.trim());
  await ada.defineConnection('books', 'poems');
  const limited = await ada.makeKey({ connection: 'poems' });
  const foreign = await eve.makeKey();
  assert.equal(await api('novels', hers.secret), '200');
  assert.equal(await api('novels', limited), '404 unknown_connection');
  assert.equal(await api('poems', limited), '424 not_connected');
  assert.equal(await api('novels', foreign), '404 unknown_connection');
  assert.equal(await api('no_such', hers.secret), '404 unknown_connection');
  for (const key of ['', 'cnx_', `${hers.secret.slice(0, -1)}x`, hers.secret.toUpperCase()])
    assert.equal(await api('novels', key), '401 invalid_key');
  const cookie = await ada.get('/api/v1/connections/novels/credentials');
  assert.equal(cookie.status, 401, 'a session is no key');
  assert.equal((await ada.post(`/setup/keys/${hers.key}/revoke`)).status, 303);
  assert.equal(await api('novels', hers.secret), '401 invalid_key');
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
