// The management API: every route does its work for its own organization's key of the scope `manage`, and for nobody
// else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Api, registered, sandboxService } from '../harness/manage.mjs';
import { World } from '../harness/world.mjs';

let world;
let ada;
let api;
let redirect;
let client;
before(async () => {
  world = await World.start('manage', { browser: false });
  ada = await world.client().signUp('Lovelace & Co');
  api = new Api(world, await ada.makeKey({ scope: ['manage', 'credentials:read'] }));
  const minted = (await api.done('POST', '/services/redirect')).body;
  redirect = minted.redirect_url;
  client = await registered(world, redirect);
  const service = { ...sandboxService(world, 'books', client), redirect_id: minted.redirect_id };
  await api.done('POST', '/services', service);
  await api.done('POST', '/connections', { name: 'Novels', link_name: 'novels', service: 'books', scopes: ['profile'] });
});
after(() => world.end());

test('a service is what was sent, without its secret', async () => {
  const { body, headers } = await api.get('/services/books');
  const { authentication, ...sent } = sandboxService(world, 'books', client);
  assert.equal(headers.get('etag'), '"1"');
  assert.equal(body.redirect_url, redirect);
  assert.equal(body.authentication.client_id, authentication.client_id);
  assert.deepEqual(body.scopes, [{ name: 'profile', display_name: 'Who you are' }, { name: 'reports.read' }]);
  assert.deepEqual([body.name, body.api_base_url, body.sample_request.type], [sent.name, sent.api_base_url, 'GET']);
  assert.ok(!('client_secret' in body.authentication) && body.client_secret_set_at);
});

test('a change leaves what it does not name, and needs the newest version', async () => {
  const clone = await api.done('POST', '/services/books/clone', { name: 'Songs', link_name: 'songs' });
  assert.equal(clone.status, 201);
  assert.equal(clone.headers.get('location'), '/api/v1/services/songs');
  const match = (tag) => ({ headers: { 'if-match': tag } });
  const changed = await api.patch('/services/songs', { name: 'Hymns', api_base_url: null, sample_request: null }, match('"1"'));
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.body.name, changed.body.api_base_url, changed.body.version], ['Hymns', null, 2]);
  assert.equal(changed.body.authentication.client_id, client.id);
  const stale = await api.patch('/services/songs', { name: 'x' }, match('"1"'));
  assert.deepEqual([stale.status, stale.body.code], [412, 'changed']);
  const fixed = await api.patch('/services/songs', { link_name: 'other', redirect_id: 'x' });
  assert.deepEqual(fixed.body.errors.map(({ field }) => field), ['link_name', 'redirect_id']);
  const moved = await api.patch('/services/songs', { authentication: { access_token_url: 'https://elsewhere.example/t' } });
  assert.deepEqual(moved.body.errors.map(({ field }) => field), ['authentication.client_secret']);
  assert.equal((await api.delete('/services/songs', match('"1"'))).status, 412);
  assert.equal((await api.delete('/services/songs', match('"2"'))).status, 204);
  assert.equal((await api.get('/services/songs')).body.code, 'unknown_service');
});

test('a service may be named like an address', async () => {
  await api.done('POST', '/services/books/clone', { name: 'Redirect', link_name: 'redirect' });
  assert.equal((await api.get('/services/redirect')).body.name, 'Redirect');
  assert.equal((await api.done('PATCH', '/services/redirect', { name: 'Other' })).body.version, 2);
  assert.equal((await api.delete('/services/redirect')).status, 204);
});

test('every wrong field is named', async () => {
  const odd = sandboxService(world, 'Not a link name', client);
  odd.authentication.authorize_url = 'http://provider.example/';
  odd.authentication.odd = 1;
  odd.client_secret = 'here?';
  const unknown = await api.post('/services', odd);
  assert.deepEqual([unknown.status, unknown.body.code], [422, 'invalid']);
  const names = ({ body }) => body.errors.map(({ field }) => field).sort();
  assert.deepEqual(names(unknown), ['authentication.odd', 'client_secret']);
  delete odd.client_secret;
  delete odd.authentication.odd;
  assert.deepEqual(names(await api.post('/services', odd)), ['link_name']);
  odd.link_name = 'fine';
  assert.deepEqual(names(await api.post('/services', odd)), ['authentication.authorize_url']);
  delete odd.authentication.client_secret;
  const both = ['authentication.authorize_url', 'authentication.client_secret'];
  assert.deepEqual(names(await api.post('/services', odd)), both);
  const connection = await api.post('/connections', { name: '', link_name: 'x', service: 'books', scopes: ['admin'] });
  assert.deepEqual(names(connection), ['name', 'scopes']);
  assert.deepEqual(names(await api.post('/connections', { name: 'x', link_name: 'x', service: 'none' })), ['service']);
  const taken = await api.post('/connections', { name: 'x', link_name: 'novels', service: 'books' });
  assert.deepEqual([taken.status, taken.body.code], [409, 'link_name_taken']);
  assert.match(taken.body.detail, /`novels`/);
});

test('a connection is changed, connected, tested, switched off and on, and revoked', async () => {
  const { url } = (await api.done('POST', '/connections/novels/authorize')).body;
  assert.equal(url, `${world.origin}/setup/connections/novels/authorize`);
  const early = await api.post('/connections/novels/test');
  assert.deepEqual([early.status, early.body.code], [424, 'not_connected']);
  await ada.get((await ada.answerFor('novels')).href);
  const connected = (await api.get('/connections/novels')).body;
  assert.deepEqual([connected.status, connected.reason, connected.granted_scopes], ['connected', '', ['profile']]);
  const { milliseconds, ...tested } = (await api.done('POST', '/connections/novels/test')).body;
  assert.ok(Number.isInteger(milliseconds), milliseconds);
  assert.deepEqual(tested, { ok: true, status: 200, detail: 'The provider answered 200 OK.' });
  assert.equal((await api.done('POST', '/connections/novels/refresh')).body.status, 'connected');
  const rules = { call_rules: { methods: ['POST'] }, scopes: ['profile', 'reports.read'] };
  const changed = (await api.done('PATCH', '/connections/novels', rules)).body;
  assert.deepEqual([changed.call_rules, changed.missing_scopes], [{ methods: ['POST'], paths: [] }, ['reports.read']]);
  // The rules are for calls of functions; what a test asks was chosen by who defined the service.
  assert.equal((await api.done('POST', '/connections/novels/test')).body.ok, true);
  await api.done('PATCH', '/connections/novels', { call_rules: null });
  assert.equal((await api.patch('/connections/novels', { service: 'other' })).status, 422);
  assert.equal((await api.done('POST', '/connections/novels/disable')).body.status, 'disabled');
  assert.equal((await api.post('/connections/novels/test')).body.code, 'disabled');
  assert.equal((await api.done('POST', '/connections/novels/enable')).body.status, 'connected');
  assert.equal((await api.done('POST', '/connections/novels/revoke')).body.status, 'revoked');
  assert.equal((await api.delete('/services/books')).body.code, 'in_use');
});

test('tokens from elsewhere are imported', async () => {
  await api.done('POST', '/connections', { name: 'Moved', link_name: 'moved', service: 'books' });
  const token = world.secret('imported access token', `access-${crypto.randomUUID()}`);
  const imported = await api.done('PUT', '/connections/moved/credentials', { access_token: token, expires_in: '600' });
  assert.equal(imported.body.status, 'expiring');
  const { body } = await api.get('/connections/moved/credentials');
  assert.equal(body.access_token, token);
  const dead = world.secret('imported refresh token', `refresh-${crypto.randomUUID()}`);
  const tried = await api.done('PUT', '/connections/moved/credentials', { refresh_token: dead });
  assert.deepEqual([tried.body.status, tried.body.cause], ['needs_reauthorization', 'revoked_or_expired']);
  for (const wrong of [{}, { access_token: 'a\nb' }, { access_token: 1 }, { token }])
    assert.equal((await api.put('/connections/moved/credentials', wrong)).status, 422, JSON.stringify(wrong));
});

test('a creation under a key is done once', async () => {
  const once = { headers: { 'idempotency-key': 'make-keys-1' } };
  const first = await api.done('POST', '/function-keys', { name: 'Once', scopes: ['invoke'] }, once);
  world.secret('a function key made over HTTP', first.body.key);
  const again = await api.done('POST', '/function-keys', { name: 'Once', scopes: ['invoke'] }, once);
  assert.deepEqual(again.body, first.body);
  assert.deepEqual([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')], [null, 'true']);
  const other = await api.post('/function-keys', { name: 'Other', scopes: ['invoke'] }, once);
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
  const refused = { headers: { 'idempotency-key': 'make-connection' } };
  const connection = { name: 'x', link_name: 'once', service: 'none' };
  assert.equal((await api.post('/connections', connection, refused)).status, 422);
  const corrected = await api.done('POST', '/connections', { ...connection, service: 'books' }, refused);
  const repeated = await api.done('POST', '/connections', { ...connection, service: 'books' }, refused);
  assert.deepEqual(repeated.body, corrected.body);
  assert.equal(repeated.headers.get('etag'), '"1"');
  const both = await Promise.all(
    [1, 2].map(() => api.post('/connections', { ...connection, service: 'books', link_name: 'twice' }, { headers: { 'idempotency-key': 'race' } })),
  );
  assert.ok(both.every(({ status, body }) => status === 201 || body.code === 'in_progress'), JSON.stringify(both));
  assert.equal((await api.post('/connections', connection, { headers: { 'idempotency-key': 'a b' } })).status, 422);
});

test('keys are listed without their text, limited, and revoked', async () => {
  const input = { name: 'Limited', scopes: ['credentials:read'], connections: ['novels'], calls_per_minute: 5, expires_in_days: 1 };
  const { body } = await api.done('POST', '/function-keys', { ...input, call_rules: { methods: ['GET'], paths: ['/v2/**'] } });
  const key = world.secret('limited key', body.key);
  assert.deepEqual([body.connections, body.call_rules.paths, body.calls_per_minute], [['novels'], ['/v2/**'], 5]);
  const listed = (await api.get('/function-keys')).body.items.find(({ id }) => id === body.id);
  assert.deepEqual({ ...listed, key }, body);
  const manager = new Api(world, key);
  assert.equal((await manager.get('/services')).body.code, 'forbidden_for_key');
  assert.equal((await api.delete(`/function-keys/${body.id}`)).status, 204);
  assert.equal((await manager.get('/services')).body.code, 'invalid_key');
  assert.equal((await api.delete(`/function-keys/${body.id}`)).body.code, 'unknown_function_key');
  assert.equal((await api.post('/function-keys', { name: 'x', scopes: ['invoke'], connections: ['gone'] })).status, 422);
});

test('pages stay whole while things are made', async () => {
  const make = (number) =>
    api.done('POST', '/connections', { name: `Page ${number}`, link_name: `page_${number}`, service: 'books' });
  for (const number of [1, 2, 3, 4, 5]) await make(number);
  const all = (await api.get('/connections?limit=200')).body.items.map(({ link_name }) => link_name);
  const seen = [];
  let cursor = '';
  do {
    const { body } = await api.get(`/connections?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...body.items.map(({ link_name }) => link_name));
    cursor = body.next_cursor;
    if (seen.length === 2) await make(6);
  } while (cursor);
  assert.deepEqual(seen, all, 'nothing twice, nothing left out, nothing that was made meanwhile');
  const off = (await api.done('POST', '/connections/page_1/disable')).body.link_name;
  const disabled = (await api.get('/connections?status=disabled&service=books')).body;
  assert.deepEqual([disabled.items.map(({ link_name }) => link_name), disabled.next_cursor], [[off], null]);
  assert.deepEqual((await api.get('/connections?service=nothing')).body.items, []);
  for (const wrong of ['limit=0', 'limit=x', 'cursor=x', 'status=odd', 'colour=red', 'service=No'])
    assert.equal((await api.get(`/connections?${wrong}`)).status, 422, wrong);
});

test('the audit record says who did what', async () => {
  const lines = (await api.get('/audit?connection=novels&limit=200')).body.items;
  const actions = lines.map(({ action }) => action);
  for (const action of ['connection.created', 'connection.connected', 'connection.changed', 'connection.revoked'])
    assert.ok(actions.includes(action), action);
  const changed = lines.findLast(({ action }) => action === 'connection.changed');
  assert.equal(changed.detail, 'asks for reports.read from the next consent on; calls may use POST');
  assert.ok(changed.function_key && changed.person === null && changed.address, JSON.stringify(changed));
  const later = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
  assert.deepEqual((await api.get(`/audit?after=${later}`)).body.items, []);
  assert.ok((await api.get(`/audit?before=${later}&service=books&limit=1`)).body.next_cursor);
  assert.equal((await api.get('/audit?after=yesterday')).status, 422);
});

test('ready definitions can be sent as they are', async () => {
  const [ready] = (await api.get('/catalogue')).body.items;
  ready.authentication.client_secret = world.secret('secret of the taken over service', crypto.randomUUID());
  assert.equal((await api.done('POST', '/services', ready)).body.link_name, ready.link_name);
});

test('a connector is there after the first time, and another configuration is another one', async () => {
  const key = await ada.makeKey({ scope: 'connectors' });
  const connectors = new Api(world, key);
  const config = {
    client_id: client.id,
    client_secret: client.secret,
    auth_url: `${world.sandbox.origin}/authorize`,
    refresh_url: `${world.sandbox.origin}/token`,
    refresh_token: world.secret('refresh token of a connector', `refresh-${crypto.randomUUID()}`),
    expires_in: '3600',
    refresh_in: 3600,
  };
  const made = await connectors.put('/connectors/Zoho%20CRM', config);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body, { name: 'Zoho CRM', link_name: 'zoho_crm', status: 'connected', created: true });
  const again = await connectors.put('/connectors/Zoho%20CRM', config);
  assert.deepEqual([again.status, again.body], [200, { ...made.body, created: false }]);
  const refresh = world.secret('refresh token of another user', `refresh-${crypto.randomUUID()}`);
  const other = await connectors.put('/connectors/Zoho%20CRM', { ...config, refresh_token: refresh });
  assert.deepEqual([other.status, other.body.link_name], [201, 'zoho_crm_2']);
  const service = (await api.get('/services/zoho_crm')).body;
  assert.deepEqual([service.api_base_url, service.allowed_hosts], [null, [new URL(world.sandbox.origin).host]]);
  assert.equal(service.authentication.refresh_token_url, config.refresh_url);
  assert.equal((await connectors.get('/services')).body.code, 'forbidden_for_key');
  assert.equal((await api.put('/connectors/x', config)).body.code, 'forbidden_for_key');
  assert.equal((await connectors.put('/connectors/x', { ...config, refresh_url: 'https://10.0.0.1/' })).status, 422);
  api.answers.push(...connectors.answers);
});

/** Every operation, with things that exist. */
async function operations() {
  const { paths } = await (await fetch(`${world.origin}/api/openapi.json`)).json();
  const filled = (path) => path.replace('{link_name}', path.includes('services') ? 'books' : 'novels').replace(/\{.*?\}/, 'x');
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path: filled(path).replace('/api/v1', '') })),
  );
}

const rows = () =>
  world.database.sql(`select md5(string_agg(t, '#')) from (
    select coalesce(string_agg(s::text, '|' order by id), '') t from service s union all
    select coalesce(string_agg(c::text, '|' order by id), '') from connection c union all
    select coalesce(string_agg(k::text, '|' order by connection_id), '') from credential k) t`);

test('without a key, with another scope, of another organization: nothing', async () => {
  const all = await operations();
  assert.ok(all.length > 25, JSON.stringify(all));
  const eve = await world.client().signUp('Eve Ltd');
  const gone = await ada.makeKey({ scope: 'manage' });
  await world.database.sql(`update function_key set revoked_at = now() where id = (select max(id::text)::uuid from function_key)`);
  const before = await rows();
  const send = (other, { method, path }) =>
    other.send(method, path, { body: ['GET', 'DELETE'].includes(method) ? undefined : {} });
  for (const [key, codes] of [
    [undefined, ['invalid_key']],
    [`${api.key.slice(0, -1)}x`, ['invalid_key']],
    [gone, ['invalid_key']],
  ])
    for (const operation of all) {
      const { status, body } = await send(new Api(world, key), operation);
      assert.ok(status === 401 && codes.includes(body.code), `${operation.method} ${operation.path}: ${status} ${body.code}`);
    }
  const reader = new Api(world, await ada.makeKey({ scope: 'credentials:read' }));
  const stranger = new Api(world, await eve.makeKey({ scope: 'manage' }));
  for (const operation of all.filter(({ path }) => !/proxy|invoke|connectors\//.test(path))) {
    const own = (operation.method === 'GET' && operation.path.endsWith('/credentials')) || operation.path.endsWith('/sign');
    if (!own) assert.equal((await send(reader, operation)).status, 403, operation.path);
    const foreign = await send(stranger, operation);
    if (/books|novels/.test(operation.path))
      assert.ok([403, 404, 422].includes(foreign.status) && !/Novels|oauth\/callback/.test(foreign.text), `${operation.path} ${foreign.text}`);
    else assert.ok(!/\bnovels\b|"books"/.test(foreign.text), operation.path);
  }
  assert.equal(await rows(), before);
  const cookie = await ada.get('/api/v1/services');
  assert.equal(cookie.status, 401, 'a session is no key');
});

test('what is no request of ours is a problem in words', async () => {
  for (const [method, path, options, status, code] of [
    ['GET', '/nothing', {}, 404, 'unknown_path'],
    ['PUT', '/services', { body: {} }, 405, 'method_not_allowed'],
    ['POST', '/services', { raw: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'unsupported_media_type'],
    ['POST', '/services', { raw: '{"name": ' }, 422, 'invalid'],
    ['POST', '/services', { raw: '[]' }, 422, 'invalid'],
    ['POST', '/services', { raw: `{"name": "${'x'.repeat(300_000)}"}` }, 413, 'too_large'],
    ['GET', '/services/%ff', {}, 404, 'unknown_path'],
    ['GET', '/services/..', {}, 404, 'unknown_path'],
  ]) {
    const answer = await api.send(method, path, options);
    assert.deepEqual([answer.status, answer.body.code], [status, code], `${method} ${path} ${answer.text}`);
  }
  const { headers } = await api.send('PUT', '/services', { body: {} });
  assert.deepEqual(headers.get('allow').split(',').sort(), ['GET', 'HEAD', 'POST']);
});

test('the page of the API shows every operation', async () => {
  const page = await world.client().get('/api/docs');
  assert.equal(page.status, 200);
  const { paths } = JSON.parse((await world.client().get('/api/openapi.json')).text);
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods)))
    assert.ok(page.text.includes(`id="${operation.operationId}"`), operation.operationId);
});

test('no answer holds a secret, and nothing is left in the database or the log', async () => {
  const readable = api.answers.filter(({ path }) => !path.endsWith('/credentials') && path !== '/function-keys');
  for (const [name, secret] of world.secrets)
    assert.deepEqual(readable.filter(({ text }) => text.includes(secret)).map(({ path }) => path), [], name);
  assert.deepEqual(await world.leaks(), []);
});
