// Every quirk of a provider that a service can say: the sandbox insists on it, the service's definition meets it from
// consent to revocation, and the plain definition is refused for it. What cannot be shown stands in a list.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { Api } from '../harness/manage.mjs';
import { isRefused, works } from '../harness/quirks/prove.mjs';
import { privateKeys, table } from '../harness/quirks/table.mjs';
import { Trial } from '../harness/quirks/trial.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** Rows of the list of quirks that no test here shows, each with the reason. */
const notShown = new Map([
  [14, 'a code that comes by webhook needs an installation at the provider; not supported'],
  [20, 'a client certificate (mTLS) is not supported'],
  [27, 'two tokens in one answer are not supported: one connection each'],
  [31, 'a session login after OAuth is not supported'],
  [40, 'limits on living tokens and on refreshes are kept by pauses, which storm.test.mjs shows'],
  [48, 'a revocation that harms siblings is avoided by leaving the revoke URL empty'],
  [51, 'dynamic client registration is not supported'],
  [53, 'an administrator’s consent or an installation happens at the provider'],
]);

/** Parts of rows that are shown otherwise. */
const partlyShown = new Map([
  [11, 'a plain challenge is not supported: whoever takes one takes S256'],
  [16, 'a redirect URL at localhost is a matter of the public URL'],
  [18, 'the secret as the password alone, and another proof at a refresh than before, are not supported'],
  [21, 'XML bodies are not supported'],
  [49, 'a body hash (oauth_body_hash) is not supported'],
  [50, 'oob is not supported, and a provider must confirm the callback (OAuth 1.0a)'],
  [52, 'limits that only a body tells are passed on as they are'],
]);

const stage = {};
const elsewhere = { asked: 0 };
before(async () => {
  elsewhere.http = createServer((_, response) => {
    elsewhere.asked += 1;
    const headers = { 'content-type': 'application/json', 'x-ratelimit-reset': Math.floor(Date.now() / 1000) + 600 };
    response.writeHead(200, headers).end('{"access_token":"taken","name":"Elsewhere"}');
  });
  await new Promise((resolve) => elsewhere.http.listen(0, '127.0.0.1', resolve));
  elsewhere.origin = `http://127.0.0.1:${elsewhere.http.address().port}`;
  const world = await World.start('quirks', { browser: false, allow: [elsewhere.origin] });
  const ada = await world.client().signUp('Quirks Ltd');
  const key = await ada.makeKey({ scope: ['manage', 'credentials:read', 'invoke'] });
  Object.assign(stage, { world, ada, key, api: new Api(world, key) });
  privateKeys.forEach((pem, at) => world.secret(`private key ${at}`, pem.split('\n')[1]));
});
after(async () => {
  elsewhere.http.close();
  await stage.world.end();
});

for (const [part, rows] of Object.entries(table))
  describe(part, { concurrency: 4 }, () => {
    for (const [at, row] of rows.entries()) {
      const title = `${row.rows.join(', ')}: ${row.title}`;
      test(title, () => works(stage, row, `${part}_${at}`));
      assert.ok(Boolean(row.same) !== Boolean(row.plain), title);
      if (row.same) test(`${title}, and without it: ${row.same}`, () => works(stage, row, `${part}_${at}_plain`, { plainly: true }));
      else test(`${title}, and not without it`, () => isRefused(stage, row, `${part}_${at}_plain`));
    }
  });

const authorize = (options, more) => ({ authentication: { ...more, options: { authorize: options } } });

test('15: a signed callback is taken as it came, and not with another shop in it', async () => {
  const row = {
    demands: { authorize: { callback_hmac: true, callback_parameters: { shop: 'acme.shop.example' } } },
    says: authorize({ callback_hmac: true, keep: { shop: 'shop' } }),
    base: authorize({ keep: { shop: 'shop' } }),
  };
  const altered = (url) => {
    const other = new URL(url);
    other.searchParams.set('shop', 'evil.shop.example');
    return other;
  };
  const trial = await Trial.begin(stage, row, 'shop');
  const answer = await trial.consented();
  const without = new URL(answer);
  without.searchParams.delete('hmac');
  for (const wrong of [altered(answer), without]) {
    await trial.comeBack(wrong);
    assert.equal(trial.cameBack.status, 400);
    assert.match(trial.cameBack.text, /does not carry the provider(’|'|&#x27;|&#39;)s signature/);
  }
  assert.ok(!(await trial.entries()).some(({ endpoint }) => endpoint === 'token'), 'nothing was sent');
  await trial.comeBack(answer);
  const connection = await trial.connection();
  assert.deepEqual([connection.status, connection.kept.shop], ['connected', 'acme.shop.example']);
  await trial.called();

  const plain = await Trial.begin(stage, row, 'shop_plain', { plainly: true });
  await plain.comeBack(altered(await plain.consented()));
  assert.equal((await plain.connection()).kept.shop, 'evil.shop.example', 'the option is what keeps it out');
});

test('17: a token address from the callback leads to allowed hosts only', async () => {
  const row = {
    demands: { authorize: { callback_parameters: { 'accounts-server': elsewhere.origin } } },
    says: (at) => ({
      allowed_hosts: [new URL(at('')).host],
      ...authorize({ keep: { home: 'accounts-server' } }, { access_token_url: '{home}/token' }),
    }),
  };
  const trial = await Trial.begin(stage, row, 'elsewhere');
  assert.equal((await trial.connect()).status, 'not_connected');
  assert.match((await trial.notes()).join('\n'), /not among the allowed hosts/);
  assert.ok(!(await trial.entries()).some(({ endpoint }) => endpoint === 'token'));
  assert.equal(elsewhere.asked, 0, 'no code and no secret went there');
});

test('44: an API’s address from the provider leads to allowed hosts only', async () => {
  const row = {
    demands: { answer: { extra: { instance_url: `${elsewhere.origin}/api` } } },
    says: (at) => ({
      allowed_hosts: [new URL(at('')).host],
      api_base_url: '{instance_url}',
      authentication: { options: { answer: { keep: { instance_url: 'instance_url' } } } },
    }),
  };
  const trial = await Trial.begin(stage, row, 'instance');
  await trial.connect();
  const answer = await trial.call();
  assert.deepEqual([answer.status, JSON.parse(answer.text).code], [403, 'host_not_allowed']);
  assert.equal(elsewhere.asked, 0, 'no token went there');
});

test('52: a good answer that tells when a limit ends is not to be waited for', async () => {
  const row = {
    demands: {},
    says: {
      api_base_url: `${elsewhere.origin}/api`,
      calls: { limit_header: 'x-ratelimit-reset', limit_kind: 'epoch' },
    },
  };
  const trial = await Trial.begin(stage, row, 'unlimited');
  await trial.connect();
  const { headers } = await trial.called();
  assert.ok(headers.get('x-ratelimit-reset'));
  assert.equal(headers.get('retry-after'), null);
});

test('2, 17, 55: a field’s value is one part of a host and nothing else', async () => {
  const { api } = stage;
  const service = {
    name: 'Shop',
    link_name: 'shops',
    authentication: {
      type: 'oauth2',
      client_id: 'shop',
      client_secret: stage.world.secret('client secret of shops', crypto.randomUUID()),
      authorize_url: 'https://{shop}.shop.example/authorize',
      access_token_url: 'https://{shop}.shop.example/token',
    },
    fields: [{ name: 'shop', kind: 'subdomain', suffix: '.shop.example' }],
    allowed_hosts: ['{shop}.shop.example'],
  };
  const { redirect_id } = (await api.done('POST', '/services/redirect')).body;
  await api.done('POST', '/services', { ...service, redirect_id });
  for (const shop of ['evil.example/', 'a@b', 'evil.example#', 'evil.example', 'a:1', 'a%2fb', 'a\\b', '..', '-a', 'ä', '']) {
    const made = await api.post('/connections', { name: 'x', link_name: 'x', service: 'shops', fields: { shop } });
    assert.equal(made.status, 422, shop);
    assert.deepEqual(made.body.errors.map(({ field }) => field), ['fields.shop'], shop);
  }
  const made = await api.post('/connections', { name: 'x', link_name: 'x', service: 'shops', fields: { shop: 'acme.shop.example' } });
  assert.deepEqual([made.status, made.body.fields], [201, { shop: 'acme' }]);
  // A host that anybody could choose is refused before any connection is made.
  for (const url of ['https://{shop}/token', '{shop}/token', 'https://accounts.{shop}/token']) {
    const changes = { authentication: { access_token_url: url }, fields: [{ name: 'shop', kind: 'host' }] };
    const changed = await api.patch('/services/shops', changes);
    assert.ok(changed.status === 422 && changed.body.errors.some(({ field }) => field === 'authentication.access_token_url'), changed.text);
  }
});

test('47: a connection that is deleted is withdrawn where its own values lead', async () => {
  const row = {
    fields: { tenant: 'revoke' },
    base: { fields: [{ name: 'tenant', kind: 'subdomain' }] },
    demands: {},
    says: (at) => ({ authentication: { revoke_token_url: at('/{tenant}') } }),
  };
  const trial = await Trial.begin(stage, row, 'deleted');
  assert.equal((await trial.connect()).status, 'connected');
  assert.equal((await stage.api.delete(`/connections/${trial.name}`)).status, 204);
  const withdrawn = async () => (await trial.entries()).some(({ outcome }) => outcome === 'revoked');
  await until('the token is withdrawn', withdrawn);
});

test('every row is shown, or stands in the list', () => {
  const shown = new Set([15, ...Object.values(table).flat().flatMap(({ rows }) => rows)]);
  for (let row = 1; row <= 56; row += 1) assert.notEqual(shown.has(row), notShown.has(row), `row ${row}`);
  for (const row of partlyShown.keys()) assert.ok(shown.has(row), `row ${row}`);
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await stage.world.leaks(), []);
});
