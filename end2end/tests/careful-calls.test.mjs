// What a call must not do although each step of it looks right: carry a new credential to where only the old one might
// go, hand a provider's word to a proxy or a cache between, or let itself be used up.

import assert from 'node:assert/strict';
import { connect as dial } from 'node:net';
import { after, before, test } from 'node:test';

import { code, connect, invoke, proxy, startCalling, token } from '../harness/calling.mjs';
import { reply } from '../harness/upstream.mjs';
import { until } from '../harness/wait.mjs';

let world;
let upstream;
before(async () => {
  world = await startCalling('careful-calls', { settings: { CONNECTIONS_CALL_IDLE_SECONDS: '1' } });
  ({ upstream } = world);
});
after(async () => {
  await world.end();
  await upstream.stop();
});

const refreshes = async () => (await world.sandbox.tokenRequests('refresh_token')).length;
const age = (connection) =>
  world.database.sql(`update credential k set connected_at = now() - interval '2 minutes',
    refreshed_at = now() - interval '2 minutes' from connection c where c.id = k.connection_id and c.link_name = '${connection}'`);

test('a renewed credential goes only where it may go by then', async () => {
  await connect(world, 'held');
  await age('held');
  let refuse;
  upstream.answers((_, socket) => (refuse = () => reply(socket, 'no', { status: '401 Unauthorized' })));
  const call = proxy(world, '/x', { connection: 'held' });
  await until('the call is held', () => refuse);
  const hosts = (list) => world.database.sql(`update service set definition = jsonb_set(definition, '{allowed_hosts}', '${list}')`);
  await hosts('["elsewhere.example"]');
  refuse();
  assert.deepEqual([(await call).status, upstream.requests.length], [401, 1], 'the refusal stands, nothing more was sent');
  await hosts(`["${upstream.host}"]`);
});

test('a refusal that renewing does not mend is not mended at every call', async () => {
  await connect(world, 'scopeless');
  await age('scopeless');
  const before = await refreshes();
  upstream.answers((_, socket) => reply(socket, 'never', { status: '401 Unauthorized' }));
  for (let at = 0; at < 5; at += 1) {
    assert.equal((await proxy(world, '/x', { connection: 'scopeless' })).status, 401);
    await age('scopeless');
  }
  assert.equal(await refreshes(), before + 1);
});

test('an answer to a call that cannot be repeated is searched for the credential that it was made with', async () => {
  await connect(world, 'streamed');
  const old = await token(world, 'streamed');
  await age('streamed');
  upstream.answers(({ headers }, socket) => reply(socket, headers.authorization, { status: '401 Unauthorized' }));
  const answer = await proxy(world, '/x', { connection: 'streamed', method: 'POST', body: Buffer.alloc(100_000, 'x') });
  assert.equal(answer.status, 401);
  assert.ok(!answer.text.includes(old) && answer.text.includes('****'), answer.text);
});

test('what a provider says to proxies and caches is not passed on as ours', async () => {
  const headers = {
    'cache-control': 'public, max-age=600',
    expires: 'Thu, 01 Jan 2099 00:00:00 GMT',
    'x-accel-redirect': '/internal',
    'x-sendfile': '/etc/passwd',
    location: '/api/v1/connections/api/credentials',
  };
  upstream.answers((_, socket) => reply(socket, '', { status: '302 Found', headers }));
  const answer = await proxy(world, '/x');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  for (const name of ['expires', 'x-accel-redirect', 'x-sendfile']) assert.equal(answer.headers.get(name), null, name);
  assert.equal(answer.headers.get('location'), `${upstream.origin}/api/v1/connections/api/credentials`, 'not on this server');
});

test('headers that change method or path behind the rules stay here', async () => {
  upstream.answers(null);
  const headers = { 'x-http-method': 'DELETE', 'x-method-override': 'DELETE', 'x-original-url': '/admin', 'x-rewrite-url': '/admin' };
  await proxy(world, '/x', { headers });
  for (const name of Object.keys(headers)) assert.equal(upstream.last().headers[name], undefined, name);
  assert.equal(code(await invoke(world, { url: '/x', headers })), 'invalid');
});

test('events come without waiting for the end of the answer', async () => {
  upstream.answers((_, socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
    socket.write('b\r\ndata: one\n\n\r\n');
  });
  const began = performance.now();
  const response = await fetch(`${world.origin}/api/v1/proxy/api/events`, { headers: { authorization: `Bearer ${world.key}` } });
  const { value } = await response.body.getReader().read();
  assert.equal(Buffer.from(value).toString(), 'data: one\n\n');
  assert.ok(performance.now() - began < 700, 'before the provider is given up');
});

test('a body of invoke that stops arriving is sent away, and calls that are refused count', async () => {
  const { port } = new URL(world.origin);
  const heard = await new Promise((resolve) => {
    const socket = dial(Number(port), 'localhost', () =>
      socket.write(`POST /api/v1/invoke HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${world.key}\r\nContent-Length: 9000000\r\n\r\n{`),
    );
    socket.setTimeout(5000, () => resolve('nothing')).on('data', (bytes) => resolve(bytes.toString()));
  });
  assert.match(heard, /^HTTP\/1\.1 422/);
  const key = await world.ada.makeKey({ name: 'guesser', scope: 'invoke' });
  await world.database.sql(`update function_key set calls_per_minute = 5 where name = 'guesser'`);
  const codes = [];
  for (let at = 0; at < 7; at += 1) codes.push(code(await proxy(world, '/x', { key, connection: `guess_${at}` })));
  assert.deepEqual(codes.slice(4), ['unknown_connection', 'rate_limited', 'rate_limited']);
});

test('nothing of it is found where it should not be', async () => {
  assert.deepEqual(await world.leaks(), []);
});
