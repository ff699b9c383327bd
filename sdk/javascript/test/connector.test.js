// An access token, always at hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import {
  Client,
  Connection,
  ConnectionsError,
  InvalidKey,
  NeedsReauthorization,
  NotConnected,
  UnknownConnection,
} from 'connections-sdk';

import { clock, connectorOf, fetches, served, until } from './case.js';
import { refusal } from './contract.js';

test('a hundred callers cause one fetch', async (t) => {
  const server = await served(t);
  server.delay = 50;
  // Each names the connector itself, as each invocation of a function does.
  const tokens = await Promise.all(Array.from({ length: 100 }, () => connectorOf().getAccessToken()));
  assert.deepEqual([...new Set(tokens)], ['canary-token-connector_1-1']);
  assert.deepEqual([server.count('PUT'), fetches(server)], [1, 1]);
});

test('all waiting callers get the error, and the next one tries again', async (t) => {
  const server = await served(t);
  server.replies.push(refusal(424, 'not_connected'));
  const connector = new Connection({ zoom: {} }).getConnector('zoom');
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => connector.getAccessToken()));
  assert.ok(results.every(({ reason }) => reason instanceof NotConnected));
  assert.equal(fetches(server), 1);
  assert.equal(await connector.getAccessToken(), 'canary-token-zoom-1');
});

test('cached, then renewed behind, then fetched', async (t) => {
  const server = await served(t);
  const pass = clock(t);
  const connector = connectorOf();
  const first = await connector.getAccessToken();
  pass(799);
  assert.equal(await connector.getAccessToken(), first);
  assert.equal(fetches(server), 1, 'fresh for four fifths of its life');
  server.delay = 50;
  pass(2);
  for (let call = 0; call < 20; call += 1) assert.equal(await connector.getAccessToken(), first, 'nobody waits');
  await until('renewed', async () => (await connector.getAccessToken()) !== first);
  assert.equal(fetches(server), 2, 'one fetch behind');
  pass(991);
  assert.equal(await connector.getAccessToken(), 'canary-token-connector_1-3', 'ended, so it is waited for');
  assert.equal(server.count('PUT'), 1, 'registered once');
});

test('refresh_in comes before the end', async (t) => {
  const server = await served(t);
  const pass = clock(t);
  const connector = connectorOf({ refresh_in: '100' });
  const first = await connector.getAccessToken();
  pass(99);
  assert.equal(await connector.getAccessToken(), first);
  assert.equal(fetches(server), 1);
  pass(2);
  assert.equal(await connector.getAccessToken(), first);
  await until('renewed', async () => (await connector.getAccessToken()) !== first);
});

test('expires_in serves where the provider names no end', async (t) => {
  const server = await served(t);
  const pass = clock(t);
  server.expiresIn = null;
  const connector = connectorOf({ expires_in: 50 });
  const first = await connector.getAccessToken();
  pass(46);
  assert.notEqual(await connector.getAccessToken(), first);
});

test('a failing renewal breaks nobody and is not repeated at once', async (t) => {
  const server = await served(t);
  const pass = clock(t);
  const connector = connectorOf();
  const first = await connector.getAccessToken();
  server.replies.push(refusal(424, 'needs_reauthorization'), refusal(424, 'needs_reauthorization'));
  pass(801);
  assert.equal(await connector.getAccessToken(), first);
  await until('asked', () => fetches(server) === 2);
  await pause(50);
  for (let call = 0; call < 10; call += 1) assert.equal(await connector.getAccessToken(), first);
  await pause(50);
  assert.equal(fetches(server), 2);
  pass(7);
  assert.equal(await connector.getAccessToken(), first);
  await until('tried again', () => fetches(server) === 3);
  await pause(50);
  server.replies.push(refusal(424, 'needs_reauthorization'));
  pass(190);
  await assert.rejects(connector.getAccessToken(), NeedsReauthorization);
  assert.notEqual(await connector.getAccessToken(), first, 'the server has come back');
});

test('a clock that was set back makes a token unknown', async (t) => {
  const server = await served(t);
  const pass = clock(t);
  const connector = connectorOf();
  await connector.getAccessToken();
  pass(-3600);
  await connector.getAccessToken();
  assert.equal(fetches(server), 2);
});

test('after invalidate the next call fetches', async (t) => {
  const server = await served(t);
  const connector = connectorOf();
  const first = await connector.getAccessToken();
  connector.invalidate();
  assert.notEqual(await connector.getAccessToken(), first);
  assert.deepEqual([server.count('PUT'), fetches(server)], [1, 2]);
});

test('many callers who were refused cause one fetch', async (t) => {
  const server = await served(t);
  const connector = connectorOf();
  const first = await connector.getAccessToken();
  connector.invalidate('another token');
  assert.equal(await connector.getAccessToken(), first);
  for (let call = 0; call < 10; call += 1) {
    connector.invalidate(first);
    assert.notEqual(await connector.getAccessToken(), first);
  }
  assert.equal(fetches(server), 2);
});

test('a fetch from before invalidate is not kept', async (t) => {
  const server = await served(t);
  const connector = connectorOf();
  server.delay = 50;
  const early = connector.getAccessToken();
  await until('under way', () => fetches(server) === 1);
  server.delay = 0;
  connector.invalidate();
  const late = await connector.getAccessToken();
  assert.notEqual(await early, late);
  assert.equal(await connector.getAccessToken(), late);
});

test('two users under one name never mix', async (t) => {
  const server = await served(t);
  const users = ['ada', 'grace'].map((user) => connectorOf({ refresh_token: `refresh-${user}` }));
  const both = () => Promise.all(users.map((user) => user.getAccessToken()));
  const tokens = await both();
  assert.deepEqual([...tokens].sort(), ['canary-token-connector_1-1', 'canary-token-connector_2-1']);
  assert.deepEqual(await both(), tokens);
  assert.equal(await connectorOf({ refresh_token: 'refresh-ada' }).getAccessToken(), tokens[0]);
  assert.deepEqual([server.count('PUT'), fetches(server)], [2, 2]);
});

test('two keys never mix', async (t) => {
  await served(t);
  await new Connection({ zoom: {} }).getConnector('zoom').getAccessToken();
  const other = new Connection({ zoom: {} }, { key: 'cnx_other' }).getConnector('zoom');
  await assert.rejects(other.getAccessToken(), InvalidKey);
});

test('two login users never mix', async (t) => {
  const server = await served(t);
  const client = new Client();
  const tokens = [];
  for (const user of ['ada', 'grace', 'ada']) tokens.push(await client.connection('zoom', { user }).accessToken());
  assert.equal(tokens[0], tokens[2]);
  assert.notEqual(tokens[0], tokens[1]);
  const users = server.asked.map(({ path }) => new URLSearchParams(path.split('?')[1]).get('user'));
  assert.deepEqual(users, ['ada', 'grace']);
});

test('a connection that was deleted is made anew', async (t) => {
  const server = await served(t);
  const connector = connectorOf();
  await connector.getAccessToken();
  server.connectors.clear();
  server.known.clear();
  connector.invalidate();
  await connector.getAccessToken();
  assert.equal(server.count('PUT'), 2);
});

test('an unknown link name is told', async (t) => {
  const server = await served(t);
  await assert.rejects(new Connection({ nowhere: {} }).getConnector('nowhere').getAccessToken(), UnknownConnection);
  assert.equal(fetches(server), 1);
});

test('a name is one segment', async (t) => {
  const server = await served(t);
  await connectorOf({}, 'Zoho CRM/über?').getAccessToken();
  assert.equal(server.asked[0].path, '/api/v1/connectors/Zoho%20CRM%2F%C3%BCber%3F');
});

test('a service without tokens is told', async (t) => {
  const server = await served(t);
  server.replies.push({ body: { link_name: 'zoom', headers: { 'x-api-key': 'v' } } });
  const asked = new Connection({ zoom: {} }).getConnector('zoom').getAccessToken();
  await assert.rejects(asked, { name: 'ConnectionsError', code: 'no_access_token' });
});

test('an answer that is none of ours', async (t) => {
  const server = await served(t);
  for (const body of ['<html>canary-token</html>', '[1]', '{"link_name": 7}', 'null']) {
    server.replies.push({ body });
    await assert.rejects(connectorOf().getAccessToken(), (error) => {
      assert.ok(error instanceof ConnectionsError);
      assert.equal(error.code, 'unexpected_answer');
      assert.ok(!`${error.stack}${error.cause}`.includes('canary'));
      return true;
    });
  }
});
