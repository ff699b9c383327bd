// OAuth 1.0a against Authlib, which this project did not write, and with tokens that somebody types in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Api } from '../harness/manage.mjs';
import { OAuth1Provider } from '../harness/oauth1.mjs';
import * as steps from '../harness/steps.mjs';
import { freePort } from '../harness/server.mjs';
import { Upstream, reply } from '../harness/upstream.mjs';
import { World } from '../harness/world.mjs';

const METHODS = ['hmac_sha1', 'hmac_sha256', 'rsa_sha1', 'plaintext'];
const PLAIN = { realm: null, skew: 0, callback_confirmed: true, denial: 'denied' };

let provider;
/** Where nobody listens. */
let nowhere;
let upstream;
let world;
let ada;
let key;
let api;
/** Requests that this file sent a second time. */
let replays = 0;
before(async () => {
  provider = await OAuth1Provider.start();
  upstream = await Upstream.start();
  nowhere = `http://127.0.0.1:${await freePort()}`;
  world = await World.start('oauth1', { allow: [provider.origin, upstream.origin, nowhere] });
  ada = await world.client().signUp('Lovelace & Co');
  key = await ada.makeKey({ scope: ['manage', 'invoke', 'credentials:read'] });
  api = new Api(world, key);
});
after(async () => {
  await world.end();
  await provider.stop();
  await upstream.stop();
});

/** A service at the provider, and a connection of the same name that nobody has consented to yet. */
async function define(linkName, { method = 'hmac_sha1', options = {}, ...more } = {}) {
  const { redirect_id, redirect_url } = (await api.done('POST', '/services/redirect')).body;
  const rsa = method === 'rsa_sha1';
  const client = await provider.register(redirect_url, { rsa });
  world.secret(`consumer secret of ${linkName}`, client.secret);
  if (rsa) world.secret(`private key of ${linkName}`, client.privateKey.split('\n')[5]);
  const { urls } = provider;
  await api.done('POST', '/services', {
    name: linkName,
    link_name: linkName,
    redirect_id,
    authentication: {
      type: 'oauth1',
      consumer_key: client.key,
      ...(rsa ? { private_key: client.privateKey } : { consumer_secret: client.secret }),
      request_token_url: urls.initiate,
      authorize_url: urls.authorize,
      access_token_url: urls.token,
      signature_method: method,
      options: { identity_url: urls.me, identity_field: 'user', ...options },
      ...more,
    },
    api_base_url: `${provider.origin}/api`,
    sample_request: { path: '/me' },
  });
  await api.done('POST', '/connections', { name: linkName, link_name: linkName, service: linkName });
  return client;
}

/** Decides at the provider as its page does; gives where the browser is sent with the answer. */
async function decide(url, { user = 'ada', decision = 'allow' } = {}) {
  const token = new URL(url).searchParams.get('oauth_token');
  const page = await fetch(url);
  assert.equal(page.status, 200, 'the consent page');
  const body = new URLSearchParams({ oauth_token: token, user, decision });
  const answer = await fetch(provider.urls.authorize, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location'));
  for (const name of ['state', 'oauth_verifier']) {
    const value = back.searchParams.get(name);
    if (value) world.secret(`${name} ${value.slice(0, 6)}…`, value);
  }
  return back;
}

async function connect(linkName, decision) {
  const { url } = await ada.depart(linkName);
  const back = await ada.get((await decide(url, decision)).href);
  assert.equal(back.status, 303, back.text);
  assert.equal(back.location, `/setup/connections/${linkName}`);
  return page(linkName);
}

async function page(linkName) {
  const { text } = await ada.get(`/setup/connections/${linkName}`);
  return text.replace(/<[^>]+>/g, ' ').replaceAll('&#x27;', "'").replace(/\s+/g, ' ');
}

async function proxy(linkName, path, options = {}) {
  const headers = { authorization: `Bearer ${key}`, ...options.headers };
  return fetch(`${world.origin}/api/v1/proxy/${linkName}${path}`, { ...options, headers });
}

/** What the provider wrote down meanwhile. */
async function noted(doing) {
  const before = (await provider.ledger()).length;
  await doing();
  return (await provider.ledger()).slice(before);
}

const signedOf = (entries, path) => entries.filter((entry) => entry.path === path);

for (const method of METHODS) {
  test(`three legs and calls, signed with ${method}`, async () => {
    const client = await define(method, { method });
    const legs = await noted(async () => assert.match(await connect(method, { user: 'grace' }), /Connected .*as grace/));
    const words = method.toUpperCase().replace('_', '-');
    for (const path of ['/initiate', '/token', '/api/me']) {
      const entries = signedOf(legs, path);
      assert.deepEqual(entries.map(({ status, signature_method }) => [status, signature_method]), [[200, words]], path);
      assert.ok(entries.every((entry) => entry.placement === 'header' && entry.client === client.key));
    }
    const invoked = await api.done('POST', '/invoke', { connection: method, url: '/me' });
    assert.deepEqual(invoked.body, { user: 'grace', consumer: client.key });
    await hostile(method);
    const tested = (await api.done('POST', `/connections/${method}/test`)).body;
    assert.deepEqual([tested.ok, tested.status], [true, 200]);
    // Whoever signs by themselves gets no secret of ours: the header is good for nothing else.
    const vended = await api.get(`/connections/${method}/credentials`);
    assert.equal(vended.status, 200, vended.text);
    assert.deepEqual([vended.body.headers, vended.body.parameters, vended.body.access_token], [{}, {}, null]);
    const key = client.privateKey?.split('\n')[5];
    for (const secret of [client.secret, key, ...(await provider.secrets())])
      assert.ok(!secret || !vended.text.includes(secret), vended.text);
  });
}

/** Parameters that a base string must hold exactly as they came: doubled, empty, reserved, already encoded. */
async function hostile(linkName) {
  const pairs = [
    ['a', '2 q'],
    ['a', '2+q'],
    ['a', ''],
    ['b%20', '%25&=+~'],
    ['é☃', '😀'],
    ['z[]', '"\\'],
    ['z[]', '1'],
    ['A', '*-._!()'],
  ];
  const percent = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  const encoded = pairs.map((pair) => pair.map(percent).join('=')).join('&');
  const asked = await proxy(linkName, `/echo?${encoded}`);
  assert.equal(asked.status, 200, `${linkName}: query`);
  assert.deepEqual((await asked.json()).query, pairs);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = await proxy(linkName, `/echo?a=1&a=0&${encoded}`, { method: 'POST', headers: form, body: new URLSearchParams(pairs).toString() });
  assert.equal(sent.status, 200, `${linkName}: form`);
  const echoed = await sent.json();
  assert.deepEqual([echoed.query, echoed.form], [[['a', '1'], ['a', '0'], ...pairs], pairs]);
  const call = { connection: linkName, url: '/echo?x=a%20b&x=', type: 'POST' };
  const posted = await api.done('POST', '/invoke', { ...call, ...form, body: 'c=d%2Be&c=+' });
  assert.deepEqual([posted.body.query, posted.body.form], [[['x', 'a b'], ['x', '']], [['c', 'd+e'], ['c', ' ']]]);
  const json = await proxy(linkName, '/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"b=c&d"}' });
  assert.equal(json.status, 200, 'a body that is no form is not signed');
}

test('a signature may travel in the query', async () => {
  await define('by_query', { param_type: 'query' });
  const entries = await noted(async () => {
    await connect('by_query');
    assert.equal((await proxy('by_query', '/echo?a=1&a=%26')).status, 200);
  });
  const placed = entries.filter(({ nonce }) => nonce).map(({ placement }) => placement);
  assert.deepEqual([...new Set(placed)], ['query']);
});

for (const [method, param_type] of [['hmac_sha1', 'header'], ['hmac_sha256', 'query'], ['rsa_sha1', 'header']]) {
  test(`a function sends what was signed for it, ${method} in the ${param_type}`, async () => {
    const linkName = `signed_${method}`;
    const client = await define(linkName, { method, param_type });
    await connect(linkName);
    const form = { 'a': ['1 +', ''], 'z[]': '&=', 'é': true };
    const signed = await api.done('POST', `/connections/${linkName}/sign`, { method: 'POST', url: '/echo?b=2&a=%2B', form });
    assert.ok(!signed.text.includes(client.secret), signed.text);
    const { method: verb, url, headers } = signed.body;
    const pairs = Object.entries(form).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
    const send = (body) => fetch(url, { method: verb, headers, body: new URLSearchParams(body) });
    const taken = await send(pairs);
    assert.equal(taken.status, 200, await taken.clone().text());
    assert.deepEqual((await taken.json()).form, pairs);
    replays += 1;
    assert.equal((await send(pairs)).status, 401, 'once: the nonce is used');
    const other = (await api.done('POST', `/connections/${linkName}/sign`, { method: 'POST', url: '/echo', form })).body;
    const changed = await fetch(other.url, { method: 'POST', headers: other.headers, body: new URLSearchParams({ a: '2' }) });
    assert.equal(changed.status, 401, 'a signature holds for what was signed');
  });
}

test('nothing is signed that a call could not do', async () => {
  await define('careful');
  await connect('careful');
  await api.done('PATCH', '/connections/careful', { call_rules: { methods: ['GET'] } });
  const asked = async (linkName, body) => (await api.post(`/connections/${linkName}/sign`, body)).body;
  assert.equal((await asked('careful', { url: 'https://evil.example/' })).code, 'host_not_allowed');
  assert.equal((await asked('careful', { url: '/me', method: 'DELETE' })).code, 'not_permitted');
  assert.equal((await asked('careful', { url: '/me', body: 'x' })).errors[0].field, 'body');
  const plain = await asked('plaintext', { url: '/me' });
  assert.match(plain.errors[0].message, /secrets themselves/);
  assert.equal((await asked('nobody', { url: '/me' })).code, 'unknown_connection');
  const reader = new Api(world, await ada.makeKey({ scope: 'invoke' }));
  assert.equal((await reader.post('/connections/careful/sign', { url: '/me' })).body.code, 'forbidden_for_key');
});

test('in a real browser', async () => {
  await define('browser');
  const person = await world.person();
  await steps.signIn(person, ada.account);
  await person.open('/setup/connections/browser');
  assert.equal(await steps.status(person), 'Not connected');
  await person.press('Connect');
  assert.equal(new URL(person.page.url()).origin, provider.origin);
  await person.page.getByLabel('Name').fill('edith');
  await person.press('Allow');
  assert.equal(person.path, '/setup/connections/browser');
  assert.equal(await steps.status(person), 'Connected');
  assert.match(await person.text('main'), /as edith/);
  assert.ok(!/oauth_|state=/.test(person.page.url()));
  await person.leave();
});

test('a realm is named where the provider demands it', async () => {
  await provider.configure({ realm: 'Photos & more' });
  await define('realm', { options: { realm: 'Photos & more' } });
  const entries = await noted(async () => {
    assert.match(await connect('realm'), /Connected/);
    assert.equal((await proxy('realm', '/me')).status, 200);
  });
  assert.ok(entries.filter(({ nonce }) => nonce).every(({ realm }) => realm === 'Photos & more'), JSON.stringify(entries));
  await define('no_realm');
  await refusedAtOnce('no_realm', /parameter_rejected/);
  await provider.configure(PLAIN);
});

/** The provider gives no request token: the connection's page says why, and nothing else happens. */
async function refusedAtOnce(linkName, words) {
  const begun = await ada.post(`/setup/connections/${linkName}/reconnect`, {}, { json: true });
  const { go } = JSON.parse(begun.text);
  const left = await ada.get(go);
  assert.equal(left.status, 303, `${left.status} ${left.text.slice(-600)}`);
  assert.equal(left.location, `/setup/connections/${linkName}`, 'not to the provider');
  const shown = await page(linkName);
  assert.match(shown, /The last try to connect failed: “Request token URL: /);
  assert.match(shown, words);
  assert.equal((await ada.get(go)).status, 410, 'that departure is over');
}

test('a provider that does not confirm the callback speaks another protocol', async () => {
  await define('unconfirmed');
  await provider.configure({ callback_confirmed: false });
  await refusedAtOnce('unconfirmed', /did not confirm the callback/);
  await provider.configure(PLAIN);
  assert.match(await connect('unconfirmed'), /Connected/);
});

test('a provider that knows no such consumer, and one that cannot be reached', async () => {
  await define('stranger');
  const wrong = { consumer_key: 'nobody', consumer_secret: world.secret('a wrong secret', crypto.randomUUID()) };
  await api.done('PATCH', '/services/stranger', { authentication: wrong });
  await refusedAtOnce('stranger', /invalid_client/);
  const away = { request_token_url: `${nowhere}/initiate`, consumer_secret: wrong.consumer_secret };
  await api.done('PATCH', '/services/stranger', { authentication: away });
  await refusedAtOnce('stranger', /no connection could be made/);
});

for (const denial of ['denied', 'problem', 'error']) {
  test(`a denied consent, as the provider says it: ${denial}`, async () => {
    const name = `no_${denial}`;
    await define(name);
    await provider.configure({ denial });
    const entries = await noted(async () => {
      const shown = await connect(name, { decision: 'deny' });
      assert.match(shown, /Not connected/);
      assert.match(shown, /did not agree/);
    });
    assert.deepEqual(signedOf(entries, '/token'), [], 'no verifier, no exchange');
    await provider.configure(PLAIN);
    assert.match(await connect(name), /Connected/);
  });
}

test('an answer for another request token is refused', async () => {
  await define('first');
  await api.done('POST', '/connections', { name: 'second', link_name: 'second', service: 'first' });
  const [one, two] = [await decide((await ada.depart('first')).url), await decide((await ada.depart('second')).url)];
  const swapped = new URL(one);
  swapped.searchParams.set('oauth_token', two.searchParams.get('oauth_token'));
  const both = new URL(swapped);
  both.searchParams.set('oauth_verifier', two.searchParams.get('oauth_verifier'));
  const no = new URL(one);
  no.search = new URLSearchParams({ state: one.searchParams.get('state'), denied: two.searchParams.get('oauth_token') });
  const entries = await noted(async () => {
    for (const url of [swapped, both, no]) {
      const answer = await ada.get(url.href);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.text, /another request token/);
    }
    const doubled = await ada.get(`${one.href}&oauth_token=x`);
    assert.equal(doubled.status, 400);
  });
  assert.deepEqual(entries, [], 'nothing was sent');
  for (const [url, name] of [[one, 'first'], [two, 'second']]) {
    assert.equal((await ada.get(url.href)).location, `/setup/connections/${name}`);
    assert.match(await page(name), /Connected/);
  }
  const again = await ada.get(one.href);
  assert.equal(again.status, 400, 'an answer is good once');
});

for (const skew of [600, -600]) {
  test(`a provider whose clock is ${skew} seconds off is met with its own time, after one refusal`, async () => {
    const name = skew > 0 ? 'early' : 'late';
    await define(name);
    await provider.configure({ skew });
    const refused = (entries) => entries.filter(({ error }) => error === 'timestamp_refused').length;
    const connecting = await noted(async () => assert.match(await connect(name), /Connected .*as ada/));
    assert.deepEqual(signedOf(connecting, '/initiate').map(({ status }) => status), [401, 200]);
    assert.equal(refused(connecting), 1, 'learned once, for everything that follows');
    const calls = await noted(async () => {
      for (const path of ['/me', '/echo?a=1']) assert.equal((await proxy(name, path)).status, 200);
      assert.equal((await api.done('POST', `/connections/${name}/test`)).body.ok, true);
    });
    assert.deepEqual(calls.map(({ status }) => status), [200, 200, 200]);
    // Somebody sets that clock right.
    await provider.configure(PLAIN);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const right = await noted(async () => {
      const sent = await proxy(name, '/echo', { method: 'POST', headers: form, body: 'a=b' });
      assert.deepEqual((await sent.json()).form, [['a', 'b']]);
      assert.equal((await proxy(name, '/me')).status, 200);
    });
    assert.deepEqual(right.map(({ status }) => status), [401, 200, 200], 'one refusal, one retry');
  });
}

test('whoever refuses every time is asked twice and not more', async () => {
  const consumer = { type: 'oauth1', consumer_key: 'k', consumer_secret: world.secret('of upstream', crypto.randomUUID()) };
  await api.done('POST', '/services', {
    name: 'stubborn',
    link_name: 'stubborn',
    authentication: consumer,
    api_base_url: upstream.origin,
  });
  await api.done('POST', '/connections', { name: 'stubborn', link_name: 'stubborn', service: 'stubborn' });
  const values = { token: 'tok-1', token_secret: world.secret('token secret', crypto.randomUUID()) };
  await api.done('PUT', '/connections/stubborn/credentials', { values });
  for (const [says, times] of [
    ['timestamp_refused', 2],
    ['signature_invalid', 1],
  ]) {
    upstream.answers((_, socket) =>
      reply(socket, '{}', {
        status: '401 Unauthorized',
        headers: { date: new Date(Date.now() + 3_600_000).toUTCString(), 'www-authenticate': `OAuth oauth_problem="${says}"` },
      }),
    );
    for (const method of ['GET', 'POST']) {
      upstream.requests.length = 0;
      const answer = await proxy('stubborn', '/x', { method, body: method === 'POST' ? 'hello' : undefined });
      assert.equal(answer.status, 401, 'the refusal is the answer');
      const nonces = upstream.requests.map(({ headers }) => /oauth_nonce="([^"]+)"/.exec(headers.authorization)[1]);
      assert.equal(nonces.length, times, `${says} ${method}`);
      assert.equal(new Set(nonces).size, nonces.length);
    }
  }
});

test('a token that the provider has forgotten is refused by it, and consent brings another', async () => {
  await provider.forgetTokens();
  const refused = await proxy('first', '/me');
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('connections-answer') !== null, true, 'this is the provider speaking');
  const tested = (await api.done('POST', '/connections/first/test')).body;
  assert.deepEqual([tested.ok, tested.status], [false, 401], 'a test tells it as well');
  assert.match(await connect('first', { user: 'edith' }), /Connected .*as edith/);
  assert.equal((await (await proxy('first', '/me')).json()).user, 'edith');
});

test('no nonce was used twice', async () => {
  const nonces = (await provider.ledger()).map(({ nonce }) => nonce).filter(Boolean);
  assert.ok(nonces.length > 80, `${nonces.length}`);
  assert.equal(new Set(nonces).size, nonces.length - replays, 'but where this file sent one again');
});

test('tokens are typed in where nobody dances', async () => {
  const consumerKey = `key-${crypto.randomUUID()}`;
  const consumer = { application: 'Typed', secret: world.secret('typed consumer secret', crypto.randomUUID()), callbacks: [] };
  const fixed = { token: `token-${crypto.randomUUID()}`, secret: world.secret('fixed token secret', crypto.randomUUID()) };
  const put = await fetch(`${world.sandbox.origin}/oauth1/consumers/${consumerKey}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...consumer, realm: 'ACCT_1', methods: ['HMAC-SHA256'], fixed_token: fixed }),
  });
  assert.ok(put.ok, await put.text());
  await api.done('POST', '/services', {
    name: 'Typed',
    link_name: 'typed',
    authentication: {
      type: 'oauth1',
      consumer_key: consumerKey,
      consumer_secret: consumer.secret,
      signature_method: 'hmac_sha256',
      options: { realm: '{account}', identity_url: `${world.sandbox.origin}/oauth1/api/me`, identity_field: 'email' },
    },
    fields: [{ name: 'account', label: 'Account' }],
    api_base_url: `${world.sandbox.origin}/oauth1/api`,
    sample_request: { path: '/me' },
  });
  await api.done('POST', '/connections', { name: 'Typed', link_name: 'typed', service: 'typed', fields: { account: 'ACCT_1' } });
  const wrong = await api.put('/connections/typed/credentials', { values: { token: fixed.token, token_secret: 'wrong' } });
  assert.equal(wrong.status, 422, wrong.text);
  const missing = await api.put('/connections/typed/credentials', { values: { token: fixed.token } });
  assert.deepEqual([missing.status, missing.body.errors[0].field], [422, 'values.token_secret']);
  const typed = await api.done('PUT', '/connections/typed/credentials', { values: { token: fixed.token, token_secret: fixed.secret } });
  assert.equal(typed.body.status, 'connected');
  const me = await api.done('POST', '/invoke', { connection: 'typed', url: '/me' });
  assert.equal(me.body.consumer, consumerKey);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const echo = await proxy('typed', '/echo?a=%20&a=%2B', { method: 'POST', headers, body: 'b=1&b=%26' });
  assert.equal(echo.status, 200);
  // The console's form for the same.
  const form = await ada.get('/setup/connections/typed/credentials');
  assert.match(form.text, /name="value_token"/);
  assert.match(form.text, /name="value_token_secret"/);
  assert.ok(!form.text.includes(fixed.secret));
  const saved = await ada.post('/setup/connections/typed/credentials', { value_token: fixed.token, value_token_secret: fixed.secret });
  assert.equal(saved.status, 303, saved.text);
  assert.match(await page('typed'), /Connected/);
  const consent = await ada.post('/setup/connections/typed/reconnect', {}, { json: true });
  assert.equal(JSON.parse(consent.text).go, '/setup/connections/typed/credentials', 'nobody consents');
});

test('no secret is left in the database, the log or a page', async () => {
  for (const [at, secret] of [...(await provider.secrets())].entries()) world.secret(`of the provider ${at}`, secret);
  assert.deepEqual(await world.leaks(), []);
});
