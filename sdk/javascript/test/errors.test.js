// What the server refuses, in classes and words; and no secret anywhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import * as sdk from 'connections-sdk';

import { CANARIES, configuration, connectorOf, served } from './case.js';
import { cut, KEY, refusal } from './contract.js';

const CLASSES = {
  invalid_key: sdk.InvalidKey,
  forbidden_for_key: sdk.Forbidden,
  host_not_allowed: sdk.Forbidden,
  not_permitted: sdk.Forbidden,
  unknown_connection: sdk.UnknownConnection,
  needs_reauthorization: sdk.NeedsReauthorization,
  not_connected: sdk.NotConnected,
  disabled: sdk.Disabled,
  revoked: sdk.Revoked,
  rate_limited: sdk.RateLimited,
  provider_error: sdk.ProviderError,
  provider_unavailable: sdk.ProviderUnavailable,
  invalid: sdk.Invalid,
  too_large: sdk.TooLarge,
  answer_too_large: sdk.TooLarge,
  unavailable: sdk.Unavailable,
  scope_missing: sdk.ConnectionsError,
};

async function caught(promise) {
  const error = await promise.then(
    () => assert.fail('it went through'),
    (reason) => reason,
  );
  assert.ok(error instanceof sdk.ConnectionsError, inspect(error));
  return error;
}

const refusedWith = (server, reply) => {
  server.replies.push(reply);
  return caught(new sdk.Client().connection('zoom').get('/me'));
};

test('each code has its class', async (t) => {
  const server = await served(t);
  for (const [code, kind] of Object.entries(CLASSES)) {
    const error = await refusedWith(server, refusal(424, code));
    assert.equal(error.constructor, kind, code);
    assert.equal(error.name, kind.name);
    assert.deepEqual([error.code, error.status, error.detail], [code, 424, `About ${code}.`]);
    assert.deepEqual([error.connect_url, error.retry_after, error.errors], [undefined, undefined, []]);
  }
});

test('the page that mends it is in the message', async (t) => {
  const server = await served(t);
  const connect_url = 'https://connect.example/setup/connections/zoom';
  const error = await refusedWith(server, refusal(424, 'needs_reauthorization', { connect_url }));
  assert.equal(error.connect_url, connect_url);
  assert.equal(error.message, `About needs_reauthorization. Its page: ${connect_url}`);
});

test('wrong fields are in the message', async (t) => {
  const server = await served(t);
  const errors = [{ field: 'url', message: 'Type the full URL.' }];
  const error = await refusedWith(server, refusal(422, 'invalid', { errors }));
  assert.deepEqual(error.errors, errors);
  assert.equal(error.message, 'About invalid. url: Type the full URL.');
});

test('retry_after', async (t) => {
  const server = await served(t);
  const soon = new Date(Date.now() + 60_000).toUTCString();
  for (const [retryAfter, least, most] of [
    ['7', 7, 7],
    [soon, 50, 60],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0, 0],
  ]) {
    const { retry_after } = await refusedWith(server, refusal(429, 'rate_limited', { retryAfter }));
    assert.ok(least <= retry_after && retry_after <= most, `${retryAfter}: ${retry_after}`);
  }
  const error = await refusedWith(server, refusal(429, 'rate_limited', { retryAfter: 'soon' }));
  assert.equal(error.retry_after, undefined);
});

test('answers of others', async (t) => {
  const server = await served(t);
  for (const [status, kind, words] of [
    [503, sdk.Unavailable, /not available/],
    [502, sdk.Unavailable, /not available/],
    [429, sdk.RateLimited, /too many/],
    [404, sdk.ConnectionsError, /Check CONNECTIONS_URL/],
    [500, sdk.ConnectionsError, /Check CONNECTIONS_URL/],
  ]) {
    for (const [type, body] of [
      ['text/html', '<h1>no</h1>'],
      ['application/problem+json', '[1'],
    ]) {
      const error = await refusedWith(server, { status, body, headers: { 'content-type': type } });
      assert.equal(error.constructor, kind);
      assert.match(error.message, words);
    }
  }
});

test('a redirect is told and not followed', async (t) => {
  const server = await served(t);
  const location = `${server.url}/elsewhere`;
  const error = await refusedWith(server, { status: 301, body: '', headers: { location } });
  assert.ok(error.message.includes(`redirects to ${location}`));
  assert.equal(server.asked.length, 1);
});

test('nobody listens', async (t) => {
  const server = await served(t);
  await server.stop();
  const error = await caught(new sdk.Client().connection('zoom').post('/me'));
  assert.equal(error.constructor, sdk.NetworkError);
  assert.deepEqual([error.code, error.status], ['network', undefined]);
  assert.ok(error.message.includes(`${server.url} gave no answer (ECONNREFUSED)`));
});

test('the line is cut', async (t) => {
  const server = await served(t);
  const error = await refusedWith(server, cut);
  assert.equal(error.constructor, sdk.NetworkError);
});

test('no answer in time, or half of one', async (t) => {
  const server = await served(t);
  server.delay = 1000;
  for (const [client, call] of [
    [new sdk.Client({ timeout: 0.05 }), {}],
    [new sdk.Client(), { timeout: 0.05 }],
  ]) {
    const error = await caught(client.connection('zoom').get('/me', call));
    assert.equal(error.constructor, sdk.NetworkError);
    assert.match(error.message, /no answer in time/);
  }
  server.delay = 0;
  server.replies.push(...Array(3).fill({ body: '{"half":', stall: true }));
  const error = await caught(new sdk.Client({ timeout: 0.05 }).connection('zoom').credentials());
  assert.match(error.message, /no answer in time/);
});

test("the caller's own signal ends a call with its own reason", async (t) => {
  const server = await served(t);
  server.delay = 1000;
  const reason = new Error('changed my mind');
  const zoom = new sdk.Client().connection('zoom');
  await assert.rejects(zoom.get('/me', { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(zoom.get('/me', { signal: controller.signal }), (error) => error === reason);
});

/** Whatever can be printed is looked through for everything that is secret. */
function assertSilent(...things) {
  for (const thing of things) {
    const options = { depth: 9, showHidden: false, getters: true };
    const told = [
      inspect(thing, options),
      String(thing),
      JSON.stringify(thing),
      JSON.stringify({ ...thing }),
      thing.stack,
    ];
    for (const secret of [KEY, ...Object.values(CANARIES), 'canary-token']) {
      assert.ok(!told.join(' ').includes(secret), `${secret} in ${thing.constructor.name}`);
    }
  }
}

test('no secret is printed of what works', async (t) => {
  await served(t);
  const connection = new sdk.Connection({ C: configuration() });
  const connector = connection.getConnector('C');
  await connector.getAccessToken();
  const client = new sdk.Client();
  const linked = client.connection('zoom');
  const credentials = await linked.credentials();
  assert.match(credentials.access_token, /canary-token/);
  assertSilent(connection, connector, client, linked, credentials);
});

test('no secret is printed of errors', async (t) => {
  const server = await served(t);
  // A provider's own words may repeat what it was sent.
  const words = `No: ${KEY} ${Object.values(CANARIES).join(' ')}`;
  const told = { detail: words, errors: [{ field: words, message: words }], connect_url: `https://x/${KEY}` };
  for (const code of Object.keys(CLASSES)) {
    // What is tried again meets the same answer.
    server.replies = Array(3).fill(refusal(400, code, { ...told, retryAfter: '0' }));
    const error = await caught(connectorOf().getAccessToken());
    assert.ok(error.message.includes('***'));
    assertSilent(error);
  }
  await server.stop();
  assertSilent(await caught(new sdk.Client().invoke({ connection: 'zoom' })));
});
