// The examples that the product's models document, step by step in their order, in the browser: MailChimp, Zoho with
// its own demands, Zoom with client credentials, Slack with its workspace, and several users under one connector's name.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { runSnippet } from '../harness/api.mjs';
import { Api } from '../harness/manage.mjs';
import * as steps from '../harness/steps.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('seeds', { settings: { CONNECTIONS_SANDBOX_TOKEN_SECONDS: '4' } });
});
after(() => world.end());

/** Setup > Connections > Create connection > Custom services > Create service, as all of the examples begin. */
async function toCustomService(person) {
  await person.open('/setup/connections');
  const create = person.page.getByRole('link', { name: 'Create connection', exact: true }).first();
  await person.press(create);
  assert.equal(person.path, '/setup/connections/new');
  await person.press(person.link('Custom services'));
  await person.press(person.page.getByRole('link', { name: 'Create service', exact: true }).first());
  assert.equal(person.path, '/setup/services/new');
  return person.text('#redirect-url');
}

async function registered(id, redirect, scopes, quirks) {
  const secret = world.secret(`client secret of ${id}`, `secret-${crypto.randomUUID()}`);
  const named = scopes.map((name) => ({ name, display_name: name }));
  await world.sandbox.register(id, { application: id, secret, redirect_uris: [redirect], scopes: named, quirks });
  return { 'Client ID': id, 'Client secret': secret };
}

/** The code of the connection's page, with a key that is made from it, run as a function does. */
async function runs(person) {
  const snippet = await person.page.locator('#snippet-curl').textContent();
  return runSnippet(snippet, await steps.createKey(person));
}

/** Fills in both names, which nobody proposes without JavaScript. */
const named = (kind, name, linkName) => ({ [`${kind} name`]: name, [`${kind} link name`]: linkName });

for (const js of [true, false]) {
  const mode = js ? 'with JavaScript' : 'without JavaScript';

  test(`MailChimp, ${mode}`, async () => {
    const { origin } = world.sandbox;
    const person = await world.person({ js });
    await steps.signUp(person);
    const redirect = await toCustomService(person);
    // Its tokens never end, and calls go to the data centre that the token answer names.
    const quirks = {
      answer: { expires: 'absent', lifetime_seconds: 3600, extra: { api_endpoint: '{base}/instances/us6' } },
      call: { instance: 'us6' },
    };
    const client = await registered(`mailchimp-${js}`, redirect, ['profile'], quirks);
    await person.fill(named('Service', 'MailChimp', 'mailchimp'));
    await person.page.getByText('OAuth 2.0', { exact: true }).click();
    await steps.unfold(person);
    await person.fill({
      ...client,
      'Authorize URL': `${origin}/authorize`,
      'Access token URL': `${origin}/token`,
      'Kept from the answer': 'api_endpoint=api_endpoint',
      'API base URL': '{api_endpoint}/api',
      'Allowed hosts': new URL(origin).host,
      'Sample request': '/me',
      'Scope name': 'profile',
      'Scope display name': 'Your profile',
    });
    await person.press('Create service');
    assert.equal(person.path, '/setup/connections/new/mailchimp');
    await person.fill(named('Connection', 'Newsletter', 'newsletter'));
    await person.press('Create and connect');
    await steps.continueTo(person, 'MailChimp');
    await steps.consentAtSandbox(person);
    assert.equal(await steps.status(person), 'Connected');
    const facts = await person.text('dl.facts');
    for (const words of [/Link name\s+newsletter/, /Service\s+MailChimp/]) assert.match(facts, words);
    await person.inspect('a connection with a kept value');
    assert.equal((await runs(person)).email, 'ada@example.com');
    // What was defined once is picked from now on.
    await person.open('/setup/connections/new?tab=custom');
    assert.match(await person.text('main'), /MailChimp/);
    await person.leave();
  });

  test(`Zoho, ${mode}`, async () => {
    const { origin } = world.sandbox;
    const person = await world.person({ js });
    await steps.signUp(person);
    const redirect = await toCustomService(person);
    const quirks = {
      authorize: { scope_delimiter: ',', parameters: { access_type: 'offline' } },
      token: { auth: 'post', keeps_refresh_token: true },
    };
    const client = await registered(`zoho-${js}`, redirect, ['profile', 'reports.read'], quirks);
    await steps.createService(person, {
      name: 'Zoho CRM',
      scopes: { profile: 'Your profile', 'reports.read': 'Your reports' },
      fields: {
        'Param type': 'Header',
        'Grant type': 'Authorization code',
        ...client,
        'Authorize URL': `${origin}/authorize?access_type=offline`,
        'Access token URL': `${origin}/token`,
        'Refresh token URL': `${origin}/token`,
        'Revoke token URL': `${origin}/revoke`,
        'Scope delimiter': 'Comma',
        'API base URL': `${origin}/api`,
        'Sample request': '/me',
      },
      options: {},
    });
    await steps.createConnection(person, 'Zoho CRM', { name: 'Sales', linkName: 'sales' });
    assert.match(person.page.url(), /access_type=offline/);
    assert.match(person.page.url(), /scope=profile(,|%2C)reports\.read/);
    await steps.consentAtSandbox(person);
    assert.equal(await steps.status(person), 'Connected');
    const key = await (async () => {
      const snippet = await person.page.locator('#snippet-curl').textContent();
      const made = await steps.createKey(person);
      assert.equal((await runSnippet(snippet, made)).email, 'ada@example.com');
      await expired('sales');
      assert.equal((await runSnippet(snippet, made)).email, 'ada@example.com', 'and once its hour is over');
      return made;
    })();
    await person.open('/setup/connections/sales');
    await person.confirm('Revoke', 'Sales');
    assert.equal(await steps.status(person), 'Revoked');
    const api = new Api(world, key);
    assert.equal((await api.get('/connections/sales/credentials')).body.code, 'revoked');
    await until('the provider is asked to revoke', async () => {
      const ledger = await world.sandbox.ledger();
      return ledger.some((entry) => entry.client_id === client['Client ID'] && entry.endpoint === 'revoke' && entry.outcome === 'revoked');
    });
    await person.leave();
  });

  test(`Zoom with client credentials, ${mode}`, async () => {
    const { origin } = world.sandbox;
    const person = await world.person({ js });
    await steps.signUp(person);
    await toCustomService(person);
    const quirks = { token: { client_credentials: 'client_credentials' } };
    const client = await registered(`zoom-${js}`, `${origin}/nowhere`, ['profile'], quirks);
    await person.fill(named('Service', 'Zoom Meeting', 'zoom_meeting'));
    await person.page.getByText('OAuth 2.0', { exact: true }).click();
    await person.fill({ 'Param type': 'Header', 'Grant type': 'Client credentials' });
    await steps.unfold(person);
    await person.fill({
      ...client,
      // As the example gives it: kept and noted, since nobody consents.
      'Authorize URL': `${origin}/authorize`,
      'Access token URL': `${origin}/token`,
      'Refresh token URL': `${origin}/token`,
      'API base URL': `${origin}/api`,
      'Sample request': '/me',
      'Scope name': 'profile',
      'Scope display name': 'Meetings',
    });
    await person.press('Create service');
    await person.fill(named('Connection', 'Meetings', 'meetings'));
    await person.press('Create and connect');
    assert.equal(person.path, '/setup/connections/meetings', 'nobody is asked for consent');
    assert.equal(await steps.status(person), 'Connected');
    const before = (await world.sandbox.tokenRequests('client_credentials')).length;
    const snippet = await person.page.locator('#snippet-curl').textContent();
    const key = await steps.createKey(person);
    assert.ok(await runSnippet(snippet, key));
    await expired('meetings');
    assert.ok(await runSnippet(snippet, key), 'a new token is asked for');
    assert.ok((await world.sandbox.tokenRequests('client_credentials')).length > before);
    await person.open('/setup/services/zoom_meeting');
    assert.match(await person.text('main'), /The authorize URL is kept and not used: nobody consents/);
    await person.leave();
  });

  test(`Slack with its workspace, ${mode}`, async () => {
    const { origin } = world.sandbox;
    const person = await world.person({ js });
    await steps.signUp(person);
    const redirect = await toCustomService(person);
    const quirks = { authorize: { parameters: { team: 'analytical.slack.com' } } };
    const client = await registered(`slack-${js}`, redirect, ['profile'], quirks);
    for (const words of ['Add a field', 'Help, choices and form'])
      await person.page.locator('#f-fields summary', { hasText: words }).first().click();
    await steps.createService(person, {
      name: 'Slack',
      scopes: { profile: 'Your profile' },
      fields: { ...steps.sandboxFields(world.sandbox, client), ...client },
      options: {
        'Further authorize parameters': 'team={workspace}.slack.com',
        'Name in templates': 'workspace',
        'Field label': 'Slack workspace',
        'Kind of value': 'Part of a host name',
        'Shown behind it': '.slack.com',
      },
    });
    await person.fill(named('Connection', 'Announcements', 'announcements'));
    await person.pressRefused('Create and connect');
    assert.match(await person.complaint('field_workspace'), /\w/, 'without a workspace nobody is sent on');
    await person.fill({ 'Slack workspace': 'analytical' });
    await person.press('Create and connect');
    await steps.continueTo(person, 'Slack');
    await steps.consentAtSandbox(person);
    assert.equal(await steps.status(person), 'Connected');
    assert.match(await person.text('main'), /Slack workspace\s+analytical/);
    await person.inspect('a connection with a field');
    assert.equal((await runs(person)).email, 'ada@example.com');
    await person.leave();
  });
}

/** Waits until the token of a connection has ended. */
async function expired(linkName) {
  for (let tries = 0; tries < 100; tries += 1) {
    const over = `select bool_and(expires_at < clock_timestamp()) from credential k
      join connection c on c.id = k.connection_id where c.link_name = '${linkName}'`;
    if ((await world.database.sql(over)) === 't') return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`${linkName} has not expired`);
}

test('several users under one connector name are several connections', async () => {
  const person = await world.person();
  const account = await steps.signUp(person);
  const client = world.client();
  await client.signIn(account);
  const api = new Api(world, await client.makeKey({ scope: ['connectors', 'credentials:read', 'manage'] }));
  const { origin } = world.sandbox;
  const configuration = (user) => ({
    client_id: 'sandbox',
    client_secret: 'sandbox-secret',
    auth_url: `${origin}/authorize`,
    refresh_url: `${origin}/token`,
    refresh_token: world.secret(`refresh token of ${user}`, `refresh-${crypto.randomUUID()}`),
  });
  const names = new Set();
  for (const user of ['ada', 'grace', 'edith']) {
    const made = await api.put('/connectors/ConnectorName', configuration(user));
    assert.equal(made.status, 201, made.text);
    names.add(made.body.link_name);
  }
  assert.deepEqual([...names], ['connectorname', 'connectorname_2', 'connectorname_3']);
  await person.open('/setup/connections');
  assert.equal((await person.text('#connections')).match(/ConnectorName/g).length >= 3, true);
  await person.inspect('connectors of several users');
  await person.leave();
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
