// Calls against everything that a caller, a provider or a network can do wrong.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { code, invoke, proxy, startCalling } from '../harness/calling.mjs';
import { Upstream, reply } from '../harness/upstream.mjs';

const FIRST_BYTE = 2;
const IDLE = 1;

let world;
let upstream;
let sentinel;
before(async () => {
  sentinel = await Upstream.start();
  // The operator vouches for the sentinel's origin; the service does not name it.
  world = await startCalling('hostile-calls', {
    allow: [sentinel.origin],
    settings: { CONNECTIONS_CALL_FIRST_BYTE_SECONDS: `${FIRST_BYTE}`, CONNECTIONS_CALL_IDLE_SECONDS: `${IDLE}` },
  });
  ({ upstream } = world);
});
after(async () => {
  await world.end();
  await upstream.stop();
  await sentinel.stop();
});

const port = () => upstream.host.split(':')[1];

/** Sends bytes as they are to our own server; gives what came back until it closed or said a whole answer. */
function raw(bytes) {
  const { port: own } = new URL(world.origin);
  return new Promise((resolve) => {
    const socket = dial(Number(own), 'localhost', () => socket.write(bytes));
    let heard = '';
    const done = () => {
      socket.destroy();
      resolve(heard);
    };
    socket.setTimeout(4000, done).on('error', done).on('close', done);
    socket.on('data', (more) => {
      heard += more.toString('latin1');
      if (heard.includes('\r\n\r\n')) setTimeout(done, 150);
    });
  });
}

test('no way of writing a URL leads a credential to another host', async () => {
  upstream.answers(null);
  sentinel.answers(null);
  const evil = sentinel.host;
  const urls = [
    `http://${evil}/`,
    `//${evil}/`,
    `///${evil}/`,
    `\\\\${evil}/`,
    `/\\${evil}/`,
    `http:\\\\${evil}/`,
    `http:/${evil}/`,
    `http://${upstream.host}@${evil}/`,
    `http://${evil}\\@${upstream.host}/`,
    `http://${upstream.host}#@${evil}/`,
    `http://${upstream.host}\\.${evil}/`,
    `http://user:pass@${upstream.host}/`,
    `http://${upstream.host}.evil.example/`,
    `http://127.0.0.1:1/`,
    `http://127.0.0.1/`,
    `http://localhost:${port()}/`,
    `http://[::1]:${port()}/`,
    `http://0x7f.1:${evil.split(':')[1]}/`,
    `http://2130706433:${evil.split(':')[1]}/`,
    `http://127。0。0。1:${evil.split(':')[1]}/`,
    `http://169.254.169.254/latest/meta-data/`,
    `https://${upstream.host}/`,
    `ftp://${upstream.host}/`,
    `file:///etc/passwd`,
    `javascript:alert(1)`,
    `http://${upstream.host}/\r\nX-Evil: 1`,
    `http://{host}/`,
    ` http://${evil}/`,
    `http://${evil}%00.${upstream.host}/`,
    '',
    'x',
  ];
  for (const url of urls) {
    const answer = await invoke(world, { url, parameters: { host: evil } });
    if (answer.headers.get('connections-answer') === 'provider') {
      assert.ok(upstream.last().headers.host === upstream.host, url);
      continue;
    }
    assert.ok(['host_not_allowed', 'invalid'].includes(code(answer)), `${url}: ${answer.text}`);
  }
  const paths = [`//${evil}/`, `/\\${evil}`, `/@${evil}/`, '/%2e%2e/%2e%2e/', '/..%2f..%2f', `/http://${evil}/`, '/%5c%5cevil/', '/x%0d%0aHost:%20evil'];
  for (const path of paths) {
    const heard = await raw(
      `GET /api/v1/proxy/api${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${world.key}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(heard, /^HTTP\/1\.1 (200|400|422)/, path);
  }
  assert.ok(upstream.requests.length > 3, 'some were only odd paths of the right host');
  for (const { headers, path } of upstream.requests) {
    assert.equal(headers.host, upstream.host);
    assert.ok(/^\/[^/\\]?/.test(path), path);
  }
  assert.equal(sentinel.connections, 0, 'nobody even knocked at the other host');
});

test('a redirect elsewhere is not followed', async () => {
  sentinel.answers(null);
  for (const status of ['301 Moved', '302 Found', '303 See', '307 Temporary', '308 Permanent']) {
    upstream.answers((_, socket) => reply(socket, '', { status, headers: { location: `${sentinel.origin}/steal` } }));
    assert.equal((await proxy(world, '/x')).status, Number(status.slice(0, 3)));
    assert.equal((await invoke(world, { url: '/x' })).status, Number(status.slice(0, 3)));
  }
  assert.equal(sentinel.connections, 0);
});

test('shapes that could smuggle a second request are refused before anything is sent', async () => {
  upstream.answers(null);
  const head = `POST /api/v1/proxy/api/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${world.key}\r\n`;
  const inner = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const shapes = [
    `Content-Length: 4\r\nContent-Length: 5\r\n\r\n12345`,
    `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`,
    `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
    `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    `X: a\r\n folded\r\nContent-Length: 0\r\n\r\n`,
    `Content-Length: +4\r\n\r\n1234`,
    `Content-Length: -1\r\n\r\n`,
    `Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nx\r\n0\r\n\r\n`,
    `X-A: a\rX-B: b\r\nContent-Length: 0\r\n\r\n`,
  ];
  for (const shape of shapes) {
    await raw(head + shape);
    for (const { path, method } of upstream.requests) {
      assert.deepEqual([method, path], ['POST', '/v2/x'], `${JSON.stringify(shape)} became another request`);
    }
  }
  const seen = upstream.requests.map(({ raw: bytes }) => bytes.toString('latin1'));
  assert.ok(seen.every((bytes) => !bytes.includes('smuggled') && !/^ folded/m.test(bytes)), seen.join('\n'));
});

test('an upstream that never answers, stops, or lies about its length', async () => {
  const begun = performance.now();
  const shapes = {
    'says nothing': () => {},
    'hangs up': (_, socket) => socket.destroy(),
    'half a head': (_, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Le'),
    'no HTTP': (_, socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    'two lengths': (_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'),
    'endless head': (_, socket) => socket.write(`HTTP/1.1 200 OK\r\n${'X-Long: x\r\n'.repeat(100_000)}`),
  };
  for (const [name, answer] of Object.entries(shapes)) {
    upstream.answers(answer);
    const got = await proxy(world, '/x');
    assert.equal(code(got), 'provider_error', `${name}: ${got.text}`);
    assert.match(got.json().detail, /may have taken effect/, name);
  }
  assert.ok(performance.now() - begun < (FIRST_BYTE * 3 + 4) * 1000);
  const cut = {
    short: (_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
    'stops in the middle': (_, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
    'broken chunks': (_, socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc'),
  };
  for (const [name, answer] of Object.entries(cut)) {
    upstream.answers(answer);
    await assert.rejects(proxy(world, '/x'), undefined, `${name}: the caller learns that the answer is not whole`);
    upstream.answers(answer);
    assert.equal(code(await invoke(world, { url: '/x', detailed: true })), 'provider_error', name);
  }
  upstream.answers((_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\n\r\nsplit'));
  assert.equal((await proxy(world, '/x')).text, 'abc', 'what follows the answer belongs to nobody');
});

test('a provider that is not there is told apart from one that may have acted', async () => {
  const gone = await Upstream.start();
  await gone.stop();
  await world.database.sql(`update service set definition = jsonb_set(jsonb_set(definition, '{api_base_url}', '"${upstream.origin}/v2"'),
    '{allowed_hosts}', '["${upstream.host}", "127.0.0.1:1"]')`);
  const answer = await invoke(world, { url: 'http://127.0.0.1:1/x' });
  assert.equal(code(answer), 'host_not_allowed', 'the operator has a say as well');
  assert.match(answer.json().detail, /CONNECTIONS_ALLOW_HOSTS|port/);
});

test('a gigantic answer costs the server next to nothing', async () => {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${world.server.child.pid}/status`, 'utf8'))[1]);
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  upstream.answers((_, socket) => reply(socket, bomb, { headers: { 'content-encoding': 'gzip' } }));
  const headers = { authorization: `Bearer ${world.key}` };
  const before = resident();
  const passed = await fetch(`${world.origin}/api/v1/proxy/api/bomb`, { headers });
  let bytes = 0;
  for await (const piece of passed.body) bytes += piece.length;
  assert.equal(bytes, 64 << 20, 'the caller unpacks it, we do not');
  assert.equal(code(await invoke(world, { url: '/bomb', detailed: true })), 'provider_error');

  upstream.answers((_, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n`);
    const piece = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]);
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  });
  assert.equal(code(await invoke(world, { url: '/endless', detailed: true })), 'answer_too_large');
  assert.ok(resident() - before < 64 * 1024, `grew by ${resident() - before} KiB`);
});

test('a caller who stops sending, or sends too much, is sent away', async () => {
  upstream.answers(null);
  const head = `POST /api/v1/proxy/api/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${world.key}\r\n`;
  const begun = performance.now();
  const [small, large] = await Promise.all([
    raw(`${head}Content-Length: 10\r\n\r\nabc`),
    raw(`${head}Content-Length: 1000000\r\n\r\nabc`),
  ]);
  assert.match(small, /^HTTP\/1\.1 422/);
  assert.match(large, /^HTTP\/1\.1 (422|502)/);
  assert.ok(performance.now() - begun < 4000);
  const answer = await invoke(world, { url: '/x', body: 'x'.repeat(17 << 20) }).catch(() => ({ closed: true }));
  assert.ok(answer.closed || code(answer) === 'too_large');
  const unknown = await raw(
    `POST /api/v1/invoke HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${world.key.slice(0, -1)}x\r\nContent-Length: 16000000\r\n\r\n`,
  );
  assert.match(unknown, /^HTTP\/1\.1 401/, 'nobody makes the server read megabytes without a key');
});

test('headers of a caller cannot break out', async () => {
  upstream.answers(null);
  for (const [name, value] of [['X-A', 'a\r\nX-Evil: 1'], ['X-A\r\nX-Evil', '1'], ['X A', '1'], ['X-A', 'a\0b']]) {
    assert.equal(code(await invoke(world, { url: '/x', headers: { [name]: value } })), 'invalid');
  }
  assert.equal(code(await invoke(world, { url: '/x', type: 'POST', body: 'x', 'content-type': 'a\r\nX-Evil: 1' })), 'invalid');
  assert.equal(upstream.requests.length, 0);
});

test('others notice nothing while some misbehave', async () => {
  upstream.answers((request, socket) => (request.path.endsWith('/slow') ? undefined : reply(socket, 'quick')));
  const slow = Array.from({ length: 100 }, () => proxy(world, '/slow'));
  const times = [];
  for (let at = 0; at < 50; at += 1) {
    const begun = performance.now();
    assert.equal((await proxy(world, '/x')).text, 'quick');
    times.push(performance.now() - begun);
  }
  assert.ok(times.toSorted((a, b) => a - b)[25] < 200, `median ${times[25]} ms`);
  for (const answer of await Promise.all(slow)) assert.equal(code(answer), 'provider_error');
});

test('nothing of it is found where it should not be', async () => {
  assert.deepEqual(await world.leaks(), []);
});
