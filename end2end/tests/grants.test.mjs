// Tokens without a person, clients with a key of their own or with no secret at all, and what a provider says about
// itself: against oidc-provider, which this project did not write.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { expired } from '../harness/job.mjs';
import { Api } from '../harness/manage.mjs';
import * as steps from '../harness/steps.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const CALLERS = 50;

let world;
let oidc;
let ada;
let key;
let api;
let person;
before(async () => {
  world = await World.start('grants', { oidc: true });
  ({ oidc } = world);
  ada = await world.client().signUp('Lovelace & Co');
  key = await ada.makeKey({ scope: ['manage', 'invoke', 'credentials:read'] });
  api = new Api(world, key);
  person = await world.person({ js: false });
  await steps.signIn(person, ada.account);
});
after(() => world.end());

/** A service of the provider under this name, and a connection of the same name. */
async function define(linkName, authentication, { scopes = ['read'], redirect_id, ...more } = {}) {
  const { options, ...rest } = authentication;
  await api.done('POST', '/services', {
    name: linkName,
    link_name: linkName,
    redirect_id,
    authentication: {
      type: 'oauth2',
      access_token_url: `${oidc.origin}/token`,
      revoke_token_url: `${oidc.origin}/token/revocation`,
      ...rest,
      options: { identity_field: 'sub', ...options },
    },
    scopes: scopes.map((name) => ({ name })),
    api_base_url: `${oidc.origin}/api`,
    sample_request: { path: '/whoami' },
    ...more,
  });
  await api.done('POST', '/connections', { name: linkName, link_name: linkName, service: linkName, scopes });
}

/** Machines: no person, no redirect URL. */
function machine(linkName, client, way, more = {}) {
  const { options, ...rest } = more;
  return define(linkName, {
    grant_type: 'client_credentials',
    client_id: client.client_id,
    ...(client.client_secret && { client_secret: client.client_secret }),
    ...rest,
    options: { client_authentication: way, ...options },
  });
}

const connect = (linkName) => ada.post(`/setup/connections/${linkName}/reconnect`, {}, { json: true });

async function connected(linkName) {
  const answer = await connect(linkName);
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await api.get(`/connections/${linkName}`)).body.status, 'connected');
}

/** Its access token ends now; the server hears of it a moment later. */
const ended = (linkName) =>
  world.database.sql(`update credential set expires_at = clock_timestamp(), refresh_after = clock_timestamp()
    where connection_id = (select id from connection where link_name = '${linkName}')`);

const whoami = async (linkName) => (await api.done('POST', '/invoke', { connection: linkName, url: '/whoami' })).body;

for (const [way, method] of [
  ['basic', 'client_secret_basic'],
  ['post', 'client_secret_post'],
]) {
  test(`client credentials, ${method}`, async () => {
    const client = await oidc.registerMachine({ token_endpoint_auth_method: method });
    const name = `machine_${way}`;
    await machine(name, client, way);
    const early = await api.post('/invoke', { connection: name, url: '/whoami' });
    assert.deepEqual([early.status, early.body.code], [424, 'not_connected']);
    await connected(name);
    assert.deepEqual(await whoami(name), { client: client.client_id, scope: 'read' });
    assert.equal((await api.done('POST', `/connections/${name}/test`)).body.ok, true);
    const { body } = await api.get(`/connections/${name}/credentials`);
    assert.deepEqual(body.scopes, ['read']);
    assert.ok(body.expires_in > 0 && body.access_token);
    world.secret(`token of ${name}`, body.access_token);
  });
}

test('a machine whose secret is wrong is told so, and nothing is stored', async () => {
  const client = await oidc.registerMachine();
  const wrong = { ...client, client_secret: world.secret('a wrong secret', crypto.randomUUID()) };
  await machine('machine_wrong', wrong, 'basic');
  const answer = await connect('machine_wrong');
  assert.ok(answer.status >= 400 && answer.status < 600, answer.text);
  assert.match(answer.text, /client authentication failed|invalid_client/i);
  assert.equal((await api.get('/connections/machine_wrong')).body.status, 'not_connected');
  const line = (await api.get('/audit?connection=machine_wrong&limit=5')).body.items;
  assert.ok(line.some(({ action }) => action === 'connection.failed'));
});

test(`${CALLERS} callers on an expired token of a machine cause one request`, async (t) => {
  oidc.accessTokenSeconds = 6;
  t.after(() => (oidc.accessTokenSeconds = 300));
  const client = await oidc.registerMachine();
  await machine('machine_storm', client, 'basic');
  await connected('machine_storm');
  const asked = () => oidc.tokenRequests('client_credentials').filter((entry) => entry.client === client.client_id);
  for (const held of [false, true]) {
    await expired(world, 'machine_storm');
    oidc.accessTokenSeconds = held ? 300 : 6;
    const before = asked().length;
    if (held) oidc.holdAnswers();
    const call = (at) =>
      at % 2
        ? api.post('/invoke', { connection: 'machine_storm', url: '/whoami' })
        : api.get('/connections/machine_storm/credentials?min_ttl=0');
    const calling = Promise.all(Array.from({ length: CALLERS }, (_, at) => call(at)));
    if (held) {
      await oidc.heldRequest();
      // All of them are waiting for the one answer.
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(asked().length, before + 1);
      oidc.release();
    }
    const answers = await calling;
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], 'nobody sees an error');
    const tokens = new Set(answers.map(({ body }) => body.access_token).filter(Boolean));
    for (const token of tokens) world.secret(`token of a machine ${token.slice(0, 5)}`, token);
    // A token of six seconds may end while they are served.
    if (held) assert.deepEqual([asked().length, tokens.size], [before + 1, 1]);
  }
  const mine = asked();
  assert.ok(mine.length >= 3 && mine.every(({ beside, status }) => beside === 0 && status === 200), JSON.stringify(mine));
});

for (const algorithm of ['RS256', 'PS256', 'ES256']) {
  test(`client credentials, private_key_jwt with ${algorithm}`, async () => {
    const pair = oidc.keyPair(algorithm);
    const client = await oidc.registerMachine(pair.metadata);
    assert.equal(client.client_secret, undefined);
    const name = `jwt_${algorithm.toLowerCase()}`;
    const assertion = { algorithm, key_id: pair.kid };
    await machine(name, client, 'private_key_jwt', { private_key: pair.pem, options: { assertion } });
    await connected(name);
    assert.deepEqual(await whoami(name), { client: client.client_id, scope: 'read' });
    // Asked again, it signs again: the provider takes each assertion once.
    const mine = () => oidc.tokenRequests('client_credentials').filter((entry) => entry.client === client.client_id);
    await ended(name);
    await until('it is renewed', async () => (await whoami(name)).client === client.client_id && mine().length > 1);
    assert.deepEqual(mine().map(({ status }) => status), [200, 200]);
    const shown = (await api.get(`/services/${name}`)).text;
    assert.ok(!shown.includes('PRIVATE KEY'));
  });
}

test('a private key that does not fit its algorithm is refused when it is typed', async () => {
  const { pem } = oidc.keyPair('ES256');
  for (const [private_key, algorithm] of [
    [pem, 'RS256'],
    ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'RS256'],
    ['no key', 'ES256'],
  ]) {
    const answer = await api.post('/services', {
      name: 'misfit',
      link_name: 'misfit',
      authentication: {
        type: 'oauth2',
        grant_type: 'client_credentials',
        client_id: 'x',
        private_key,
        access_token_url: `${oidc.origin}/token`,
        options: { client_authentication: 'private_key_jwt', assertion: { algorithm } },
      },
    });
    assert.deepEqual([answer.status, answer.body.errors?.map(({ field }) => field)], [422, ['authentication.private_key']], answer.text);
    assert.ok(!answer.text.includes(private_key.split('\n')[1] ?? '\0'), 'it is not repeated');
  }
});

const PERSONAL = ['openid', 'offline_access'];

/** A client through which a person consents. */
async function personal(linkName, metadata, authentication) {
  const { redirect_id, redirect_url } = (await api.done('POST', '/services/redirect')).body;
  const client = await oidc.register(redirect_url, metadata);
  const { options, ...rest } = authentication;
  await define(
    linkName,
    {
      client_id: client.client_id,
      ...(client.client_secret && { client_secret: client.client_secret }),
      authorize_url: `${oidc.origin}/auth?prompt=consent`,
      ...rest,
      options: { issuer: oidc.origin, identity_url: `${oidc.origin}/me`, rotation: 'strict', ...options },
    },
    { redirect_id, scopes: PERSONAL },
  );
  await person.open(`/setup/connections/${linkName}`);
  await person.press('Connect');
  await steps.continueTo(person, linkName);
  await steps.consentAtOidc(person, 'grace');
  assert.equal(person.path, `/setup/connections/${linkName}`);
  assert.equal(await steps.status(person), 'Connected', await person.text('main'));
  assert.match(await person.text('main'), /as grace/);
  return client;
}

async function renewed(linkName, client) {
  assert.equal((await whoami(linkName)).person, 'grace');
  const before = oidc.tokenRequests('refresh_token').length;
  const later = () => oidc.tokenRequests('refresh_token').slice(before);
  await ended(linkName);
  await until('it is renewed', async () => (await whoami(linkName)).person === 'grace' && later().length > 0);
  assert.deepEqual(later().map(({ status, client: id }) => [status, id]), [[200, client.client_id]]);
}

test('a person consents to a client that proves itself with a key', async () => {
  const pair = oidc.keyPair('ES256');
  const client = await personal('keyed', pair.metadata, {
    private_key: pair.pem,
    options: { client_authentication: 'private_key_jwt', assertion: { algorithm: 'ES256', key_id: pair.kid } },
  });
  await renewed('keyed', client);
  await revoked('keyed', await oidc.register(`${world.origin}/x`));
});

test('a public client has PKCE and nothing else', async () => {
  const client = await personal('public', { token_endpoint_auth_method: 'none' }, { options: { client_authentication: 'none' } });
  assert.equal(client.client_secret, undefined);
  await renewed('public', client);
  await revoked('public', await oidc.register(`${world.origin}/x`));
  const bare = await api.post('/services', {
    name: 'bare',
    link_name: 'bare',
    authentication: {
      type: 'oauth2',
      client_id: 'x',
      authorize_url: `${oidc.origin}/auth`,
      access_token_url: `${oidc.origin}/token`,
      options: { client_authentication: 'none', pkce: false },
    },
  });
  // Whoever intercepts a code could redeem it.
  assert.deepEqual([bare.status, bare.body.errors.map(({ field }) => field)], [422, ['authentication.options.pkce']]);
});

/** After *Revoke* the provider says that the token is over, and so does our API. */
async function revoked(linkName, asker) {
  const { access_token } = (await api.get(`/connections/${linkName}/credentials`)).body;
  world.secret(`revoked token of ${linkName}`, access_token);
  assert.equal((await oidc.introspect(asker, access_token)).active, true);
  assert.equal((await api.done('POST', `/connections/${linkName}/revoke`)).body.status, 'revoked');
  await until('the provider has withdrawn it', async () => !(await oidc.introspect(asker, access_token)).active);
  const answer = await api.post('/invoke', { connection: linkName, url: '/whoami' });
  assert.deepEqual([answer.status, answer.body.code], [424, 'revoked']);
}

test("a machine's token is withdrawn as well, and the next Connect brings another", async () => {
  const asker = await oidc.register(`${world.origin}/x`);
  await connected('machine_basic');
  await revoked('machine_basic', asker);
  await connected('machine_basic');
  assert.equal((await whoami('machine_basic')).scope, 'read');
});

/** Presses *Fill in*; what the form has afterwards, and what is said about it. */
async function discover(url, form = {}) {
  const begun = Date.now();
  const answer = await ada.post('/setup/services/new', { intent: 'discover', discovery_url: url, ...form });
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  const html = answer.text;
  const input = (name) => new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0];
  const unescape = (text) => text?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&#39;', "'");
  return {
    value: (name) => unescape(/ value="([^"]*)"/.exec(input(name) ?? '')?.[1] ?? ''),
    chosen: (name) => {
      const select = new RegExp(`<select[^>]*name="${name}"[^>]*>(.*?)</select>`, 's').exec(html)?.[1] ?? '';
      const option = select.match(/<option[^>]*>/g)?.find((each) => /\sselected/.test(each)) ?? '';
      const radio = html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`, 'g'))?.find((each) => /\schecked/.test(each)) ?? '';
      return / value="([^"]*)"/.exec(option || radio)?.[1];
    },
    all: (name) => [...html.matchAll(new RegExp(`<input[^>]*name="${name}"[^>]*>`, 'g'))].map(([each]) => / value="([^"]*)"/.exec(each)?.[1]),
    words: unescape(html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' '),
    seconds: (Date.now() - begun) / 1000,
  };
}

test('a provider fills in the form itself, and its callbacks name it', async () => {
  const document = await (await fetch(`${oidc.origin}/.well-known/openid-configuration`)).json();
  assert.equal(document.authorization_response_iss_parameter_supported, true);
  for (const typed of [oidc.origin, `${oidc.origin}/`, `${oidc.origin}/.well-known/openid-configuration`]) {
    const form = await discover(typed, { name: 'Typed before', identity_url: 'https://mine.example/me' });
    assert.match(form.words, /describes itself/, typed);
    const found = {
      authorize_url: document.authorization_endpoint,
      access_token_url: document.token_endpoint,
      revoke_token_url: document.revocation_endpoint,
      introspection_url: document.introspection_endpoint,
      issuer: document.issuer,
    };
    for (const [name, value] of Object.entries(found)) assert.equal(form.value(name), value, name);
    assert.equal(form.value('name'), 'Typed before');
    assert.equal(form.value('identity_url'), 'https://mine.example/me', 'what was typed stays');
    assert.equal(form.chosen('client_authentication'), 'post');
    assert.deepEqual(form.all('scope_name').filter(Boolean), document.scopes_supported);
  }
  const oauth = await discover(world.sandbox.origin);
  assert.equal(oauth.value('access_token_url'), `${world.sandbox.origin}/token`);
});

test('what was found connects', async () => {
  const page = await ada.get('/setup/services/new');
  const [, redirect] = /id="redirect-url">([^<]+)</.exec(page.text);
  const [, redirect_id] = /name="redirect_id" value="([^"]+)"/.exec(page.text);
  const client = await oidc.register(redirect, { token_endpoint_auth_method: 'client_secret_post' });
  const form = await discover(oidc.origin, { redirect_id });
  const names = ['authorize_url', 'access_token_url', 'revoke_token_url', 'identity_url', 'introspection_url', 'issuer'];
  const answer = await ada.post('/setup/services/new', {
    ...Object.fromEntries(names.map((name) => [name, form.value(name)])),
    authorize_url: `${form.value('authorize_url')}?prompt=consent`,
    name: 'Found',
    link_name: 'found',
    redirect_id: form.value('redirect_id'),
    client_id: client.client_id,
    client_secret: client.client_secret,
    client_authentication: form.chosen('client_authentication'),
    identity_field: 'sub',
    rotation: 'strict',
    scope_name: PERSONAL,
    api_base_url: `${oidc.origin}/api`,
    sample_path: '/whoami',
  });
  assert.equal(answer.status, 303, answer.text);
  await api.done('POST', '/connections', { name: 'found', link_name: 'found', service: 'found', scopes: PERSONAL });
  assert.equal((await api.get('/services/found')).body.authentication.options.issuer, oidc.origin);
  await person.open('/setup/connections/found');
  await person.press('Connect');
  await steps.continueTo(person, 'Found');
  await steps.consentAtOidc(person, 'grace');
  assert.equal(await steps.status(person), 'Connected', await person.text('main'));
  assert.equal((await whoami('found')).person, 'grace');
});

for (const [what, url, words] of [
  ['wrong issuer', () => `${world.sandbox.origin}/discovery/wrong_issuer`, /names the issuer “https:\/\/other\.example\.com”, and was asked for as/],
  ['huge', () => `${world.sandbox.origin}/discovery/huge`, /no answer that can be used \(the answer of \S+ is larger than \d+ bytes\)/],
  ['slow', () => `${world.sandbox.origin}/discovery/slow`, /no answer that can be used \(\S+: no complete answer within \d+s/],
  ['redirecting', () => `${world.sandbox.origin}/discovery/redirect`, /redirects elsewhere, which is not followed/],
  ['a page', () => `${world.sandbox.origin}/discovery/html`, /is no discovery document: .*not JSON/],
  ['nothing there', () => `${world.sandbox.origin}/discovery/none`, /There is no discovery document at/],
  ['another issuer of the same origin', () => `${oidc.origin}/tenant`, /There is no discovery document at \S+\/tenant\./],
  ['a private address', () => 'http://10.0.0.1/', / http:\/\/10\.0\.0\.1 is not encrypted; use https/],
  ['a private address over TLS', () => 'https://10.0.0.1/', / https:\/\/10\.0\.0\.1 is not a public address \(private network\)/],
  ['this machine', () => 'https://localhost', / https:\/\/localhost is a local name; use a public host/],
  ['the metadata of a cloud', () => 'https://169.254.169.254/latest', /169\.254\.169\.254 is not a public address/],
  ['no URL', () => 'accounts.example', /This is not a full URL\./],
]) {
  test(`no discovery: ${what}`, async () => {
    const form = await discover(url(), { name: 'Typed before', client_id: 'mine' });
    assert.doesNotMatch(form.words, /describes itself/);
    assert.match(form.words, words, form.words.slice(0, 4000));
    for (const name of ['authorize_url', 'access_token_url', 'issuer']) assert.equal(form.value(name), '', name);
    assert.deepEqual([form.value('name'), form.value('client_id')], ['Typed before', 'mine']);
    assert.ok(form.seconds < 45, `${form.seconds} s`);
  });
}

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
