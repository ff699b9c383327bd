// The management API as a program sees it.

import assert from 'node:assert/strict';

/** Sends with a key; gives status, headers and what the body says. Secrets of answers are looked for afterwards. */
export class Api {
  constructor(world, key) {
    this.world = world;
    this.key = key;
    /** Every answer, for the search for secrets. */
    this.answers = [];
  }

  async send(method, path, { body, headers = {}, raw } = {}) {
    const response = await fetch(`${this.world.origin}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.key && { authorization: `Bearer ${this.key}` }),
        ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    const text = await response.text();
    this.answers.push({ method, path, text });
    const kind = response.headers.get('content-type') ?? '';
    if (response.status >= 400) {
      assert.equal(kind, 'application/problem+json', `${method} ${path}: ${response.status} ${text}`);
      const { status, code, title, detail } = JSON.parse(text);
      assert.ok(status === response.status && code && title && detail, text);
    }
    assert.equal(response.headers.get('cache-control'), 'no-store', `${method} ${path}`);
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text), text };
  }

  get(path, options) {
    return this.send('GET', path, options);
  }
  post(path, body, options) {
    return this.send('POST', path, { body, ...options });
  }
  put(path, body, options) {
    return this.send('PUT', path, { body, ...options });
  }
  patch(path, body, options) {
    return this.send('PATCH', path, { body, ...options });
  }
  delete(path, options) {
    return this.send('DELETE', path, options);
  }

  /** The same, which must succeed. */
  async done(method, path, body, options) {
    const answer = await this.send(method, path, { body, ...options });
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }
}

/** Where a document does not say what it was told, secrets apart: paths with both values. */
export function differences(told, read, path = []) {
  const secrets = ['client_secret', 'consumer_secret', 'private_key'];
  if (told === undefined || secrets.includes(path.at(-1))) return [];
  if (typeof told !== 'object' || told === null) return told === read ? [] : [`${path.join('.')}: ${told} became ${read}`];
  if (Array.isArray(told) && told.length !== read?.length) return [`${path.join('.')}: ${told.length} became ${read?.length}`];
  return Object.entries(told).flatMap(([name, value]) => differences(value, read?.[name], [...path, name]));
}

/** A service at the sandbox, as JSON. */
export function sandboxService(world, linkName, client) {
  const { origin } = world.sandbox;
  return {
    name: linkName,
    link_name: linkName,
    authentication: {
      type: 'oauth2',
      client_id: client.id,
      client_secret: client.secret,
      authorize_url: `${origin}/authorize`,
      access_token_url: `${origin}/token`,
      revoke_token_url: `${origin}/revoke`,
      options: { rotation: 'strict', identity_url: `${origin}/userinfo` },
    },
    scopes: [{ name: 'profile', display_name: 'Who you are' }, { name: 'reports.read' }],
    api_base_url: `${origin}/api`,
    sample_request: { path: '/me' },
  };
}

/** Makes a client known at the sandbox that may come back to this redirect URL. */
export async function registered(world, redirect, names = ['profile', 'reports.read']) {
  const id = `client-${crypto.randomUUID()}`;
  const client = { id, secret: world.secret(`client secret of ${id}`, crypto.randomUUID()) };
  const scopes = names.map((name) => ({ name, display_name: name }));
  await world.sandbox.register(id, { application: id, secret: client.secret, redirect_uris: [redirect], scopes });
  return client;
}
