// The cache file, shared by processes.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Client, Connection, InvalidKey } from 'connections-sdk';

import { Api } from '../src/api.js';
import { parse } from '../src/configuration.js';
import { Connector } from '../src/connector.js';
import { locked } from '../src/lock.js';
import { settings } from '../src/settings.js';
import { CANARIES, clock, configuration, fetches, served, until } from './case.js';
import { KEY } from './contract.js';

const here = fileURLToPath(new URL('.', import.meta.url));

async function world(t) {
  const server = await served(t);
  const folder = mkdtempSync(join(tmpdir(), 'connections-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'tokens');
  /** As a process that has just started has it: nothing in memory. */
  const fresh = ({ name = 'C', key = KEY, url = server.url, ...changes } = {}) =>
    new Connector(new Api(settings({ url, key, cacheFile: file })), parse(name, configuration(changes)));
  return { server, folder, file, fresh };
}

/** What a process of its own prints. */
async function printed(source) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { cwd: here });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text.trim();
}

test('processes fetch once', async (t) => {
  const { server, folder, file } = await world(t);
  server.delay = 300;
  const options = JSON.stringify({ url: server.url, key: KEY, cacheFile: file });
  const source = `
    import { Connection } from 'connections-sdk';
    const connection = new Connection({ C: ${JSON.stringify(configuration())} }, ${options});
    console.log(await connection.getConnector('C').getAccessToken());`;
  const tokens = await Promise.all(Array.from({ length: 4 }, () => printed(source)));
  assert.deepEqual(tokens, Array(4).fill('canary-token-connector_1-1'));
  assert.deepEqual([server.count('PUT'), fetches(server)], [1, 1]);
  assert.deepEqual(readdirSync(folder), ['tokens'], 'no lock and no draft is left');
});

test('it is private and holds no secret in the clear', async (t) => {
  const { file, fresh } = await world(t);
  await fresh().getAccessToken();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const content = readFileSync(file, 'utf8');
  for (const secret of [KEY, ...Object.values(CANARIES), 'canary-token', 'client', 'provider.example']) {
    assert.ok(!content.includes(secret), secret);
  }
});

test('a key is derived once, and a nonce serves once', async (t) => {
  const { file, fresh } = await world(t);
  const connector = fresh();
  const entries = [];
  for (const _ of [1, 2]) {
    await connector.getAccessToken();
    connector.invalidate();
    entries.push(...Object.values(JSON.parse(readFileSync(file, 'utf8')).entries));
  }
  const [one, other] = entries;
  assert.equal(one.salt, other.salt);
  assert.notEqual(one.nonce, other.nonce);
});

test('by the environment', async (t) => {
  const { file } = await world(t);
  process.env.CONNECTIONS_CACHE_FILE = file;
  await new Connection({ zoom: {} }).getConnector('zoom').getAccessToken();
  await new Client().connection('zoom').accessToken();
  assert.ok(!existsSync(file), 'without a secret_key nothing is written');
  await new Connection({ C: configuration() }).getConnector('C').getAccessToken();
  assert.ok(existsSync(file));
});

test('a renewal by one process serves the others', async (t) => {
  const { server, fresh } = await world(t);
  const pass = clock(t);
  const [one, other] = [fresh(), fresh()];
  const first = await one.getAccessToken();
  assert.equal(await other.getAccessToken(), first);
  pass(991);
  const second = await one.getAccessToken();
  assert.equal(await other.getAccessToken(), second);
  assert.notEqual(first, second);
  assert.equal(fetches(server), 2);
});

test('a renewal behind does not take the old token for a new one', async (t) => {
  const { fresh } = await world(t);
  const pass = clock(t);
  const connector = fresh();
  const first = await connector.getAccessToken();
  pass(801);
  assert.equal(await connector.getAccessToken(), first);
  await until('renewed', async () => (await connector.getAccessToken()) !== first);
});

test('an old token of the file serves while a new one is fetched', async (t) => {
  const { fresh } = await world(t);
  const pass = clock(t);
  const first = await fresh().getAccessToken();
  pass(900);
  assert.equal(await fresh().getAccessToken(), first);
});

test('an invalidated token does not come back from the file', async (t) => {
  const { server, fresh } = await world(t);
  const [one, other] = [fresh(), fresh()];
  const first = await one.getAccessToken();
  one.invalidate();
  one.invalidate();
  const second = await one.getAccessToken();
  assert.notEqual(first, second);
  assert.equal(fetches(server), 2);
  await other.getAccessToken();
  assert.equal(fetches(server), 2);
  other.invalidate();
  assert.notEqual(await other.getAccessToken(), second);
});

test('connectors share the file', async (t) => {
  const { server, fresh } = await world(t);
  const all = () => Promise.all(['A', 'B', 'C'].map((name) => fresh({ name }).getAccessToken()));
  const tokens = await all();
  assert.equal(fetches(server), 3);
  assert.deepEqual(await all(), tokens);
  assert.equal(fetches(server), 3);
});

test('what has ended is left out', async (t) => {
  const { server, file, fresh } = await world(t);
  server.expiresIn = 0.5;
  await fresh({ name: 'A' }).getAccessToken();
  await pause(600);
  await fresh({ name: 'B' }).getAccessToken();
  assert.equal(Object.keys(JSON.parse(readFileSync(file, 'utf8')).entries).length, 1);
});

test('another key, name, configuration or server finds nothing', async (t) => {
  const { server, fresh } = await world(t);
  await fresh().getAccessToken();
  for (const changes of [
    { name: 'D' },
    { refresh_token: 'another' },
    { client_secret: 'another' },
    { refresh_in: 5 },
    { secret_key: 'another' },
    { url: server.url.replace('127.0.0.1', 'localhost') },
  ]) {
    await fresh().getAccessToken();
    const before = fetches(server);
    await fresh(changes).getAccessToken();
    assert.equal(fetches(server), before + 1, JSON.stringify(changes));
  }
  await assert.rejects(fresh({ key: 'cnx_another' }).getAccessToken(), InvalidKey);
});

test("an entry does not open in another's place", async (t) => {
  const { file, fresh } = await world(t);
  await fresh({ name: 'A' }).getAccessToken();
  await fresh({ name: 'B' }).getAccessToken();
  const content = JSON.parse(readFileSync(file, 'utf8'));
  const [one, other] = Object.keys(content.entries);
  content.entries = { [one]: content.entries[other], [other]: content.entries[one] };
  writeFileSync(file, JSON.stringify(content));
  assert.equal(await fresh({ name: 'A' }).getAccessToken(), 'canary-token-connector_1-2');
});

test('whatever cannot be read counts as absent', async (t) => {
  const { server, file, fresh } = await world(t);
  await fresh().getAccessToken();
  const good = JSON.parse(readFileSync(file, 'utf8'));
  const [[id, entry]] = Object.entries(good.entries);
  const { sealed } = entry;
  const flipped = (sealed[0] === 'A' ? 'B' : 'A') + sealed.slice(1);
  const entries = [
    { ...entry, sealed: flipped },
    { ...entry, sealed: sealed.slice(0, -8) },
    { ...entry, sealed: '' },
    { ...entry, salt: 'AA==' },
    { ...entry, nonce: 7 },
    {},
    null,
    'x',
  ];
  const contents = entries.map((changed) => JSON.stringify({ ...good, entries: { [id]: changed } }));
  contents.push('', '\0', '[]', '{}', 'null', '{"format":"other","entries":{}}', '['.repeat(100_000));
  contents.push(JSON.stringify({ ...good, entries: [] }), JSON.stringify({ ...good, entries: { other: null } }));
  contents.push(JSON.stringify(good) + ' '.repeat(5 * 1024 * 1024));
  for (const content of contents) {
    writeFileSync(file, content);
    const before = fetches(server);
    await fresh().getAccessToken();
    assert.equal(fetches(server), before + 1, content.slice(0, 200));
    await fresh().getAccessToken();
    assert.equal(fetches(server), before + 1, 'and is written anew');
  }
});

test('a file that cannot be written is told and breaks nothing', async (t) => {
  const { folder, server } = await world(t);
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const options = settings({ url: server.url, key: KEY, cacheFile: join(folder, 'no folder', 'tokens') });
  assert.ok(await new Connector(new Api(options), parse('C', configuration())).getAccessToken());
  const { message } = await warned;
  assert.match(message, /cannot be written \(ENOENT\)/);
  assert.ok(!message.includes('canary'));
});

test('a lock has one holder at a time', async (t) => {
  const { folder, file } = await world(t);
  let inside = 0;
  const most = [];
  const work = async () => {
    inside += 1;
    most.push(inside);
    await pause(10);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => locked(`${file}.lock`, work)));
  assert.deepEqual(most, Array(8).fill(1));
  assert.deepEqual(readdirSync(folder), []);
});

test('the lock of a process that was killed is broken', async (t) => {
  const { folder, file } = await world(t);
  const source = `
    import { locked } from '../src/lock.js';
    await locked(${JSON.stringify(`${file}.lock`)}, () => process.exit(0));`;
  execFileSync(process.execPath, ['--input-type=module', '-e', source], { cwd: here });
  assert.deepEqual(readdirSync(folder), ['tokens.lock']);
  const began = performance.now();
  await locked(`${file}.lock`, () => assert.ok(performance.now() - began < 5000));
  assert.deepEqual(readdirSync(folder), []);
});

test('a very old lock is broken, whoever made it', async (t) => {
  const { file } = await world(t);
  const path = `${file}.lock`;
  writeFileSync(path, '1 elsewhere 00');
  const longAgo = Date.now() / 1000 - 125;
  utimesSync(path, longAgo, longAgo);
  await locked(path, () => assert.match(readFileSync(path, 'utf8'), new RegExp(`^${process.pid} `)));
});

test('whoever has waited long enough goes on without the lock', async (t) => {
  const { file } = await world(t);
  const path = `${file}.lock`;
  writeFileSync(path, '1 elsewhere 00');
  const began = performance.now();
  t.mock.method(performance, 'now', () => began + (performance.now.mock.callCount() > 1 ? 31_000 : 0));
  await locked(path, () => undefined);
  assert.equal(readFileSync(path, 'utf8'), '1 elsewhere 00', "it stays its holder's");
});
