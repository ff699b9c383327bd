// Calls that the server makes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, ConfigurationError } from 'connections-sdk';

import { proxied } from '../src/path.js';
import { fetches, served } from './case.js';
import { KEY } from './contract.js';

const seen = async (promise) => (await promise).json();

test('methods', async (t) => {
  await served(t);
  const zoom = new Client().connection('zoom');
  for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
    const response = await zoom[method]('/users/me');
    assert.deepEqual([response.status, response.ok], [200, true]);
    assert.equal((await response.json()).method, method.toUpperCase());
  }
  assert.equal((await seen(zoom.request('options', '/x'))).method, 'OPTIONS');
});

test('query', async (t) => {
  await served(t);
  const zoom = new Client().connection('zoom');
  const params = { page: 2, tag: ['a b', 'c'], deep: true, none: null, absent: undefined };
  const expected = '/api/v1/proxy/zoom/users?active=1&page=2&tag=a+b&tag=c&deep=true';
  assert.equal((await seen(zoom.get('/users?active=1', { params }))).path, expected);
  for (const pairs of [
    [
      ['a', 1],
      ['a', 2],
    ],
    new URLSearchParams('a=1&a=2'),
  ]) {
    assert.equal((await seen(zoom.get('users', { params: pairs }))).path, '/api/v1/proxy/zoom/users?a=1&a=2');
  }
});

test('bodies', async (t) => {
  await served(t);
  const zoom = new Client().connection('zoom');
  const stream = new Blob(['a stream']).stream();
  for (const [call, body, type] of [
    [{ json: { topic: 'x' } }, '{"topic":"x"}', 'application/json'],
    [{ json: false }, 'false', 'application/json'],
    [{ body: new URLSearchParams({ a: 'b c' }) }, 'a=b+c', 'application/x-www-form-urlencoded;charset=UTF-8'],
    [{ body: new Uint8Array([0, 255]) }, '\x00\xff', undefined],
    [{ body: 'text' }, 'text', 'text/plain;charset=UTF-8'],
    [{ body: stream }, 'a stream', undefined],
    [{ json: 1, headers: { 'content-type': 'application/vnd.api+json' } }, '1', 'application/vnd.api+json'],
  ]) {
    const echo = await seen(zoom.post('/x', call));
    assert.deepEqual([echo.body, echo.headers['content-type']], [body, type]);
  }
  await assert.rejects(zoom.post('/x', { json: {}, body: '' }), /Both `json` and `body`/);
});

test('headers', async (t) => {
  await served(t);
  const ada = new Client().connection('zoom', { user: 'ada@example.com' });
  const { headers } = await seen(ada.get('/x', { headers: { 'x-own': '1', Accept: 'text/csv' } }));
  assert.deepEqual([headers['x-own'], headers.accept], ['1', 'text/csv']);
  assert.equal(headers['x-connections-user'], 'ada@example.com');
  assert.equal(headers.authorization, `Bearer ${KEY}`);
  assert.match(headers['user-agent'], /^connections-sdk-javascript\/\d/);
  const zoom = new Client().connection('zoom');
  assert.ok(!('x-connections-user' in (await seen(zoom.get('/x'))).headers));
  const own = zoom.get('/x', { headers: { authorization: 'Bearer own' } });
  await assert.rejects(own, (error) => error instanceof ConfigurationError && /Leave it out/.test(error.message));
});

test("a provider's answer comes back whatever its status", async (t) => {
  const server = await served(t);
  const zoom = new Client().connection('zoom');
  for (const status of [301, 404, 422, 429, 503]) {
    const response = await zoom.get(`/x?status=${status}`);
    assert.deepEqual([response.status, response.ok, response.headers.get('location')], [status, false, '/elsewhere']);
  }
  assert.equal(server.asked.length, 5, 'nothing is followed or repeated');
  server.replies.push({ status: 204, body: '' });
  assert.equal((await zoom.delete('/x')).status, 204, 'also where something on the way drops our header');
});

test('invoke', async (t) => {
  const server = await served(t);
  const call = { connection: 'zoom', url: '/users/{id}', type: 'GET', parameters: { id: 1 }, detailed: true };
  const echo = await seen(new Client().invoke(call));
  assert.deepEqual(JSON.parse(server.asked[0].body), call);
  assert.deepEqual([echo.method, echo.path], ['POST', '/api/v1/invoke']);
});

test('credentials', async (t) => {
  const server = await served(t);
  const credentials = await new Client().connection('zoom', { user: 'ada' }).credentials({ min_ttl: 600 });
  assert.equal(server.asked[0].path, '/api/v1/connections/zoom/credentials?min_ttl=600&user=ada');
  assert.deepEqual(credentials.headers, { Authorization: `Bearer ${credentials.access_token}` });
  const { link_name, account, version } = credentials;
  assert.deepEqual([link_name, account, version], ['zoom', 'ada@example.com', 1]);
  await new Client().connection('zoom').credentials();
  assert.equal(fetches(server), 2, 'always asked');
});

test('an access token is kept', async (t) => {
  const server = await served(t);
  const tokens = new Set();
  for (let call = 0; call < 5; call += 1) tokens.add(await new Client().connection('zoom').accessToken());
  assert.deepEqual([tokens.size, fetches(server)], [1, 1]);
});

test('no part of an address becomes another', () => {
  for (const [path, expected] of [
    ['/a b/ü', 'a%20b/%C3%BC'],
    ['/a%20b/100%', 'a%20b/100%25'],
    ['/a#b?c#d', 'a%23b?c%23d'],
    ['/a\\..\\b', 'a%5C..%5Cb'],
    ['/a\r\nb', 'a%0D%0Ab'],
    ['//evil.example', '/evil.example'],
    ["/me/messages/$value(x)?$top=1&q='a'", "me/messages/$value(x)?$top=1&q='a'"],
    ['', ''],
  ]) {
    assert.equal(proxied('zoom', path), `/api/v1/proxy/zoom/${expected}`);
  }
});

test('no address leaves the connection', async (t) => {
  const server = await served(t);
  const zoom = new Client().connection('zoom');
  for (const path of ['/../x', '/a/..', '/./x', '/%2e%2E/x', '/a/.%2e?x', '..', '../../connections/zoom/credentials']) {
    await assert.rejects(zoom.get(path), /would leave the API/);
  }
  await assert.rejects(zoom.get('HTTPS://api.zoom.us/users'), /whole address/);
  for (const name of ['', '.', '..', undefined]) assert.throws(() => new Client().connection(name), /link name/);
  assert.deepEqual(server.asked, []);
  assert.equal(proxied('a/../b', '/x'), '/api/v1/proxy/a%2F..%2Fb/x');
});

test('a call that cannot be made is not blamed on the server', async (t) => {
  const server = await served(t);
  await assert.rejects(new Client().connection('zoom').get('/x', { json: {} }), TypeError);
  assert.deepEqual(server.asked, []);
});
