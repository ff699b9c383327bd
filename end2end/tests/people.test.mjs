// Accounts of single people: everybody who is named is served by their own, and by nobody else's, whatever they are
// called and whatever happens meanwhile.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import { Api } from '../harness/manage.mjs';
import * as people from '../harness/people.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const { WAYS, identity } = people;
const REQUESTS = 10_000;
const AT_ONCE = 40;

let world;
let ada;
let api;
/** A second member of Ada's organization, who may only look, and another organization with the same names. */
let dev;
let eve;
/** Two function keys of Ada's, and one of Eve's. */
let keys;
let foreign;
/** Who has connected an account at Ada's: the id that programs use to its identity. */
const connected = new Map();
let strangers;
const ofOrganization = identity(15);

before(async () => {
  world = await World.start('people', { browser: false });
  const hers = await people.organization(world, 'Lovelace & Co');
  ada = hers.owner;
  api = hers.api;
  keys = [hers.key, await ada.makeKey()];
  dev = await people.join(world, await world.client().signUp('Dev Ltd'), ada, 'developer');
  eve = await people.organization(world, 'Eve Ltd');
  foreign = eve.key;
});
after(() => world.end());

/** What a call must come to, by the mode of its connection. */
function expected(linkName, user) {
  const theirs = connected.get(user)?.text;
  if (linkName === 'shared') return user ? /^422 (user|x-connections-user)$/ : ofOrganization.text;
  if (linkName === 'mixed') return theirs ?? ofOrganization.text;
  if (!user) return /^422 (user|x-connections-user)$/;
  return theirs ?? `424 not_connected /setup/connections/own`;
}

async function check(way, key, linkName, user) {
  const right = expected(linkName, user);
  const came = await people.ask(world, way, key, linkName, user);
  const good = right instanceof RegExp ? right.test(came) : came === right;
  assert.ok(good, `${way} ${linkName} for ‘${user}’: ${came}, and not ${right}`);
}

test('everybody connects their own account, whatever they are called', async () => {
  const [owner, developer] = await Promise.all([people.memberId(world, ada), people.memberId(world, dev)]);
  const external = [
    'customer-1',
    'customer-2',
    `m:${owner}`,
    `x:customer-1`,
    `m:${developer}`,
    owner.toUpperCase(),
    'Zoë ☃ 史密斯',
    'é'.repeat(200),
    "'; drop table credential; --",
  ];
  strangers = ['nobody', `x:m:${owner}`, 'x:', 'm:', 'CUSTOMER-1', `${owner}0`, 'Zoe ☃ 史密斯', 'e'.repeat(200), 'me', '%'];
  for (const linkName of ['shared', 'mixed']) await people.connectAs(world, ada, linkName, '', ofOrganization);
  let number = 0;
  for (const [user, client, field] of [
    [owner, ada, 'me'],
    [developer, dev, 'me'],
    ...external.map((id) => [id, ada, id]),
  ]) {
    const theirs = identity(number);
    number += 1;
    for (const linkName of ['own', 'mixed']) await people.connectAs(world, client, linkName, field, theirs);
    connected.set(user, theirs);
  }
  for (const way of WAYS)
    for (const linkName of ['own', 'mixed', 'shared'])
      for (const user of ['', ...connected.keys(), ...strangers]) await check(way, keys[0], linkName, user);
});

test('names that are no names', async () => {
  for (const user of ['  ', 'x'.repeat(201), 'a\tb', 'a\u0000b', '\u202e', 'a\u2028b']) {
    const asked = await api.get(`/connections/own/credentials?${new URLSearchParams({ user })}`);
    assert.deepEqual([asked.status, asked.body.code, asked.body.errors[0].field], [422, 'invalid', 'user'], user);
    const invoked = await api.post('/invoke', { connection: 'own', url: '/me', user });
    assert.deepEqual([invoked.status, invoked.body.errors[0].field], [422, 'user'], user);
  }
  // Two names are no name, wherever they stand.
  const doubled = await api.get('/connections/own/credentials?user=customer-1&user=customer-2');
  assert.deepEqual([doubled.status, doubled.body.errors?.[0].field], [422, 'user']);
  assert.equal(await twoHeaders('/api/v1/proxy/own/me', ['customer-1', 'customer-2']), 422);
  const raw = `{"connection": "own", "url": "/me", "user": "customer-1", "user": "customer-2"}`;
  assert.equal((await api.send('POST', '/invoke', { raw })).status, 422);
});

/** Sends the header in two lines, as `fetch` does not; gives the status. */
function twoHeaders(path, users) {
  const headers = { authorization: `Bearer ${keys[0]}`, 'x-connections-user': users };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, world.origin), { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('error', reject).end();
  });
}

test('what names the user stays here', async () => {
  const headers = { authorization: `Bearer ${keys[0]}`, 'x-connections-user': 'customer-1' };
  const answer = await fetch(`${world.origin}/api/v1/proxy/own/echo`, { headers });
  assert.equal(answer.status, 200);
  const echo = await answer.text();
  assert.match(echo, /"method"/, 'an echo of the request');
  assert.ok(!/connections-user|customer-1/i.test(echo));
});

test('a developer connects and disconnects only their own account', async () => {
  const owner = await people.memberId(world, ada);
  for (const user of ['customer-1', 'new-customer', owner, `m:${owner}`]) {
    for (const verb of ['connect', 'disconnect']) {
      const answer = await dev.post(`/setup/connections/own/${verb}`, { user }, { json: true });
      assert.equal(answer.status, 403, `${verb} ${user}: ${answer.text}`);
    }
  }
  for (const verb of ['reconnect', 'revoke', 'delete', 'disable'])
    assert.equal((await dev.post(`/setup/connections/own/${verb}`)).status, 403, verb);
  // An administrator connects no member's account but their own.
  const developer = await people.memberId(world, dev);
  assert.equal((await ada.post('/setup/connections/own/connect', { user: developer }, { json: true })).status, 403);
  const empty = await ada.post('/setup/connections/own/connect', { user: '' }, { json: true });
  assert.equal(empty.status, 422, empty.text);
  const shared = await ada.post('/setup/connections/shared/connect', { user: 'me' }, { json: true });
  assert.equal(shared.status, 403, shared.text);
  // Whoever began a consent finishes it, also one for somebody else.
  const back = await world.agreed(await people.departAs(ada, 'own', 'new-customer'), { account: 'grace@example.com' });
  assert.match((await dev.get(back.href)).text, /Another person began this consent/);
  assert.equal(await people.ask(world, 'credentials', keys[0], 'own', 'new-customer'), expected('own', 'new-customer'));
});

test('another organization sees nothing', async () => {
  await people.connectAs(world, eve.owner, 'own', 'customer-1', identity(14));
  assert.equal(await people.ask(world, 'invoke', foreign, 'own', 'customer-1'), identity(14).text);
  const owner = await people.memberId(world, ada);
  for (const way of WAYS) {
    await check(way, keys[0], 'own', 'customer-1');
    for (const user of [owner, 'customer-2', `m:${owner}`])
      assert.match(await people.ask(world, way, foreign, 'own', user), /^424 not_connected/);
  }
  await api.done('POST', '/connections', { name: 'Only hers', link_name: 'only_hers', service: 'books', credential_mode: 'login_user' });
  await people.connectAs(world, ada, 'only_hers', 'me', identity(0));
  for (const way of WAYS)
    assert.match(await people.ask(world, way, foreign, 'only_hers', owner), /^404 unknown_connection/);
  for (const verb of ['connect', 'disconnect']) {
    const answer = await eve.owner.post(`/setup/connections/only_hers/${verb}`, { user: 'me' }, { json: true });
    assert.equal(answer.status, 404, answer.text);
  }
  const page = await eve.owner.get('/setup/connections/own');
  assert.equal(page.status, 200);
  assert.ok(page.text.includes('customer-1'), 'her own');
  assert.ok(!page.text.includes('customer-2') && !page.text.includes(owner), 'nor on the page of the same name');
});

/** Requests in the order that the seed gives, several at once; `each` makes one out of a source of chance. */
async function storm(count, seed, each) {
  const chance = people.shuffled(seed);
  const one = (list) => list[Math.floor(chance.next().value * list.length)];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await each(one);
    }
  };
  const begun = Date.now();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (Date.now() - begun) / 1000;
}

test(`${REQUESTS / 2} mixed requests: never another's account`, async (t) => {
  const users = ['', ...connected.keys(), ...strangers];
  const seconds = await storm(REQUESTS / 2, 1, async (one) => {
    const [way, key, linkName, user] = [one(WAYS), one([...keys, foreign]), one(['own', 'own', 'mixed', 'shared']), one(users)];
    if (key !== foreign) return check(way, key, linkName, user);
    // Hers: one customer of the same name on one connection, and nobody else anywhere.
    const came = await people.ask(world, way, key, linkName, user);
    if (linkName === 'own' && user === 'customer-1') assert.equal(came, identity(14).text);
    else assert.match(came, /^(422|424 not_connected)/, `Eve's ${linkName} for ‘${user}’`);
  });
  t.diagnostic(`${REQUESTS / 2} requests in ${seconds.toFixed(1)} s`);
});

test(`${REQUESTS / 2} more while accounts are renewed, taken off and connected again`, async (t) => {
  const owner = await people.memberId(world, ada);
  const restless = await people.memberId(world, dev);
  const [before, other] = [connected.get(restless), identity(12)];
  // Whose account is taken off while they hold its token: it is withdrawn at the provider as well.
  const away = {
    own: new Set([before.text, other.text, people.WITHDRAWN, '424 not_connected /setup/connections/own']),
    mixed: new Set([before.text, other.text, people.WITHDRAWN, ofOrganization.text]),
  };
  let running = true;
  let rounds = 0;
  const unrest = (async () => {
    while (running || rounds < 3) {
      // The tokens of everybody end at once.
      await world.database.sql(`update credential set expires_at = clock_timestamp(), refresh_after = clock_timestamp()
        where state = 'active' and refresh_token is not null`);
      for (const linkName of ['own', 'mixed']) {
        const gone = await dev.post(`/setup/connections/${linkName}/disconnect`, { user: 'me' }, { json: true });
        assert.equal(gone.status, 200, gone.text);
        const without = linkName === 'own' ? '424 not_connected /setup/connections/own' : ofOrganization.text;
        for (const way of WAYS) assert.equal(await people.ask(world, way, keys[rounds % 2], linkName, restless), without);
        const next = rounds % 2 ? before : other;
        await people.connectAs(world, dev, linkName, 'me', next);
        for (const way of WAYS) assert.equal(await people.ask(world, way, keys[rounds % 2], linkName, restless), next.text);
      }
      rounds += 1;
    }
  })();
  const users = ['', owner, restless, restless, ...connected.keys(), ...strangers];
  const storming = storm(REQUESTS / 2, 2, async (one) => {
    const [way, key, linkName, user] = [one(WAYS), one(keys), one(['own', 'mixed']), one(users)];
    if (user !== restless) return check(way, key, linkName, user);
    const came = await people.ask(world, way, key, linkName, user);
    assert.ok(away[linkName].has(came), `${way} ${linkName} for the restless: ${came}`);
  }).finally(() => {
    running = false;
  });
  const [seconds] = await Promise.all([storming, unrest]);
  t.diagnostic(`${REQUESTS / 2} requests in ${seconds.toFixed(1)} s, ${rounds} rounds of unrest`);
  const refreshes = await world.sandbox.tokenRequests('refresh_token');
  assert.ok(refreshes.length > 0 && refreshes.every(({ concurrent }) => concurrent === 0), 'one renewal at a time');
  const lost = `select count(*) from credential where state not in ('active', 'revoked')`;
  assert.equal(await world.database.sql(lost), '0', 'nobody lost an account');
  await people.connectAs(world, dev, 'own', 'me', before);
  await people.connectAs(world, dev, 'mixed', 'me', before);
});

test('tokens of a user of another program are imported', async () => {
  const token = world.secret('imported token', `access-${crypto.randomUUID()}`);
  const asked = () => api.get('/connections/own/credentials?user=imported');
  await api.done('PUT', '/connections/own/credentials', { access_token: token, expires_in: 3600, user: 'imported', account: 'Imp' });
  assert.deepEqual([(await asked()).body.access_token, (await asked()).body.account], [token, 'Imp']);
  await check('credentials', keys[0], 'own', 'nobody');
  // One that is good: a refresh token, which is used at once.
  const issued = await tokens('giver', identity(6));
  await api.done('PUT', '/connections/own/credentials', { ...issued, expires_in: 1, user: 'imported' });
  await until('its access token has ended', async () => (await asked()).body.version > 2);
  assert.equal(await people.ask(world, 'invoke', keys[0], 'own', 'imported'), identity(6).text);
  for (const [linkName, user] of [['own', undefined], ['shared', 'imported']]) {
    const refused = await api.put(`/connections/${linkName}/credentials`, { access_token: token, user });
    assert.deepEqual([refused.status, refused.body.code], [403, 'not_permitted'], `${linkName} ${user}`);
  }
  const long = await api.put('/connections/own/credentials', { access_token: token, user: 'x'.repeat(201) });
  assert.deepEqual([long.status, long.body.errors[0].field], [422, 'user']);
});

/** Tokens that somebody obtained at the sandbox as our client, without us: a consent whose code is not redeemed here. */
async function tokens(user, { account, scopes }) {
  const url = new URL(await people.departAs(ada, 'own', user));
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  url.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  const back = await world.agreed(url.href, { account, grant: scopes });
  const client_id = url.searchParams.get('client_id');
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: url.searchParams.get('redirect_uri'),
    code_verifier: verifier,
    client_id,
    client_secret: world.secrets.get(`client secret of ${client_id}`),
  });
  const answer = await fetch(`${world.sandbox.origin}/token`, { method: 'POST', body });
  const { access_token, refresh_token } = await answer.json();
  assert.ok(access_token && refresh_token, `${answer.status}`);
  world.secret('token obtained elsewhere', access_token);
  world.secret('refresh token obtained elsewhere', refresh_token);
  return { access_token, refresh_token };
}

test('a consent that was overtaken brings nothing', async () => {
  const is = async (user, text) => assert.equal(await people.ask(world, 'credentials', keys[0], 'own', user), text);
  const none = '424 not_connected /setup/connections/own';
  const refused = async (client, back, words) => {
    const answer = await client.get(back.href);
    assert.equal(answer.status, 400, `${answer.status} ${answer.location}`);
    assert.match(answer.text.replaceAll('&#x27;', "'"), words);
  };
  const depart = async (client, user, { account, scopes }) =>
    world.agreed(await people.departAs(client, 'own', user), { account, grant: scopes });

  // The account was taken off while its person was at the provider.
  await people.connectAs(world, ada, 'own', 'overtaken', identity(2));
  let back = await depart(ada, 'overtaken', identity(3));
  await ada.post('/setup/connections/own/disconnect', { user: 'overtaken' }, { json: true });
  await refused(ada, back, /used before|already answered/);
  await is('overtaken', none);

  // Tokens were imported meanwhile.
  back = await depart(ada, 'overtaken', identity(4));
  await api.done('PUT', '/connections/own/credentials', { ...(await tokens('giver', identity(5))), user: 'overtaken' });
  await refused(ada, back, /used before|already answered/);
  assert.equal(await people.ask(world, 'invoke', keys[0], 'own', 'overtaken'), identity(5).text);

  // An administrator who is none any more finishes nothing for others, and still connects their own account.
  const carol = await people.join(world, await world.client().signUp('Carol Ltd'), ada, 'admin');
  back = await depart(carol, 'of-carol', identity(6));
  const own = await depart(carol, 'me', identity(7));
  await world.database.sql(`update membership set role = 'developer' where role = 'admin'`);
  await refused(carol, back, /Another person began this consent/);
  await is('of-carol', none);
  assert.equal((await carol.get(own.href)).status, 303);
  await is(await people.memberId(world, carol), identity(7).text);

  // Answers of two people, crossed: the state decides, and the code of one fits only its own consent.
  const [first, second] = [await depart(ada, 'first', identity(8)), await depart(ada, 'second', identity(9))];
  const crossed = new URL(first);
  crossed.searchParams.set('code', second.searchParams.get('code'));
  assert.equal((await ada.get(crossed.href)).status, 303);
  await is('first', none);
  await is('second', none);
});

test('values that each person types in', async () => {
  const host = new URL(world.sandbox.origin).host;
  await api.done('POST', '/services', {
    name: 'Keys',
    link_name: 'keys',
    authentication: { type: 'api_key', parameters: [{ key: 'X-Api-Key', display_name: 'Key' }] },
    api_base_url: `${world.sandbox.origin}/api`,
    allowed_hosts: [host],
  });
  for (const [link_name, credential_mode] of [
    ['typed', 'login_user'],
    ['typed_shared', 'organization'],
  ])
    await api.done('POST', '/connections', { name: link_name, link_name, service: 'keys', credential_mode });
  const [owner, developer] = await Promise.all([people.memberId(world, ada), people.memberId(world, dev)]);
  const secrets = new Map([owner, developer, 'customer-1', `m:${owner}`].map((user) => [user, world.secret(`key of ${user}`, crypto.randomUUID())]));
  const form = await dev.get('/setup/connections/typed/credentials?user=me');
  const [, field] = /name="(value_[^"]+)"/.exec(form.text);
  const type = (client, user, value, linkName = 'typed') => client.post(`/setup/connections/${linkName}/credentials`, { user, [field]: value });
  assert.equal((await type(dev, 'me', secrets.get(developer))).status, 303);
  assert.equal((await type(ada, 'me', secrets.get(owner))).status, 303);
  const name = field.slice('value_'.length);
  for (const user of ['customer-1', `m:${owner}`])
    await api.done('PUT', '/connections/typed/credentials', { user, values: { [name]: secrets.get(user) } });
  for (const user of ['customer-1', owner, `m:${owner}`, ''])
    assert.equal((await type(dev, user, 'x')).status, 403, `a developer for ‘${user}’`);
  assert.ok((await type(ada, developer, 'x')).status >= 400, 'nor the owner for a member');
  for (const user of ['me', 'customer-1'])
    assert.ok((await type(ada, user, 'x', 'typed_shared')).status >= 400, 'nor where there is one for everybody');
  const bare = await api.put('/connections/typed/credentials', { values: { [name]: 'x' } });
  assert.deepEqual([bare.status, bare.body.code], [403, 'not_permitted']);
  await storm(400, 3, async (one) => {
    const user = one([...secrets.keys()]);
    const { body } = await api.get(`/connections/typed/credentials?${new URLSearchParams({ user })}`);
    assert.deepEqual(body.headers, { 'X-Api-Key': secrets.get(user) }, user);
  });
  assert.equal((await api.get('/connections/typed/credentials')).status, 422);
  const echo = await fetch(`${world.origin}/api/v1/proxy/typed/echo`, {
    headers: { authorization: `Bearer ${keys[0]}`, 'x-connections-user': developer },
  });
  assert.ok(echo.ok && !(await echo.text()).includes(secrets.get(developer)), 'and an echo shows it to nobody');
  const gone = await dev.post('/setup/connections/typed/disconnect', { user: 'me' }, { json: true });
  assert.equal(gone.status, 200);
  const asked = await api.get(`/connections/typed/credentials?user=${developer}`);
  assert.deepEqual([asked.status, asked.body.code], [424, 'not_connected']);
});

test('a disconnected account is withdrawn at the provider, and nobody else loses theirs', async () => {
  const revoked = async () => (await world.sandbox.ledger()).filter(({ endpoint, outcome }) => endpoint === 'revoke' && outcome === 'revoked');
  const before = (await revoked()).length;
  const { access_token } = (await api.get('/connections/own/credentials?user=customer-1')).body;
  const me = () => fetch(`${world.sandbox.origin}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal((await me()).status, 200);
  const gone = await ada.post('/setup/connections/own/disconnect', { user: 'customer-1' }, { json: true });
  assert.equal(gone.status, 200, gone.text);
  connected.delete('customer-1');
  for (const way of WAYS) await check(way, keys[1], 'own', 'customer-1');
  await until('the grant is withdrawn', async () => (await revoked()).length === before + 1);
  assert.equal((await me()).status, 401, 'the access token as well');
  for (const user of connected.keys()) await check('invoke', keys[0], 'own', user);
  const again = await ada.post('/setup/connections/own/disconnect', { user: 'customer-1' }, { json: true });
  assert.equal(again.status, 200, 'it is gone already');
  for (const user of ['nobody', ''])
    assert.ok((await ada.post('/setup/connections/own/disconnect', { user }, { json: true })).status >= 400, user);
  assert.equal(await people.ask(world, 'proxy', foreign, 'own', 'customer-1'), identity(14).text, "Eve's of the same name");
});

test('a revoked connection serves nobody', async () => {
  await api.done('POST', '/connections/own/revoke');
  for (const user of connected.keys())
    assert.match(await people.ask(world, 'credentials', keys[0], 'own', user), /^424 /, user);
  for (const user of connected.keys()) await check('invoke', keys[0], 'mixed', user);
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
