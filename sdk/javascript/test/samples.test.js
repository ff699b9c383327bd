// The documented ways in, as they are written.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as sdk from 'connections-sdk';
import { Client, Connection } from 'connections-sdk';

import { VERSION } from '../src/version.js';
import { served } from './case.js';

test('a connector by its configuration', async (t) => {
  const server = await served(t);
  // Create a new connection with your connector configuration
  const connection = new Connection({
    ConnectorName: {
      client_id: '{add_client_id}',
      client_secret: '{add_client_secret}',
      auth_url: '{add_auth_url}',
      refresh_url: '{add_refresh_url}',
      refresh_token: '{add_refresh_token}',
      refresh_in: '3000',
      expires_in: '3600',
      secret_key: 'sample',
    },
  });
  // Get the connector using the connector's registered name
  const connector = connection.getConnector('ConnectorName');
  // Fetch a valid access token
  const accessToken = await connector.getAccessToken();

  assert.equal(accessToken, 'canary-token-connector_1-1');
  const [register, ask] = server.asked;
  assert.deepEqual([register.method, register.path], ['PUT', '/api/v1/connectors/ConnectorName']);
  assert.deepEqual(JSON.parse(register.body), {
    client_id: '{add_client_id}',
    client_secret: '{add_client_secret}',
    auth_url: '{add_auth_url}',
    refresh_url: '{add_refresh_url}',
    refresh_token: '{add_refresh_token}',
    refresh_in: 3000,
    expires_in: 3600,
  });
  assert.deepEqual([ask.method, ask.path], ['GET', '/api/v1/connections/connector_1/credentials?min_ttl=60']);
});

test('a connector by link name', async (t) => {
  const server = await served(t);
  const connector = new Connection({ zoom: {} }).getConnector('zoom');
  assert.equal(await connector.getAccessToken(), 'canary-token-zoom-1');
  assert.equal(server.count('PUT'), 0);
});

test('the direct way', async (t) => {
  await served(t);
  const response = await new Client().connection('zoom').get('/users/me');
  assert.ok(response instanceof Response);
  assert.equal((await response.json()).path, '/api/v1/proxy/zoom/users/me');
});

test('what the README shows', async (t) => {
  const server = await served(t);
  t.mock.method(console, 'log', () => undefined);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```js\n(.+?)```/gs)].map(([, code]) => code);
  const code = blocks.map((block) => block.replace(/import (.+) from 'connections-sdk';/, 'const $1 = sdk;'));
  const [first, second, third, fourth] = code;
  const Program = Object.getPrototypeOf(async () => undefined).constructor;
  await new Program('sdk', `${first} { const { Connection } = sdk; ${second} } { ${third} } { ${fourth} }`)(sdk);
  const asked = server.asked.map(({ method, path }) => `${method} ${path.split('?')[0].split('/').slice(3).join('/')}`);
  assert.deepEqual(asked, [
    'GET connections/zoom/credentials',
    'PUT connectors/ConnectorName',
    'GET connections/connector_1/credentials',
    'GET proxy/zoom/users/me',
    'POST proxy/zoom/users/me/meetings',
  ]);
});

test('the version is the one of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal(VERSION, manifest.version);
});

test('everything that can be imported is declared', () => {
  const declared = readFileSync(new URL('../src/index.d.ts', import.meta.url), 'utf8');
  const classes = [...declared.matchAll(/^export class (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(classes.sort(), Object.keys(sdk).sort());
});
