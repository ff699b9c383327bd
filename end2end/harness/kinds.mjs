// The pages of every kind of service: part of the tour.

import { unfold } from './steps.mjs';

export async function kinds(person, client, look) {
  await definitions(person, look);
  await typedIn(person, client, look);
  await withFields(person, client, look);
  await people(person, client, look);
  await edits(person, client, look);
}

/** The catalogue, and the form for each type. */
async function definitions(person, look) {
  for (const [path, name] of [
    ['/setup/connections/new?text=mail', 'pick-search'],
    ['/setup/connections/new?category=crm_and_sales', 'pick-category'],
    ['/setup/connections/new?text=no+such+service', 'pick-no-match'],
    ['/setup/services/new?from=slack', 'service-default'],
    ['/setup/services/new?from=datadog', 'service-default-key'],
    ['/setup/services/new?from=zoho_crm&edit=all', 'service-default-all'],
  ]) {
    await person.open(path);
    await look(name);
  }
  await person.open('/setup/services/new');
  for (const kind of ['OAuth 1.0a', 'API key', 'Basic']) {
    await person.page.getByText(kind, { exact: true }).first().click();
    await look(`service-new-${kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`);
  }
  await person.page.getByText('OAuth 2.0', { exact: true }).first().click();
  await person.fill({ 'Grant type': 'Client credentials' });
  await look('service-new-machine');
  await unfold(person);
  await look('service-new-everything');
}

/** A service whose connections bring a key of their own. */
async function typedIn(person, client, look) {
  const { sandbox } = person.world;
  const key = person.world.secret('weather key', `weather-${crypto.randomUUID()}`);
  await sandbox.door('keys', 'weather', { parameters: [{ in: 'header', name: 'x-api-key', value: key }] });
  await client.defineService('weather', {
    name: 'Weather',
    authentication_type: 'api_key',
    key_name: 'X-Api-Key',
    key_label: 'API key',
    key_param_type: 'header',
    key_template: '{value}',
    api_base_url: `${sandbox.origin}/keys/weather`,
    identity_url: '',
    client_id: '',
  });
  await person.open('/setup/connections/new/weather');
  await look('connection-new-key');
  await person.fill({ 'Connection name': 'Forecast', 'API key': 'another key' });
  // Asked at the provider before it is kept.
  await person.pressRefused('Create and connect');
  await look('connection-new-key-errors');
  await person.fill({ 'API key': key });
  await person.press('Create and connect');
  await look('connection-key');
  await person.press('Test connection');
  await look('connection-tested');
  await person.open('/setup/connections/forecast/credentials');
  await look('credentials-key');
  await person.open('/setup/connections/connected/credentials');
  await look('credentials-tokens');
}

/** A service that asks each connection for something. */
async function withFields(person, client, look) {
  await client.defineService('chat', {
    name: 'Team Chat',
    field_name: ['workspace', 'region'],
    field_label: ['Workspace', 'Region'],
    field_kind: ['subdomain', 'text'],
    field_suffix: ['.chat.example', ''],
    field_choices: ['', 'eu=Europe\nus=United States'],
    authorize_parameters: 'team={workspace}-{region}',
  });
  await person.open('/setup/connections/new/chat');
  await look('connection-new-fields');
  const form = { name: 'Chat', link_name: 'chat', scope: 'profile', field_workspace: 'analytical', field_region: 'eu' };
  await client.post('/setup/connections/new/chat', form);
  await person.open('/setup/connections/chat');
  await look('connection-fields');
}

/** A connection with accounts of single people. */
async function people(person, client, look) {
  const form = { name: 'Calendars', link_name: 'calendars', scope: 'profile', credential_mode: 'login_user' };
  await client.post('/setup/connections/new/reports', form);
  await person.open('/setup/connections/calendars');
  await look('connection-people-none');
  const tokens = { access_token: person.world.secret('token of a customer', `at-${crypto.randomUUID()}`), user: 'customer-17' };
  await client.post('/setup/connections/calendars/credentials', tokens);
  await person.open('/setup/connections/calendars');
  await look('connection-people');
}

/** What an edit does to connections is said before it is done. */
async function edits(person, client, look) {
  await person.open('/setup/services/reports/edit');
  const secret = person.world.secret('secret of elsewhere', `secret-${crypto.randomUUID()}`);
  await person.fill({ 'Access token URL': 'https://elsewhere.example/token', 'Client secret': secret });
  await person.page.getByRole('button', { name: 'Save changes', exact: true }).click();
  await person.page.locator('[name=confirm]').waitFor({ timeout: 5000 });
  await look('service-edit-confirm');
  await person.open('/setup/services/weather');
  await person.page.locator('summary', { hasText: 'Clone…' }).click();
  await look('service-clone');
}
