// What is given is checked at once, and an error names the key and the remedy.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, ConfigurationError, Connection, ConnectionsError } from 'connections-sdk';

import { parse } from '../src/configuration.js';
import { CANARIES, configuration, connectorOf, served, setEnvironment } from './case.js';
import { KEY } from './contract.js';

function refused(make, words) {
  assert.throws(make, (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, 'configuration');
    assert.match(error.message, words);
    assert.ok(!error.stack.includes('canary'));
    return true;
  });
}

test('wrong keys', async (t) => {
  const server = await served(t);
  const given = (changes, words) => refused(() => new Connection({ C: configuration(changes) }), words);
  given({ refresh_tokn: 'x' }, /unknown key `refresh_tokn`.+refresh_token/);
  for (const key of ['client_id', 'client_secret', 'auth_url', 'refresh_url', 'refresh_token']) {
    given({ [key]: undefined }, new RegExp(`\`C\` lacks \`${key}\`. Give all of`));
    given({ [key]: null }, new RegExp(`\`C\` lacks \`${key}\`. Give all of`));
  }
  for (const value of ['', '  ', 7, ['x']]) given({ client_id: value }, /`client_id` of `C` is empty or not text/);
  for (const value of ['', 'soon', 0, -1, '-1', 1.5, true, NaN, Infinity, [], '99999999999']) {
    given({ refresh_in: value }, /`refresh_in` of `C` is not a number of seconds/);
  }
  for (const value of ['x', undefined, null, []]) refused(() => new Connection({ C: value }), /`C` is not an object/);
  for (const value of ['x', undefined, null]) refused(() => new Connection(value), /Give an object/);
  assert.deepEqual(server.asked, []);
});

test('seconds may be text', () => {
  for (const value of [3300, '3300', ' 3300 ', 3300.0]) {
    assert.equal(parse('C', configuration({ expires_in: value })).expiresIn, 3300);
  }
});

test('what the server is told', async (t) => {
  const server = await served(t);
  await connectorOf({ refresh_in: '60', expires_in: 3600 }).getAccessToken();
  const told = JSON.parse(server.asked[0].body);
  assert.deepEqual([told.refresh_in, told.expires_in], [60, 3600]);
  assert.ok(!('secret_key' in told));
  assert.ok(!JSON.stringify(server.asked).includes(CANARIES.secret_key), 'it never leaves the process');
});

test('an unknown connector', async (t) => {
  await served(t);
  const connection = new Connection({ C: configuration(), zoom: {} });
  refused(() => connection.getConnector('D'), /No connector is named `D`\. Configured here: `C`, `zoom`\./);
});

test('the fingerprint is the one of the other language', () => {
  const made = parse('Zoho \u00fc\u2028"\\\n', configuration({ refresh_in: 5 }));
  const expected = 'b0b447674ad344e3e9333c467d331a7e7ffaf9a3ab41120820a67586f8f443bb';
  assert.equal(made.fingerprint('key'), expected);
  assert.notEqual(made.fingerprint('other key'), expected);
});

test('missing settings', async (t) => {
  await served(t);
  for (const [variable, words] of [
    ['CONNECTIONS_URL', /`url` is missing.+set CONNECTIONS_URL/],
    ['CONNECTIONS_KEY', /`key` is missing.+set CONNECTIONS_KEY/],
  ]) {
    for (const value of [undefined, '', '  ']) {
      await t.test(`${variable}=${value}`, (t) => {
        setEnvironment(t, { [variable]: value });
        refused(() => new Client(), words);
        refused(() => new Connection({}), words);
      });
    }
  }
});

test('wrong settings', async (t) => {
  await served(t);
  for (const url of [
    'connect.example',
    'ftp://connect.example',
    'https://',
    'https://a.example:x',
    'https://ü.example',
  ]) {
    refused(() => new Client({ url }), /not a full address/);
  }
  for (const url of ['https://me:canary@a.example', 'https://a.example/?x=1', 'https://a.example/#x']) {
    refused(() => new Client({ url }), /more than a host and a path/);
  }
  refused(() => new Client({ key: 'cnx_canary\r\nX: y' }), /characters that no function key has/);
  for (const timeout of [0, -1, '5', NaN]) refused(() => new Client({ timeout }), /`timeout`/);
  refused(() => new Connection({}, { cachefile: 'x' }), /`cachefile` is no option/);
});

test('a line break at the end and a slash do not matter', async (t) => {
  const server = await served(t);
  setEnvironment(t, { CONNECTIONS_KEY: `${KEY}\n` });
  await new Connection({ zoom: {} }, { url: `${server.url}/` }).getConnector('zoom').getAccessToken();
  assert.equal(server.asked[0].path, '/api/v1/connections/zoom/credentials?min_ttl=60');
});

test('a server below a path', async (t) => {
  const server = await served(t);
  await assert.rejects(new Client({ url: `${server.url}/connect` }).connection('zoom').get('/me'), ConnectionsError);
  assert.equal(server.asked[0].path, '/connect/api/v1/proxy/zoom/me');
});
