// What calls carry, and what their answers mean.

import assert from 'node:assert/strict';

const options = (more) => ({ authentication: { options: more } });
const hostOf = (at) => new URL(at('/')).host;

export const rows = [
  {
    title: 'a header of its own (Shopify)',
    rows: [41],
    demands: { call: { token_header: { name: 'x-shopify-access-token' } } },
    says: options({ header_name: 'X-Shopify-Access-Token' }),
    plain: 'call.token_header',
    renews: true,
  },
  {
    title: 'another prefix (Zoho)',
    rows: [41],
    demands: { call: { token_header: { name: 'authorization', prefix: 'Zoho-oauthtoken ' } } },
    says: options({ header_prefix: 'Zoho-oauthtoken' }),
    plain: 'call.token_header',
  },
  {
    title: 'no prefix',
    rows: [41],
    demands: { call: { token_header: { name: 'authorization' } } },
    says: options({ header_prefix: 'none' }),
    plain: 'call.token_header',
  },
  {
    title: 'in the query (TikTok)',
    rows: [41],
    demands: { call: { token_query: 'key' } },
    says: { authentication: { param_type: 'query', options: { query_name: 'key' } } },
    plain: 'call.token_query',
    renews: true,
  },
  {
    title: 'in two headers (Amazon, TikTok Ads)',
    rows: [41],
    demands: { call: { token_header: { name: 'x-amz-access-token' } } },
    says: { calls: { headers: { 'x-amz-access-token': '{access_token}' } } },
    plain: 'call.token_header',
  },
  {
    title: 'fixed headers (Notion-Version, anthropic-version)',
    rows: [42],
    demands: { call: { extra_headers: { 'notion-version': '2022-06-28', 'user-agent': 'Acme-Connections' } } },
    says: { calls: { headers: { 'Notion-Version': '2022-06-28', 'User-Agent': 'Acme-Connections' } } },
    plain: 'call.extra_headers',
  },
  {
    title: 'a header with a secret of the connection (Google Ads developer-token)',
    rows: [43],
    base: { fields: [{ name: 'developer_token', secret: true }] },
    fields: { developer_token: 'dev-token-5f2a97' },
    demands: { call: { extra_headers: { 'developer-token': 'dev-token-5f2a97' } } },
    says: { calls: { headers: { 'developer-token': '{developer_token}' } } },
    plain: 'call.extra_headers',
  },
  {
    title: 'the API’s address from the identity answer (DocuSign)',
    rows: [45],
    base: (at) => ({
      allowed_hosts: [hostOf(at)],
      ...options({ identity_url: at('/identity'), identity: { keep: { base: 'accounts.0.base_uri' } } }),
    }),
    demands: { call: { instance: 'blue' } },
    says: { api_base_url: '{base}/api' },
    plain: 'call.instance',
    renews: true,
  },
  {
    title: 'a part of the API’s address from the identity answer (Mailchimp, Jira)',
    rows: [45],
    base: (at) => options({ identity_url: at('/identity'), identity: { keep: { dc: 'dc' } } }),
    demands: { call: { instance: 'us21' } },
    says: (at) => ({ api_base_url: at('/instances/{dc}/api') }),
    plain: 'call.instance',
    renews: true,
  },
  ...[
    ['epoch', 'x-ratelimit-reset', 'epoch'],
    ['epoch_ms', 'x-rate-limit-reset-ms', 'epoch_milliseconds'],
    ['seconds', 'x-limit-left', 'seconds'],
  ].map(([kind, header, says]) => ({
    title: `the end of a limit in ${kind} (GitHub, Okta)`,
    rows: [52],
    demands: { call: { rate_limit: { status: 429, header, kind, seconds: 40 } } },
    says: { calls: { limit_header: header, limit_kind: says } },
    before: async (trial) => {
      const answer = await trial.call();
      assert.equal(answer.status, 429);
      const left = Number(answer.headers.get('retry-after'));
      assert.ok(left > 35 && left <= 40, `${left} s`);
    },
    plain: async (trial) => {
      await trial.connect();
      const answer = await trial.call();
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, null]);
    },
  })),
  {
    title: 'whose account it is',
    rows: [56],
    base: options({ identity_url: undefined, identity_field: 'name' }),
    demands: {},
    says: (at) => options({ identity_url: at('/identity') }),
    also: (trial, connection) => assert.equal(connection.account, 'Ada Lovelace'),
    plain: async (trial) => assert.equal((await trial.connect()).account, null),
  },
];
