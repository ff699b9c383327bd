// The SDKs against the product: what functions import, in processes of their own.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { consented, Door, Functions, owner } from '../harness/sdk.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let functions;
let door;
let ada;
let environment;
before(async () => {
  world = await World.start('sdk', { browser: false });
  functions = await Functions.install();
  door = await Door.open(world);
  ada = await world.client().signUp();
  const key = await ada.makeKey({ scope: ['connectors', 'credentials:read', 'invoke'] });
  environment = { CONNECTIONS_URL: door.origin, CONNECTIONS_KEY: key };
});
after(async () => {
  await door?.close();
  await functions?.remove();
  await world.end();
});

const refreshes = async ({ client_id }) =>
  (await world.sandbox.tokenRequests('refresh_token')).filter((entry) => entry.client_id === client_id).length;

/** The same programs in both languages; each prints JSON. Values are written into them as people do. */
const programs = {
  python: {
    /** The documented sample, with other names and addresses. */
    sample: ({ client_id, client_secret, auth_url, refresh_url, refresh_token }) => `
import connections_sdk
app = connections_sdk.initialize()
connector = app.connection({ 'ConnectorName': { 'client_id': '${client_id}', 'client_secret': '${client_secret}', 'auth_url': '${auth_url}', 'refresh_url': '${refresh_url}', 'refresh_token': '${refresh_token}' } }).get_connector('ConnectorName')
access_token = connector.get_access_token()
print('"' + access_token + '"')`,
    parallel: (configuration) => `
import json, threading, connections_sdk
connector = connections_sdk.initialize().connection({'Parallel': ${JSON.stringify(configuration)}}).get_connector('Parallel')
barrier, tokens = threading.Barrier(100), []
def call():
    barrier.wait()
    tokens.append(connector.get_access_token())
threads = [threading.Thread(target=call) for _ in range(100)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(tokens))`,
    /** A token a line. */
    each: (configurations) => `
import json, sys, connections_sdk
app = connections_sdk.initialize()
connectors = [app.connection({'Reports': one}).get_connector('Reports') for one in ${JSON.stringify(configurations)}]
for line in sys.stdin:
    print(json.dumps([connector.get_access_token() for connector in connectors]), flush=True)`,
    direct: (linkName) => `
import json, connections_sdk
client = connections_sdk.Client()
connection = client.connection('${linkName}')
echo = connection.post('/echo/a b?x=1', params={'y': 'ü'}, json={'n': 1}, headers={'x-own': 'v'})
print(json.dumps({
    'me': connection.get('/me').raise_for_status().json(), 'echo': echo.json(), 'missing': connection.get('/no').status,
    'invoked': client.invoke({'connection': '${linkName}', 'url': '/me', 'detailed': True}).json(),
    'scopes': connection.credentials(min_ttl=30).scopes, 'headers': connection.credentials().headers,
    'token': connection.access_token(), 'by_link_name':
    connections_sdk.initialize().connection({'${linkName}': {}}).get_connector('${linkName}').get_access_token()}))`,
    failing: (configurations) => `
import json, connections_sdk
try:
    connections_sdk.initialize().connection(${JSON.stringify(configurations)}).get_connector('Failing').get_access_token()
except connections_sdk.ConnectionsError as error:
    print(json.dumps([type(error).__name__, error.code, error.status, error.connect_url, str(error)]))`,
  },
  javascript: {
    sample: ({ client_id, client_secret, auth_url, refresh_url, refresh_token }) => `
import { Connection } from 'connections-sdk';
// Create a new connection with your connector configuration
const connection = new Connection({
  ConnectorName: {
    client_id: '${client_id}',          // Client ID of your app
    client_secret: '${client_secret}',  // Client Secret of your app
    auth_url: '${auth_url}',            // OAuth authorization URL
    refresh_url: '${refresh_url}',      // OAuth refresh token URL
    refresh_token: '${refresh_token}',  // Refresh token obtained from OAuth flow
    refresh_in: '200',        // Time (in secs) after which token should be refreshed
    expires_in: '300',        // Token expiry duration
    secret_key: 'sample'                   // Key used to encrypt stored tokens
  }
});
// Get the connector using the connector's registered name
const connector = connection.getConnector('ConnectorName');
// Fetch a valid access token
const accessToken = await connector.getAccessToken();
console.log(JSON.stringify(accessToken));`,
    parallel: (configuration) => `
import { Connection } from 'connections-sdk';
const connector = new Connection({ Parallel: ${JSON.stringify(configuration)} }).getConnector('Parallel');
console.log(JSON.stringify(await Promise.all(Array.from({ length: 100 }, () => connector.getAccessToken()))));`,
    each: (configurations) => `
import { createInterface } from 'node:readline';
import { Connection } from 'connections-sdk';
const connectors = ${JSON.stringify(configurations)}.map((one) => new Connection({ Reports: one }).getConnector('Reports'));
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await Promise.all(connectors.map((connector) => connector.getAccessToken()))));`,
    direct: (linkName) => `
import { Client, Connection } from 'connections-sdk';
const client = new Client();
const connection = client.connection('${linkName}');
const call = { params: { y: 'ü' }, json: { n: 1 }, headers: { 'x-own': 'v' } };
console.log(JSON.stringify({
  me: await (await connection.get('/me')).json(), echo: await (await connection.post('/echo/a b?x=1', call)).json(),
  missing: (await connection.get('/no')).status,
  invoked: await (await client.invoke({ connection: '${linkName}', url: '/me', detailed: true })).json(),
  scopes: (await connection.credentials({ min_ttl: 30 })).scopes, headers: (await connection.credentials()).headers,
  token: await connection.accessToken(),
  by_link_name: await new Connection({ ${linkName}: {} }).getConnector('${linkName}').getAccessToken() }));`,
    failing: (configurations) => `
import { Connection, ConnectionsError } from 'connections-sdk';
try {
  await new Connection(${JSON.stringify(configurations)}).getConnector('Failing').getAccessToken();
} catch (error) {
  if (!(error instanceof ConnectionsError)) throw error;
  console.log(JSON.stringify([error.name, error.code, error.status, error.connect_url ?? null, error.message]));
}`,
  },
};

/** Runs one of the programs. */
const print = (language, program, given, env) =>
  functions.run(language, programs[language][program](given), { ...environment, ...env });

for (const language of ['python', 'javascript']) {
  const other = language === 'python' ? 'javascript' : 'python';

  test(`${language}: the documented sample`, async () => {
    const configuration = await consented(world);
    door.count();
    const token = await print(language, 'sample', configuration);
    assert.equal(await owner(world, token), 'ada@example.com');
    assert.equal(await refreshes(configuration), 1);
    assert.deepEqual(door.count(), { registrations: 1, fetches: 1 });
    assert.equal(await print(language, 'sample', configuration), token, 'another process is given the same token');
    assert.equal(await refreshes(configuration), 1, 'and the refresh token, which works once, is not sent again');
  });

  test(`${language}: a hundred callers, one fetch`, async () => {
    const configuration = await consented(world);
    door.count();
    const tokens = await print(language, 'parallel', configuration);
    assert.deepEqual([tokens.length, new Set(tokens).size], [100, 1]);
    assert.equal(await owner(world, tokens[0]), 'ada@example.com');
    assert.deepEqual(door.count(), { registrations: 1, fetches: 1 });
    assert.equal(await refreshes(configuration), 1);
  });

  test(`${language}: processes with a cache file, one fetch`, async () => {
    const configuration = await consented(world, { secret_key: 'sample' });
    const file = { CONNECTIONS_CACHE_FILE: join(functions.folder, `${language}-tokens`) };
    door.count();
    const env = { ...environment, ...file };
    const start = (speech) => functions.start(speech, programs[speech].each([configuration]), env);
    const processes = await Promise.all([start(language), start(language)]);
    const [[token], ...rest] = await Promise.all(processes.map((process) => process.next()));
    assert.deepEqual(rest, [[token]]);
    assert.deepEqual(door.count(), { registrations: 1, fetches: 1 });
    processes.push(await start(other));
    assert.deepEqual(await processes.at(-1).next(), [token], 'the other language reads the same file');
    assert.deepEqual(door.count(), { registrations: 0, fetches: 0 });
    assert.equal(await owner(world, token), 'ada@example.com');
    for (const process of processes) await process.end();
  });

  test(`${language}: two users under one name never mix`, async () => {
    const both = [await consented(world), await consented(world, { account: 'grace@example.com' })];
    const program = await functions.start(language, programs[language].each(both), environment);
    for (let round = 0; round < 3; round += 1) {
      const owners = (await program.next()).map((token) => owner(world, token));
      assert.deepEqual(await Promise.all(owners), ['ada@example.com', 'grace@example.com']);
    }
    await program.end();
  });

  test(`${language}: the direct way`, async () => {
    const linkName = `direct_${language}`;
    await ada.defineService(`${linkName}_service`);
    await ada.defineConnection(`${linkName}_service`, linkName);
    assert.equal((await ada.get((await ada.answerFor(linkName)).href)).status, 303);
    const told = await print(language, 'direct', linkName);
    assert.equal(told.me.email, 'ada@example.com');
    assert.deepEqual([told.echo.method, told.echo.path], ['POST', '/api/echo/a%20b']);
    assert.equal(told.echo.query, 'x=1&y=%C3%BC');
    assert.deepEqual(JSON.parse(told.echo.body), { n: 1 });
    const received = new Map(told.echo.headers);
    assert.deepEqual([received.get('x-own'), received.get('content-type')], ['v', 'application/json']);
    assert.equal(told.missing, 404, "a provider's answer comes back whatever its status");
    assert.equal(told.invoked.status, 200);
    assert.equal(JSON.parse(told.invoked.body).email, 'ada@example.com');
    assert.ok(told.scopes.includes('profile'));
    assert.deepEqual(told.headers, { Authorization: `Bearer ${told.token}` });
    assert.equal(told.by_link_name, told.token);
    assert.equal(await owner(world, told.token), 'ada@example.com');
  });

  test(`${language}: what does not work says so`, async () => {
    const caught = async (configuration, env) => {
      const [name, code, status, link, message] = await print(language, 'failing', { Failing: configuration }, env);
      for (const secret of world.secrets.values()) assert.ok(!message.includes(secret), 'no secret in a message');
      return { name, code, status, link, message };
    };
    const configuration = await consented(world);
    const refused = { ...configuration, refresh_token: 'not-one-of-yours' };
    const unsure = await caught(refused);
    assert.deepEqual([unsure.name, unsure.code, unsure.status], ['ProviderUnavailable', 'provider_unavailable', 503]);
    // The server asks the provider once more, a minute later, before it calls a person.
    await world.database.sql('update credential set next_try_at = clock_timestamp()');
    const over = await caught(refused);
    assert.deepEqual([over.name, over.code, over.status], ['NeedsReauthorization', 'needs_reauthorization', 424]);
    assert.ok(over.link.startsWith(`${world.origin}/setup/connections/`) && over.message.includes(over.link));

    const misspelt = await caught({ ...configuration, refresh_url: 'not-an-address' });
    assert.deepEqual([misspelt.name, misspelt.code, misspelt.status], ['Invalid', 'invalid', 422]);
    assert.match(misspelt.message, /refresh_url: /);

    const unknown = await caught(configuration, { CONNECTIONS_KEY: `cnx_${'x'.repeat(49)}` });
    assert.deepEqual([unknown.name, unknown.status], ['InvalidKey', 401]);

    const reader = await ada.makeKey();
    const forbidden = await caught(configuration, { CONNECTIONS_KEY: reader });
    assert.deepEqual([forbidden.name, forbidden.code], ['Forbidden', 'forbidden_for_key']);

    const nowhere = await caught(configuration, { CONNECTIONS_URL: 'http://127.0.0.1:9' });
    assert.deepEqual([nowhere.name, nowhere.status], ['NetworkError', null]);
  });
}

test('the server is restarted in between', async () => {
  const kept = [];
  for (const language of ['python', 'javascript']) {
    const configuration = await consented(world);
    const program = await functions.start(language, programs[language].each([configuration]), environment);
    kept.push({ language, configuration, program, token: (await program.next())[0] });
  }
  await world.server.stop();
  for (const { program, token } of kept) assert.deepEqual(await program.next(), [token], 'from memory meanwhile');
  // For what follows; the sandbox begins anew with the server.
  world.server.environment.CONNECTIONS_SANDBOX_TOKEN_SECONDS = '4';
  await world.server.serve();
  for (const { language, configuration, program, token } of kept) {
    assert.deepEqual(await program.next(), [token]);
    await program.end();
    const again = await functions.start(language, programs[language].each([configuration]), environment);
    assert.deepEqual(await again.next(), [token], 'the server still has it, and knows the connector again');
    await again.end();
  }
});

for (const language of ['python', 'javascript']) {
  test(`${language}: the token has ended in between`, async () => {
    const configuration = await consented(world);
    const program = await functions.start(language, programs[language].each([configuration]), environment);
    const [first] = await program.next();
    assert.equal(await owner(world, first), 'ada@example.com');
    await until('the access token has ended', async () => !(await owner(world, first)));
    const [second] = await program.next();
    assert.notEqual(second, first);
    assert.equal(await owner(world, second), 'ada@example.com');
    assert.ok((await refreshes(configuration)) >= 2, 'the rotated refresh token was kept by the server');
    await program.end();
  });
}

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
