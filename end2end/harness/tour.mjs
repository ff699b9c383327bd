// Every page in every state that has a look of its own. `look(name)` is told when one is on the screen.
//
// States are made over HTTP, in the session of the person who then looks at them.

import { credentials } from './api.mjs';
import { kinds } from './kinds.mjs';
import { unfold } from './steps.mjs';

export async function tour(person, look) {
  await doors(person, look);
  await person.press('Create organization');
  const client = person.world.client();
  for (const { name, value } of await person.context.cookies(person.world.origin)) client.cookies.set(name, value);
  await firstSteps(person, client, look);
  await states(person, client, look);
  await lists(person, look);
  await services(person, client, look);
  await kinds(person, client, look);
  await keys(person, look);
  await refusals(person, client, look);
}

async function doors(person, look) {
  await person.open('/sign-in');
  await look('sign-in');
  await person.fill({ Email: 'ada@example.com', Password: 'not the password' });
  await person.pressRefused('Sign in');
  await look('sign-in-wrong');
  await person.open('/sign-up');
  await look('sign-up');
  await person.fill({ 'Organization name': '', 'Your name': 'Ada Lovelace', Email: 'ada', Password: 'short' });
  await person.pressRefused('Create organization');
  await look('sign-up-errors');
  const password = person.world.secret('password of the tour', 'analytical engine number one');
  await person.fill({ 'Organization name': 'Analytical Engines', Email: 'ada@example.com', Password: password });
}

async function firstSteps(person, client, look) {
  await look('get-started');
  for (const [path, name] of [
    ['/setup/services', 'services-none'],
    ['/setup/keys', 'keys-none'],
    ['/setup/connections/new', 'pick-default'],
    ['/setup/connections/new?tab=custom', 'pick-custom-none'],
    ['/setup/services/new', 'service-new'],
  ]) {
    await person.open(path);
    await look(name);
  }
  await unfold(person);
  await person.fill({
    'Service name': 'Zoom Meeting',
    'Authorize URL': 'http://10.0.0.1/authorize',
    'Access token URL': 'zoom.us/token',
    Issuer: 'zoom',
  });
  await person.pressRefused('Create service');
  await look('service-new-errors');
  await client.defineService('reports', { name: 'Report Store' });
  await client.defineService('unused', { name: 'A service with quite a long name that nothing uses yet' });
  await person.open('/setup/connections/new?tab=custom');
  await look('pick-custom');
  await person.open('/setup/connections/new/reports');
  await look('connection-new');
  await person.fill({ 'Connection name': '', 'Connection link name': 'Reports' });
  await person.pressRefused('Create and connect');
  await look('connection-new-errors');
}

/** Makes a connection and takes it through consent with a fault on. */
async function make(client, linkName, { faults = [], ...decision } = {}) {
  await client.defineConnection('reports', linkName, ['profile', 'reports.read']);
  const url = await client.answerFor(linkName, decision);
  await client.world.sandbox.switches(...faults.map((fault) => ({ fault, times: 1 })));
  await client.get(url.href);
}

async function states(person, client, look) {
  const { database, sandbox } = person.world;
  const key = await client.makeKey({ name: 'nightly report' });
  const see = async (linkName, name = linkName) => {
    await person.open(`/setup/connections/${linkName}`);
    await look(`connection-${name.replaceAll('_', '-')}`);
  };
  await client.defineConnection('reports', 'not_connected');
  await see('not_connected');
  const begun = await client.post('/setup/connections/not_connected/reconnect');
  await person.open(begun.location);
  await look('authorize');
  await make(client, 'connected');
  await credentials(person.world, 'connected', key);
  await see('connected');
  await person.page.locator('summary', { hasText: 'Delete…' }).click();
  await look('connection-delete');
  await tries(person, client, look);
  await make(client, 'denied', { decision: 'deny' });
  await see('denied');
  await make(client, 'failed', { faults: [{ body: 'html' }] });
  await see('failed');
  await make(client, 'fewer_scopes', { grant: ['profile'] });
  await see('fewer_scopes');
  await make(client, 'expiring', { faults: ['omit_refresh_token'] });
  await see('expiring');
  await make(client, 'endless', { faults: ['omit_expires_in', 'omit_refresh_token'] });
  await see('endless');
  for (const [linkName, code] of [
    ['reconnect', 'invalid_grant'],
    ['error', 'invalid_client'],
  ]) {
    await make(client, linkName);
    await database.sql(`update credential set expires_at = clock_timestamp() from connection c
      where c.id = connection_id and c.link_name = '${linkName}'`);
    await sandbox.switches({ fault: { error: { code, status: null } }, times: 1 });
    await credentials(person.world, linkName, key);
    await see(linkName);
  }
  for (const [linkName, verb] of [
    ['disabled', 'disable'],
    ['revoked', 'revoke'],
  ]) {
    await make(client, linkName);
    await client.post(`/setup/connections/${linkName}/${verb}`);
    await see(linkName);
  }
}

/** *Try it*: an answer, a refusal, a field error; and a service that says nowhere where its credential may go. */
async function tries(person, client, look) {
  const attempt = async (values, name) => {
    await person.open('/setup/connections/connected');
    await person.page.locator('summary', { hasText: 'Parameters and body' }).click();
    await person.fill(values);
    await person.press('Send');
    await look(name);
  };
  const body = '{"title": "Notes", "tags": ["a", "b"]}';
  await attempt({ Method: 'POST', Path: '/echo/notes', Parameters: 'draft=yes', Body: body }, 'connection-tried');
  await attempt({ Path: '/nothing/here' }, 'connection-tried-404');
  await attempt({ Path: 'me', Parameters: 'x' }, 'connection-tried-errors');
  await client.defineService('quiet', { name: 'Quiet', api_base_url: '', sample_path: '' });
  await client.defineConnection('quiet', 'quiet');
  await person.open('/setup/connections/quiet');
  await look('connection-asks');
}

async function lists(person, look) {
  await person.open('/setup/connections');
  await look('connections');
  await person.open('/setup/connections?status=expiring');
  await look('connections-filtered');
  await person.open('/setup/connections?text=nothing+of+this+name');
  await look('connections-no-match');
}

async function services(person, client, look) {
  await person.open('/setup/services');
  await look('services');
  await person.open('/setup/services/reports');
  await look('service-used');
  await person.open('/setup/services/unused');
  await person.page.locator('summary', { hasText: 'Delete…' }).click();
  await look('service-unused');
  await person.open('/setup/services/reports/edit');
  await look('service-edit');
  await unfold(person);
  await look('service-edit-advanced');
}

async function keys(person, look) {
  await person.open('/setup/keys?connection=connected');
  await look('keys');
  await person.fill({ 'Key name': '' });
  await person.press('Create key');
  await look('keys-errors');
  await person.fill({ 'Key name': 'month end' });
  await person.press('Create key');
  const key = (await person.text('#new-key-text')).trim();
  person.world.secret(`function key ${key.slice(4, 10)}…`, key);
  await look('keys-made');
}

async function refusals(person, client, look) {
  await person.open('/account');
  await look('account');
  await person.open('/setup/nowhere');
  await look('not-found');
  await person.open('/oauth/start/cns_0190aaaabbbb7ccc8dddeeeeffff0000');
  await look('link-no-longer-good');
  await person.open('/oauth/callback/svc_0190aaaabbbb7ccc8dddeeeeffff0000?code=x&state=y');
  await look('answer-refused');
  await person.world.database.sql(`update membership set role = 'developer'`);
  await person.open('/setup/services/new');
  await look('forbidden');
  await person.open('/setup/connections/connected');
  await look('connection-developer');
  await person.open('/setup/connections');
  await look('connections-developer');
  await person.world.database.sql(`update membership set role = 'owner'`);
  await person.context.clearCookies();
  await person.open('/oauth/callback/svc_0190aaaabbbb7ccc8dddeeeeffff0000?code=x&state=y');
  await look('session-ended');
}
