// Calls by link name: what goes out, what comes back, and what each refusal is called.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { code, connect, invoke, proxy, startCalling, token } from '../harness/calling.mjs';
import { reply } from '../harness/upstream.mjs';
import { until } from '../harness/wait.mjs';

let world;
let upstream;
before(async () => {
  world = await startCalling('calls');
  ({ upstream } = world);
});
after(async () => {
  await world.end();
  await upstream.stop();
});

const refreshes = async () => (await world.sandbox.tokenRequests('refresh_token')).length;
/** A credential that is old enough for a refusal to be believed. */
const aged = (connection) =>
  world.database.sql(`update credential k set connected_at = now() - interval '2 minutes',
    refreshed_at = now() - interval '2 minutes' from connection c where c.id = k.connection_id and c.link_name = '${connection}'`);

test('the proxy sends the request as it is, with the credential and without the key', async () => {
  upstream.answers(null);
  const answer = await proxy(world, '/users/a%2Fb//c?x=1&y=%20', {
    method: 'PATCH',
    headers: { 'x-request-id': '7', cookie: 'a=b', 'x-forwarded-for': '10.0.0.1', 'content-type': 'text/plain' },
    body: 'hello',
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), { method: 'PATCH', path: '/v2/users/a%2Fb//c?x=1&y=%20', body: 'hello' });
  const { headers, raw } = upstream.last();
  assert.equal(headers.authorization, `Bearer ${world.token}`);
  assert.equal(headers['x-request-id'], '7');
  assert.equal(headers.host, upstream.host);
  assert.equal(headers['accept-encoding'], 'identity');
  assert.equal(headers['content-length'], '5');
  for (const name of ['cookie', 'x-forwarded-for', 'connection']) assert.equal(headers[name], undefined, name);
  assert.ok(!raw.includes(world.key), 'the function key stays here');
});

test('an answer comes back as it is, without what is not for the caller', async () => {
  const headers = {
    'content-type': 'text/html',
    'set-cookie': ['a=b', 'c=d'],
    'x-rate-left': '3',
    'content-security-policy': "default-src *",
    'access-control-allow-origin': '*',
    'connections-answer': 'ours',
  };
  upstream.answers((_, socket) => reply(socket, '<script>alert(1)</script>', { status: '418 Teapot', headers }));
  const answer = await proxy(world, '/page');
  assert.equal(answer.status, 418);
  assert.equal(answer.text, '<script>alert(1)</script>');
  assert.equal(answer.headers.get('x-rate-left'), '3');
  assert.equal(answer.headers.get('connections-answer'), 'provider');
  assert.match(answer.headers.get('content-security-policy'), /^sandbox/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  for (const name of ['set-cookie', 'access-control-allow-origin']) assert.equal(answer.headers.get(name), null, name);
});

test('invoke follows the rules of invokeurl', async () => {
  upstream.answers(null);
  const get = await invoke(world, { url: `${upstream.origin}/v2/users/{id}`, parameters: { id: 'a/b', page: 2 } });
  assert.equal(get.json().path, '/v2/users/a%2Fb?page=2');
  const post = await invoke(world, { url: '/items', type: 'POST', parameters: { name: 'ü', tag: ['a', 'b'] } });
  assert.deepEqual(post.json(), { method: 'POST', path: '/v2/items', body: 'name=%C3%BC&tag=a&tag=b' });
  assert.equal(upstream.last().headers['content-type'], 'application/x-www-form-urlencoded');
  const body = await invoke(world, { url: '/items', type: 'PUT', body: { a: [1] }, headers: { 'X-Trace': 't' } });
  assert.equal(body.json().body, '{"a":[1]}');
  assert.equal(upstream.last().headers['content-type'], 'application/json');
  assert.equal(upstream.last().headers['x-trace'], 't');
  const file = { name: 'a.txt', 'content-type': 'text/plain', content: Buffer.from('file text').toString('base64') };
  await invoke(world, { url: '/upload', type: 'POST', parameters: { note: 'n' }, files: file });
  const form = await new Response(upstream.last().body, { headers: upstream.last().headers }).formData();
  assert.equal(form.get('note'), 'n');
  assert.equal(await form.get('file').text(), 'file text');
  assert.equal(form.get('file').name, 'a.txt');
  await invoke(world, { url: '/empty', type: 'POST' });
  assert.equal(upstream.last().headers['content-length'], '0');
  const wrong = await invoke(world, { url: '/users/{id}', headers: { Host: 'evil' }, metod: 1 });
  assert.equal(code(wrong), 'invalid');
  const fields = await invoke(world, { url: '/users/{id}', headers: { Host: 'evil' } });
  assert.deepEqual(fields.json().errors.map(({ field }) => field), ['headers.Host', 'url']);
});

test('invoke shapes the answer where it is asked to', async () => {
  const headers = { 'content-type': 'application/json; charset=iso-8859-1', 'x-left': '1' };
  upstream.answers((_, socket) => reply(socket, Buffer.from('{"name":"\xe9"}', 'latin1'), { status: '404 No', headers }));
  const detailed = await invoke(world, { url: '/x', detailed: true });
  assert.equal(detailed.status, 200);
  const { status, headers: theirs, body } = detailed.json();
  assert.deepEqual([status, theirs['x-left'], body], [404, '1', '{"name":"é"}']);
  const collection = await invoke(world, { url: '/x', detailed: true, 'response-format': 'COLLECTION' });
  assert.deepEqual(collection.json().body, { name: 'é' });
  const text = await invoke(world, { url: '/x', 'response-format': 'TEXT', 'response-decoding': 'windows-1251' });
  assert.deepEqual([text.status, text.text], [404, '{"name":"й"}']);
  const file = await invoke(world, { url: '/x', detailed: true, 'response-format': 'FILE' });
  assert.equal(Buffer.from(file.json().body.content, 'base64').toString('latin1'), '{"name":"\xe9"}');
  assert.equal(code(await invoke(world, { url: '/x', 'response-decoding': 'klingon' })), 'invalid');
  upstream.answers((_, socket) => reply(socket, '<html>'));
  assert.equal(code(await invoke(world, { url: '/x', 'response-format': 'COLLECTION' })), 'provider_error');
});

test('a redirect is handed to the caller', async () => {
  const location = `https://evil.example/?t=${world.token}`;
  upstream.answers((_, socket) => reply(socket, '', { status: '302 Found', headers: { location } }));
  const answer = await proxy(world, '/away');
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), `https://evil.example/?t=${'*'.repeat(world.token.length)}`);
  assert.equal(upstream.requests.length, 1);
});

test('an echo of the credential is blotted out, wherever the answer is cut', async () => {
  const text = `{"authorization":"Bearer ${world.token}"}`;
  upstream.answers((_, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nx-echo: ${world.token}\r\n\r\n`);
    const at = text.indexOf(world.token) + 9;
    socket.write(text.slice(0, at));
    setTimeout(() => socket.write(text.slice(at)), 100);
  });
  const answer = await proxy(world, '/echo');
  assert.equal(answer.text, text.replace(world.token, '*'.repeat(world.token.length)));
  assert.ok(!answer.headers.get('x-echo').includes(world.token));
});

test('a refused credential is renewed once, and the call made once more', async () => {
  await connect(world, 'renewed');
  const stale = await token(world, 'renewed');
  await aged('renewed');
  const before = await refreshes();
  upstream.answers(({ headers, body }, socket) =>
    headers.authorization === `Bearer ${stale}`
      ? reply(socket, 'stale', { status: '401 Unauthorized' })
      : reply(socket, body),
  );
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, at) => proxy(world, '/x', { connection: 'renewed', method: 'POST', body: `${at}` })),
  );
  assert.deepEqual(all.map(({ status, text }) => [status, text]), all.map((_, at) => [200, `${at}`]));
  assert.equal(await refreshes(), before + 1, 'one refresh for all of them');
  assert.ok(upstream.requests.length <= 40);

  upstream.answers((_, socket) => reply(socket, 'never', { status: '401 Unauthorized' }));
  const stands = await proxy(world, '/x', { connection: 'renewed' });
  assert.deepEqual([stands.status, stands.text], [401, 'never'], 'a young credential is not refused for its age');
  assert.equal(await refreshes(), before + 1);
});

test('methods and paths can be limited, for a connection and for a key', async () => {
  upstream.answers(null);
  await connect(world, 'limited');
  const rules = (table, where, json) => world.database.sql(`update ${table} set call_rules = '${json}' where ${where}`);
  await rules('connection', "link_name = 'limited'", '{"methods": ["GET"], "paths": ["/v2/users/*"]}');
  const via = (path, options) => proxy(world, path, { connection: 'limited', ...options });
  assert.equal((await via('/users/me')).status, 200);
  const refused = [via('/users/me', { method: 'POST' }), via('/groups'), via('/users/a%2Fb'), via('/users/x/../../groups')];
  for (const answer of await Promise.all(refused)) assert.equal(code(answer), 'not_permitted');
  const key = await world.ada.makeKey({ name: 'reads', scope: 'invoke' });
  await rules('function_key', "name = 'reads'", '{"methods": ["DELETE"]}');
  assert.equal(code(await proxy(world, '/x', { key })), 'not_permitted');
  assert.equal((await proxy(world, '/x', { key, method: 'DELETE' })).status, 200);
});

test('calls a minute are limited, for a key and for nobody else', async () => {
  upstream.answers(null);
  const key = await world.ada.makeKey({ name: 'slow', scope: 'invoke' });
  await world.database.sql(`update function_key set calls_per_minute = 3 where name = 'slow'`);
  const answers = [];
  for (let at = 0; at < 5; at += 1) answers.push(await proxy(world, '/x', { key }));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 429, 429]);
  assert.equal(code(answers[4]), 'rate_limited');
  assert.ok(Number(answers[4].headers.get('retry-after')) >= 1);
  assert.equal((await proxy(world, '/x')).status, 200);
});

test('what does not work has a code', async () => {
  upstream.answers(null);
  const both = async (connection, key) => [
    code(await proxy(world, '/x', { connection, key })),
    code(await invoke(world, { connection, url: '/x' }, { key })),
  ];
  assert.deepEqual(await both('nowhere'), ['unknown_connection', 'unknown_connection']);
  assert.deepEqual(await both('api', 'cnx_x'), ['invalid_key', 'invalid_key']);
  const reader = await world.ada.makeKey({ scope: 'credentials:read' });
  assert.deepEqual(await both('api', reader), ['forbidden_for_key', 'forbidden_for_key']);
  const elsewhere = await world.ada.makeKey({ scope: 'invoke', connection: 'renewed' });
  assert.deepEqual(await both('api', elsewhere), ['unknown_connection', 'unknown_connection']);
  const other = await world.client().signUp('Others');
  assert.deepEqual(await both('api', await other.makeKey({ scope: 'invoke' })), ['unknown_connection', 'unknown_connection']);
  await world.ada.defineConnection('service', 'draft');
  assert.deepEqual(await both('draft'), ['not_connected', 'not_connected']);
  await connect(world, 'off');
  assert.equal((await proxy(world, '/x', { connection: 'off' })).status, 200);
  await world.ada.post('/setup/connections/off/disable');
  assert.deepEqual(await both('off'), ['disabled', 'disabled']);
  await world.ada.post('/setup/connections/off/enable');
  await world.ada.post('/setup/connections/off/revoke');
  assert.deepEqual(await both('off'), ['revoked', 'revoked']);
  const answer = await proxy(world, '/x', { connection: 'off' });
  assert.equal(answer.json().connect_url, `${world.origin}/setup/connections/off`);
  const expired = await world.ada.makeKey({ name: 'expired', scope: 'invoke' });
  assert.equal((await proxy(world, '/x', { key: expired })).status, 200);
  await world.database.sql(`update function_key set expires_at = now() where name = 'expired'`);
  await until('the news has arrived', async () => (await proxy(world, '/x', { key: expired })).status === 401, { within: 1000, every: 20 });
});

test('a revoked key is refused at once', async () => {
  upstream.answers(null);
  const key = await world.ada.makeKey({ name: 'gone', scope: 'invoke' });
  for (let at = 0; at < 3; at += 1) assert.equal((await proxy(world, '/x', { key })).status, 200);
  const page = (await world.ada.get('/setup/keys')).text;
  const row = page.slice(page.indexOf('gone'));
  const [path] = /\/setup\/keys\/[^/]+\/revoke/.exec(row);
  await world.ada.post(path);
  assert.equal(code(await proxy(world, '/x', { key })), 'invalid_key');
});

test('nothing of it is found where it should not be', async () => {
  assert.deepEqual(await world.leaks(), []);
});
