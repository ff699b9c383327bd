// oidc-provider: an authorization server that this project did not write. It demands PKCE, names itself in `iss`,
// and rotates refresh tokens strictly: one that is used twice ends its grant. It runs in the test's own process, so
// it outlives a server that is killed, and its answers can be held back after it has acted.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import { until } from './wait.mjs';

/** Its warnings are about production use. */
for (const level of ['info', 'warn']) {
  const say = console[level];
  console[level] = (...words) => String(words[0]).startsWith('oidc-provider ') || say(...words);
}
const { Provider } = await import('oidc-provider');

export class OpenIdProvider {
  static async start() {
    const self = new OpenIdProvider();
    self.accessTokenSeconds = 300;
    self.requests = [];
    /** Recorded requests under way. */
    self.open = 0;
    self.secrets = new Set();
    const http = createServer();
    await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
    self.http = http;
    self.origin = `http://127.0.0.1:${http.address().port}`;
    const provider = new Provider(self.origin, self.#configuration());
    self.provider = provider;
    provider.use((context, next) => self.#record(context, next));
    provider.use((context, next) => self.#whoami(context, next));
    http.on('request', provider.callback());
    return self;
  }

  #configuration() {
    return {
      scopes: ['openid', 'offline_access', 'email', 'read'],
      claims: { openid: ['sub'], email: ['email'] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@provider.example` }) }),
      pkce: { required: () => true },
      rotateRefreshToken: true,
      issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
      features: {
        registration: { enabled: true },
        revocation: { enabled: true, allowedPolicy: async () => true },
        introspection: { enabled: true, allowedPolicy: async () => true },
        clientCredentials: { enabled: true },
      },
      ttl: {
        AccessToken: () => this.accessTokenSeconds,
        ClientCredentials: () => this.accessTokenSeconds,
        AuthorizationCode: 60,
        RefreshToken: 3600,
        Grant: 3600,
        Session: 3600,
        Interaction: 3600,
      },
      cookies: { keys: ['of no use to anybody'] },
    };
  }

  /** Writes down every request to the token, revocation and resource endpoints, before and after it is served. */
  async #record(context, next) {
    if (!['/token', '/token/revocation', '/me'].includes(context.path)) return next();
    const entry = { path: context.path, beside: this.open };
    this.open += 1;
    this.requests.push(entry);
    try {
      await this.#answer(context, next, entry);
    } finally {
      this.open -= 1;
    }
  }

  async #answer(context, next, entry) {
    await next();
    const asked = context.oidc?.params ?? {};
    const client = context.oidc?.client?.clientId;
    Object.assign(entry, { grant: asked.grant_type, client, status: context.status, error: context.body?.error });
    const { code, code_verifier, refresh_token, token, client_assertion } = asked;
    for (const secret of [code, code_verifier, refresh_token, token, client_assertion]) this.#know(secret);
    for (const secret of [context.body?.access_token, context.body?.refresh_token]) this.#know(secret);
    if (this.held && context.path === '/token') {
      entry.held = true;
      await this.held;
    }
  }

  /** An API: tells whoever has a token of this provider's own what it is good for. */
  async #whoami(context, next) {
    if (context.path !== '/api/whoami') return next();
    const { AccessToken, ClientCredentials } = this.provider;
    const token = /^Bearer (.+)$/.exec(context.get('authorization'))?.[1] ?? '';
    const found = (await ClientCredentials.find(token)) ?? (await AccessToken.find(token));
    context.status = found?.isValid ? 200 : 401;
    context.body = found?.isValid ? { client: found.clientId, scope: found.scope, person: found.accountId } : {};
  }

  /** What the provider says about a token to a client that asks (RFC 7662). */
  async introspect(client, token) {
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
    const response = await fetch(`${this.origin}/token/introspection`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ token }),
    });
    return response.json();
  }

  #know(secret) {
    if (secret) this.secrets.add(secret);
  }

  /** From now on it acts on token requests and does not answer. */
  holdAnswers() {
    this.held = new Promise((resolve) => {
      this.release = () => {
        this.held = undefined;
        resolve();
      };
    });
  }

  tokenRequests(grant) {
    return this.requests.filter((entry) => entry.path === '/token' && entry.grant === grant);
  }

  /** Waits for a token request that was acted on and whose answer is held back. */
  heldRequest() {
    return until('a token request is held', () => this.requests.find((entry) => entry.held));
  }

  /** Registers an application as its developer would (RFC 7591); `changes` are members of its metadata. */
  async register(redirectUri, changes = {}) {
    const response = await fetch(`${this.origin}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        ...changes,
      }),
    });
    const client = await response.json();
    if (!response.ok) throw new Error(`registration: ${JSON.stringify(client)}`);
    this.#know(client.client_secret);
    return client;
  }

  /** One that asks for tokens without a person. */
  registerMachine(changes = {}) {
    const machine = { redirect_uris: [], grant_types: ['client_credentials'], response_types: [], scope: 'read' };
    return this.register(undefined, { ...machine, ...changes });
  }

  /** A key pair for `private_key_jwt`: the members that register its public half, and the private one in PEM. */
  keyPair(algorithm) {
    const pair =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: `key-${algorithm}`, use: 'sig', alg: algorithm };
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
    this.#know(pem.split('\n')[1]);
    const metadata = {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: algorithm,
      jwks: { keys: [jwk] },
    };
    return { pem, metadata, kid: jwk.kid };
  }

  async stop() {
    this.release?.();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
