// Accounts of single people on one connection. The sandbox knows two accounts; what each person grants of four scopes
// tells apart everybody who connects one of them.

import assert from 'node:assert/strict';

import { Api, registered, sandboxService } from './manage.mjs';

export const SCOPES = ['profile', 'reports.read', 'reports.write', 'files.read'];

/** An account at the sandbox with what was granted of it: the number says which. */
export function identity(number) {
  const scopes = SCOPES.filter((_, at) => at === 0 || number & (1 << at));
  return { account: number & 1 ? 'grace@example.com' : 'ada@example.com', scopes, text: told(number & 1, scopes) };
}

function told(second, scopes) {
  return `${second ? 'grace@example.com' : 'ada@example.com'} ${[...scopes].sort().join(' ')}`;
}

/** Signs up, and defines a service of the sandbox with one connection of each credential mode. */
export async function organization(world, name) {
  const owner = await world.client().signUp(name);
  const key = await owner.makeKey({ scope: ['manage', 'credentials:read', 'invoke'] });
  const api = new Api(world, key);
  const { redirect_id, redirect_url } = (await api.done('POST', '/services/redirect')).body;
  const client = await registered(world, redirect_url, SCOPES);
  const scopes = SCOPES.map((scope) => ({ name: scope }));
  await api.done('POST', '/services', { ...sandboxService(world, 'books', client), redirect_id, scopes });
  for (const [link_name, credential_mode] of Object.entries({
    shared: 'organization',
    own: 'login_user',
    mixed: 'login_user_or_organization',
  }))
    await api.done('POST', '/connections', { name: link_name, link_name, service: 'books', scopes: SCOPES, credential_mode });
  return { owner, key, api };
}

/** Makes a client's person a member of another's organization, and signs them in there. */
export async function join(world, client, owner, role) {
  await world.database.sql(`insert into membership (organization_id, user_id, role, created_at)
    select m.organization_id, d.id, '${role}', '2000-01-01' from user_account d, user_account a
    join membership m on m.user_id = a.id where d.email = '${client.account.email}' and a.email = '${owner.account.email}'`);
  return client.signIn(client.account);
}

/** How programs name a member. */
export async function memberId(world, client) {
  const id = await world.database.sql(`select id from user_account where email = '${client.account.email}'`);
  return `usr_${id.replaceAll('-', '')}`;
}

/** Connects an account through consent, for a user (`me`, or an external id), or for the organization without one. */
export async function connectAs(world, client, linkName, user, { account, scopes }) {
  const url = await departAs(client, linkName, user);
  const back = await world.agreed(url, { account, grant: scopes });
  const done = await client.get(back.href);
  assert.equal(done.status, 303, done.text);
}

/** The provider's address that a consent for this user leads to. */
export async function departAs(client, linkName, user) {
  if (!user) return (await client.depart(linkName)).url;
  const begun = await client.post(`/setup/connections/${linkName}/connect`, { user }, { json: true });
  assert.equal(begun.status, 200, begun.text);
  const left = await client.get(JSON.parse(begun.text).go);
  assert.equal(left.status, 303, left.text);
  return left.location;
}

export const WAYS = ['credentials', 'invoke', 'proxy'];

/**
 * Asks for a connection as this user and gives in one line what came of it: an identity, or a refusal with whatever
 * tells what to do.
 */
export async function ask(world, way, key, linkName, user = '') {
  const headers = { authorization: `Bearer ${key}` };
  const at = `${world.origin}/api/v1`;
  let response;
  if (way === 'credentials') {
    const query = user && `?${new URLSearchParams({ user })}`;
    response = await fetch(`${at}/connections/${linkName}/credentials${query}`, { headers });
  } else if (way === 'invoke') {
    headers['content-type'] = 'application/json';
    const body = JSON.stringify({ connection: linkName, url: '/me', ...(user && { user }) });
    response = await fetch(`${at}/invoke`, { method: 'POST', headers, body });
  } else {
    // A header is bytes: a name is sent in UTF-8.
    if (user) headers['x-connections-user'] = Buffer.from(user).toString('latin1');
    response = await fetch(`${at}/proxy/${linkName}/me`, { headers });
  }
  const body = await response.json();
  if (response.ok) {
    const seen = toldBy(body.account ?? body.email, body.scopes);
    return body.access_token ? proven(world, body, seen) : seen;
  }
  if (body.code === 'invalid') return `422 ${body.errors.map(({ field }) => field.toLowerCase()).join()}`;
  return [response.status, body.code, body.connect_url && new URL(body.connect_url).pathname].filter(Boolean).join(' ');
}

const toldBy = (email, scopes) => told(email.startsWith('grace'), scopes);

const owners = new Map();

/** What comes of a token that its provider has taken back by the time it is tried. */
export const WITHDRAWN = 'a token that was withdrawn';

/** What is said about a token, and, where its owner is another one, that too: each token is tried once. */
async function proven(world, { access_token: token, headers }, said) {
  world.secrets.set(`token ${token.slice(-12)}`, token);
  if (!owners.has(token)) owners.set(token, ownerOf(world, headers));
  const owner = await owners.get(token);
  if (owner === WITHDRAWN) return owner;
  return owner === said ? said : `a token of: ${owner}, said to be of: ${said}`;
}

async function ownerOf(world, headers) {
  const answer = await fetch(`${world.sandbox.origin}/api/me`, { headers });
  if (answer.status === 401) return WITHDRAWN;
  const { email, scopes } = await answer.json();
  return toldBy(email, scopes);
}

/** The same order of everything in every run. */
export function* shuffled(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}
