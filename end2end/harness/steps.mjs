// What people do in the console, in its own words.

import { randomUUID } from 'node:crypto';

/** A new organization with its owner, signed in. */
export async function signUp(person, organization = 'Lovelace & Co') {
  const id = randomUUID();
  const account = {
    email: `ada-${id.slice(0, 8)}@example.com`,
    password: person.world.secret(`password ${id.slice(0, 4)}`, `correct horse ${id}`),
  };
  await person.open('/sign-up');
  await person.inspect('sign-up');
  await person.fill({
    'Organization name': organization,
    'Your name': 'Ada Lovelace',
    Email: account.email,
    Password: account.password,
  });
  await person.press('Create organization');
  return account;
}

export async function signIn(person, { email, password }) {
  await person.open('/sign-in');
  await person.inspect('sign-in');
  await person.fill({ Email: email, Password: password });
  await person.press('Sign in');
}

/** Opens *Create service* and reads the redirect URL to register at the provider. */
export async function newService(person) {
  await person.open('/setup/services/new');
  await person.inspect('create service');
  return person.text('#redirect-url');
}

/** The labels of the definition form, for a client of the sandbox. */
export function sandboxFields(sandbox, client) {
  return {
    'Client ID': client.id,
    'Client secret': client.secret,
    'Authorize URL': `${sandbox.origin}/authorize`,
    'Access token URL': `${sandbox.origin}/token`,
    'Revoke token URL': `${sandbox.origin}/revoke`,
    'API base URL': `${sandbox.origin}/api`,
    'Sample request': '/me',
  };
}

/** The labels of the definition form, for a client of oidc-provider. */
export function oidcFields(oidc, client) {
  return {
    'Client ID': client.client_id,
    'Client secret': client.client_secret,
    'Authorize URL': `${oidc.origin}/auth?prompt=consent`,
    'Access token URL': `${oidc.origin}/token`,
    'Revoke token URL': `${oidc.origin}/token/revocation`,
    'API base URL': oidc.origin,
    'Sample request': '/me',
  };
}

/** What stands under *Advanced* for a provider that rotates strictly and names itself. */
export const advanced = (issuer, identity, field, client = 'HTTP Basic header') => ({
  Issuer: issuer,
  'Client authentication': client,
  'Refresh token': 'Changes, the old one must never be used again',
  'Identity URL': identity,
  'Account field': field,
});

/** Opens *Advanced* and every group in it. */
export async function unfold(person) {
  await person.page.locator('details.advanced').evaluate((advanced) => {
    for (const folded of [advanced, ...advanced.querySelectorAll('details')]) folded.open = true;
  });
}

/** Fills in the definition form and creates the service; the person lands on *Create connection*. */
export async function createService(person, { name, scopes, fields, options }) {
  await person.fill({ 'Service name': name, ...fields });
  const link = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  // Without JavaScript nobody proposes a link name.
  if (!person.js) await person.fill({ 'Service link name': link });
  await unfold(person);
  await person.fill(options);
  const { page } = person;
  for (const [at, [scope, label]] of Object.entries(scopes).entries()) {
    if (person.js && at > 0) await page.getByRole('button', { name: 'Add scope' }).click();
    await page.getByLabel('Scope name', { exact: true }).nth(at).fill(scope);
    await page.getByLabel('Scope display name', { exact: true }).nth(at).fill(label);
  }
  await person.press('Create service');
  return link;
}

/** Fills in *Create connection* and goes on to the provider's page. */
export async function createConnection(person, service, { name, linkName }) {
  await person.fill({ 'Connection name': name, 'Connection link name': linkName });
  await person.inspect('create connection');
  await person.press('Create and connect');
  await continueTo(person, service);
}

/** Without JavaScript a page of ours leads on to the provider; with it the browser is there already. */
export async function continueTo(person, service) {
  if (person.js) return;
  await person.press(person.link(`Continue to ${service}`));
}

/** The sandbox's consent page. `untick`: scopes that the person does not grant. */
export async function consentAtSandbox(person, { account = 'ada@example.com', untick = [], decision = 'Allow' } = {}) {
  const { page } = person;
  await page.getByLabel(account).check();
  for (const scope of untick) await page.locator(`input[name=grant][value="${scope}"]`).uncheck();
  await person.press(decision);
}

/** oidc-provider's pages: sign in where it does not know the person yet, then agree. */
export async function consentAtOidc(person, login = 'grace') {
  const { page } = person;
  if (await page.locator('input[name=login]').count()) {
    await page.locator('input[name=login]').fill(login);
    await page.locator('input[name=password]').fill('any');
    await person.press(page.locator('button[type=submit]'));
  }
  await person.press(page.locator('button[type=submit]'));
}

/** Makes a key for the connection whose page is open; without a name, under the one that is proposed. */
export async function createKey(person, name) {
  await person.press(person.link('Create a key for this connection'));
  await person.inspect('keys');
  // The snippet needs one of the two; the tests look at credentials as well.
  await person.page.locator('input[name=scope][value="credentials:read"]').check();
  if (name) await person.fill({ 'Key name': name });
  await person.press('Create key');
  await person.inspect('a new key');
  const key = (await person.text('#new-key-text')).trim();
  return person.world.secret(`function key ${key.slice(4, 10)}…`, key);
}

export async function status(person) {
  return (await person.page.locator('.pill').first().innerText()).trim();
}

/** The whole way to a connection on oidc-provider, and a key for it. */
export async function connectAtOidc(person, { linkName, login = 'grace' }) {
  const { oidc } = person.world;
  const client = await oidc.register(await newService(person));
  await createService(person, {
    name: `Provider of ${linkName}`,
    scopes: { openid: 'Who you are', offline_access: 'While you are away' },
    fields: oidcFields(oidc, client),
    options: advanced(oidc.origin, `${oidc.origin}/me`, 'sub'),
  });
  await createConnection(person, `Provider of ${linkName}`, { name: linkName, linkName });
  await consentAtOidc(person, login);
  return createKey(person);
}
