// oidc-provider: an authorization server that this project did not write. It demands PKCE, names itself in `iss`,
// and rotates refresh tokens strictly: one that is used twice ends its grant. It runs in the test's own process, so
// it outlives a server that is killed, and its answers can be held back after it has acted.

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
    self.secrets = new Set();
    const http = createServer();
    await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
    self.http = http;
    self.origin = `http://127.0.0.1:${http.address().port}`;
    const provider = new Provider(self.origin, self.#configuration());
    provider.use((context, next) => self.#record(context, next));
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
      features: { registration: { enabled: true }, revocation: { enabled: true, allowedPolicy: async () => true } },
      ttl: {
        AccessToken: () => this.accessTokenSeconds,
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
    const entry = { path: context.path };
    this.requests.push(entry);
    await next();
    const asked = context.oidc?.params ?? {};
    Object.assign(entry, { grant: asked.grant_type, status: context.status, error: context.body?.error });
    for (const secret of [asked.code, asked.code_verifier, asked.refresh_token, asked.token]) this.#know(secret);
    for (const secret of [context.body?.access_token, context.body?.refresh_token]) this.#know(secret);
    if (this.held && context.path === '/token') {
      entry.held = true;
      await this.held;
    }
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

  /** Registers an application as its developer would (RFC 7591). */
  async register(redirectUri) {
    const response = await fetch(`${this.origin}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      }),
    });
    const client = await response.json();
    if (!response.ok) throw new Error(`registration: ${JSON.stringify(client)}`);
    this.#know(client.client_secret);
    return client;
  }

  async stop() {
    this.release?.();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
