// Requests for tokens.

import assert from 'node:assert/strict';

const token = (options, more) => ({ authentication: { options: { token: options, ...more } } });
const refresh = (options) => ({ authentication: { options: { refresh: options } } });
const alone = { authentication: { grant_type: 'client_credentials', authorize_url: undefined } };

export const rows = [
  {
    title: 'a token address by tenant (Salesforce, Zendesk)',
    rows: [17],
    base: { fields: [{ name: 'tenant', kind: 'subdomain' }] },
    fields: { tenant: 'acme' },
    demands: { token: { tenant: 'acme' } },
    says: (at) => ({ authentication: { access_token_url: at('/tenants/{tenant}/token') } }),
    plain: 'token.tenant',
    renews: true,
  },
  {
    title: 'a data centre that the user chooses',
    rows: [54],
    base: { fields: [{ name: 'dc', label: 'Data centre', choices: [{ value: 'us' }, { value: 'eu', label: 'Europe' }], default: 'us' }] },
    fields: { dc: 'eu' },
    demands: { token: { tenant: 'eu' } },
    says: (at) => ({ authentication: { access_token_url: at('/tenants/{dc}/token') } }),
    plain: 'token.tenant',
  },
  {
    title: 'hosts of a sandbox, chosen by the user (DocuSign, Salesforce)',
    rows: [55],
    base: (at) => ({
      fields: [{ name: 'home', choices: [{ value: 'https://login.example.com', label: 'Production' }, { value: at('') }] }],
      allowed_hosts: [new URL(at('')).host],
    }),
    fields: (at) => ({ home: at('') }),
    demands: { token: { tenant: 'test' } },
    says: { authentication: { access_token_url: '{home}/tenants/test/token', authorize_url: '{home}/authorize' } },
    plain: 'token.tenant',
    renews: true,
  },
  { title: 'a JSON body (Notion)', rows: [21], demands: { token: { body: 'json' } }, says: token({ body: 'json' }), plain: 'token.body', renews: true },
  { title: 'everything in the query (Transporeon)', rows: [21], demands: { token: { body: 'query' } }, says: token({ body: 'query' }), plain: 'token.body', renews: true },
  { title: 'GET (LeapSome)', rows: [22], demands: { token: { method: 'GET' } }, says: token({ method: 'GET' }), plain: 'token.method', renews: true },
  { title: 'PUT', rows: [22], demands: { token: { method: 'PUT' } }, says: token({ method: 'PUT' }), plain: 'token.method' },
  {
    title: 'GET for refreshes alone',
    rows: [22],
    demands: { token: { refresh_method: 'GET' } },
    says: refresh({ method: 'GET' }),
    plain: 'token.method',
    renews: true,
  },
  {
    title: 'the redirect URL in the query of a POST (Figma)',
    rows: [23],
    demands: { token: { redirect_uri_in_query: true } },
    says: (at) => ({ authentication: { access_token_url: `${at('/token')}?redirect_uri={redirect_uri}` } }),
    plain: 'token.redirect_uri_in_query',
    renews: true,
  },
  {
    title: 'further parameters (BambooHR, Basecamp)',
    rows: [24],
    demands: { token: { parameters: { request: 'token' } } },
    says: token({ parameters: { request: 'token' } }),
    plain: 'token.parameters',
    renews: true,
  },
  {
    title: 'another grant name (Zoom account_credentials)',
    rows: [25, 38],
    base: {
      authentication: { ...alone.authentication, options: { token: { parameters: { account_id: '{account}' } } } },
      fields: [{ name: 'account' }],
    },
    fields: { account: 'acc-17' },
    demands: { token: { client_credentials: 'account_credentials', parameters: { account_id: 'acc-17' } } },
    says: token({ grant_name: 'account_credentials' }),
    plain: 'token.client_credentials',
    renews: true,
    revokes: true,
  },
  {
    title: 'password (legacy)',
    rows: [25],
    base: {
      authentication: { ...alone.authentication, options: { token: { grant_name: 'password' } } },
      fields: [{ name: 'login' }, { name: 'login_password', secret: true }],
    },
    fields: { login: 'ada', login_password: 'analytical engine 1842' },
    demands: { token: { client_credentials: 'password', parameters: { username: 'ada', password: 'analytical engine 1842' } } },
    says: token({ parameters: { username: '{login}', password: '{login_password}' } }),
    plain: 'token.parameters',
    renews: true,
  },
  {
    title: 'a second exchange (Facebook)',
    rows: [25, 30],
    demands: { long_lived: { grant_type: 'fb_exchange_token', parameter: 'fb_exchange_token' } },
    says: (at) =>
      token({
        exchange_url: at('/exchange'),
        exchange_parameters: { grant_type: 'fb_exchange_token', fb_exchange_token: '{access_token}' },
      }),
    plain: 'long_lived',
    renews: true,
  },
  {
    title: 'a second exchange, renewed by the token itself (Instagram, Threads)',
    rows: [22, 25, 30, 36],
    base: (at) =>
      token({
        exchange_url: at('/exchange'),
        exchange_parameters: { grant_type: 'ig_exchange_token', access_token: '{access_token}' },
      }),
    demands: {
      long_lived: { grant_type: 'ig_exchange_token' },
      token: { refresh_by_access_token: 'ig_refresh_token', refresh_method: 'GET' },
      answer: { lifetime_seconds: 10 },
    },
    says: refresh({ by: 'access_token', method: 'GET', parameters: { grant_type: 'ig_refresh_token' } }),
    plain: async (trial) => {
      await trial.connect();
      await trial.called();
      await trial.outlive();
      assert.notEqual((await trial.call()).status, 200);
      assert.equal(await trial.renewals(), 0);
    },
    renews: 'while alive',
  },
  {
    title: 'refreshes at an address of their own (Figma, TikTok)',
    rows: [35],
    demands: { token: { separate_refresh: true } },
    says: (at) => ({ authentication: { refresh_token_url: at('/refresh') } }),
    plain: 'token.separate_refresh',
    renews: true,
  },
  {
    title: 'further parameters of refreshes (Microsoft Ads)',
    rows: [37],
    demands: { token: { refresh_parameters: { scope: 'profile reports.read', redirect_uri: 'x' } } },
    says: refresh({ parameters: { scope: '{scopes}', redirect_uri: 'x' } }),
    plain: 'token.refresh_parameters',
    renews: true,
  },
  {
    title: 'a client for itself (microsoft-admin)',
    rows: [38],
    base: alone,
    demands: { token: { client_credentials: 'client_credentials', auth: 'basic' } },
    says: { authentication: { options: { client_authentication: 'basic' } } },
    plain: 'token.auth',
    renews: true,
    revokes: true,
  },
  {
    title: 'a refresh token that goes on (Google)',
    rows: [39],
    demands: { token: { keeps_refresh_token: true } },
    says: { authentication: { options: { rotation: 'never' } } },
    same: 'a refresh token that an answer lacks is kept whatever the service says',
    renews: true,
    revokes: true,
  },
  {
    title: 'a new refresh token each time, the old one dead (X, Xero) or not at once (Atlassian)',
    rows: [39],
    demands: { token: { reuse_seconds: 600 } },
    says: { authentication: { options: { rotation: 'grace' } } },
    same: 'it matters after a lost answer only, which misbehaviour.test.mjs shows',
    renews: true,
    revokes: true,
    also: async (trial) => {
      trial.connectedAt = Date.now();
      await trial.outlive();
      await trial.called();
      const generations = (await trial.entries()).filter(({ outcome }) => outcome === 'refreshed').map(({ generation }) => generation);
      assert.ok(generations.length > 1 && new Set(generations).size === generations.length, JSON.stringify(generations));
    },
  },
];
