// What may be repeated is, within bounds; what may not be is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, ConnectionsError, NetworkError, ProviderUnavailable } from 'connections-sdk';

import { connectorOf, fetches, served } from './case.js';
import { cut, refusal } from './contract.js';

const credentials = () => new Client().connection('zoom').credentials();

test('trouble that passes is not seen', async (t) => {
  t.mock.method(Math, 'random', () => 0);
  const server = await served(t);
  for (const [at, trouble] of [
    cut,
    refusal(503, 'unavailable'),
    refusal(503, 'provider_unavailable', { retryAfter: '0' }),
    refusal(429, 'rate_limited', { retryAfter: '0' }),
    { status: 502, body: 'bad gateway' },
  ].entries()) {
    server.asked = [];
    server.replies = [trouble, trouble];
    assert.ok(await connectorOf({ refresh_token: `refresh-${at}` }).getAccessToken());
    assert.deepEqual([server.count('PUT'), fetches(server)], [3, 1]);
    server.asked = [];
    server.replies = [trouble, trouble];
    assert.ok((await credentials()).access_token);
    assert.equal(fetches(server), 3);
  }
});

test('three tries and no more', async (t) => {
  const server = await served(t);
  server.replies = Array(9).fill(cut);
  await assert.rejects(credentials(), NetworkError);
  assert.equal(fetches(server), 3);
});

test('Retry-After is kept', async (t) => {
  const server = await served(t);
  server.replies.push(refusal(429, 'rate_limited', { retryAfter: '1' }));
  const began = performance.now();
  await credentials();
  const took = performance.now() - began;
  assert.ok(took >= 1000 && took < 3000, `${took}`);
});

test("a long wait is the caller's own matter", async (t) => {
  const server = await served(t);
  server.replies.push(refusal(503, 'provider_unavailable', { retryAfter: '30' }));
  const began = performance.now();
  await assert.rejects(credentials(), (error) => error instanceof ProviderUnavailable && error.retry_after === 30);
  assert.equal(fetches(server), 1);
  assert.ok(performance.now() - began < 2000);
});

test('no try begins when the time is over', async (t) => {
  const server = await served(t);
  server.replies = Array(9).fill(cut);
  const began = performance.now();
  // The first look at the clock sets the deadline.
  const now = t.mock.method(performance, 'now', () => began + (now.mock.callCount() === 0 ? 0 : 10_000));
  await assert.rejects(credentials(), NetworkError);
  assert.equal(fetches(server), 1);
});

test('refusals are not tried again', async (t) => {
  const server = await served(t);
  for (const [status, code] of [
    [401, 'invalid_key'],
    [424, 'revoked'],
    [502, 'provider_error'],
    [422, 'invalid'],
  ]) {
    server.asked = [];
    server.replies = [refusal(status, code)];
    await assert.rejects(credentials(), { code });
    assert.equal(fetches(server), 1, code);
  }
});

test('calls are never repeated', async (t) => {
  const server = await served(t);
  const client = new Client();
  const passing = refusal(503, 'unavailable', { retryAfter: '0' });
  for (const trouble of [cut, passing, refusal(429, 'rate_limited')]) {
    for (const call of [
      () => client.connection('zoom').get('/me'),
      () => client.connection('zoom').put('/me', { json: {} }),
      () => client.invoke({ connection: 'zoom' }),
    ]) {
      server.asked = [];
      server.replies = [trouble];
      await assert.rejects(call(), ConnectionsError);
      assert.equal(server.asked.length, 1);
    }
  }
});
