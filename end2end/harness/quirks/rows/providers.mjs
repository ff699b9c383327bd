// Whole providers, with all of their quirks at once: options must not be in each other's way.

import assert from 'node:assert/strict';

const hostOf = (at) => new URL(at('/')).host;

export const rows = [
  {
    title: 'like TikTok',
    rows: [3, 7, 18, 21, 26, 28, 35, 41],
    demands: {
      client_id_parameter: 'client_key',
      authorize: { scope_delimiter: ',' },
      token: { auth: 'post', separate_refresh: true, body: 'json' },
      answer: { within: 'data', success_member: { code: 0 } },
      call: { token_header: { name: 'access-token' } },
    },
    says: (at) => ({
      authentication: {
        scope_delimiter: 'comma',
        refresh_token_url: at('/refresh'),
        options: {
          parameter_names: { client_id: 'client_key' },
          header_name: 'Access-Token',
          token: { body: 'json' },
          answer: {
            access_token: 'data.access_token',
            refresh_token: 'data.refresh_token',
            expires_in: 'data.expires_in',
            scope: 'data.scope',
            success: 'code=0',
            error: 'code',
            error_description: 'message',
          },
        },
      },
    }),
    plain: 'client_id_parameter',
    renews: true,
    revokes: true,
  },
  {
    title: 'like Zoho CRM',
    rows: [1, 7, 13, 17, 39, 41, 44, 54],
    demands: (at) => ({
      authorize: {
        scope_delimiter: ',',
        parameters: { access_type: 'offline', prompt: 'consent' },
        callback_parameters: { 'accounts-server': at(''), location: 'eu' },
      },
      token: { tenant: 'eu', keeps_refresh_token: true },
      answer: { extra: { api_domain: '{base}/instances/crm' } },
      call: { token_header: { name: 'authorization', prefix: 'Zoho-oauthtoken ' }, instance: 'crm' },
    }),
    says: (at) => ({
      allowed_hosts: [hostOf(at)],
      api_base_url: '{api_domain}/api',
      authentication: {
        scope_delimiter: 'comma',
        access_token_url: '{home}/tenants/{location}/token',
        revoke_token_url: '{home}/revoke',
        options: {
          rotation: 'never',
          header_prefix: 'Zoho-oauthtoken',
          authorize: {
            parameters: { access_type: 'offline', prompt: 'consent' },
            keep: { home: 'accounts-server', location: 'location' },
          },
          answer: { keep: { api_domain: 'api_domain' } },
        },
      },
    }),
    plain: 'authorize.scope_delimiter',
    renews: true,
    // The revoke address leads where the callback said.
    revokes: true,
  },
  {
    title: 'like Shopify',
    rows: [7, 13, 15, 17, 33, 41],
    fields: { shop: 'acme' },
    base: { fields: [{ name: 'shop', kind: 'subdomain', suffix: '.myshopify.com' }] },
    demands: {
      pkce: 'optional',
      authorize: { scope_delimiter: ',', callback_hmac: true, callback_parameters: { shop: 'acme.myshopify.com', timestamp: '1337178173' } },
      token: { tenant: 'acme' },
      answer: { expires: 'absent' },
      call: { token_header: { name: 'x-shopify-access-token' } },
    },
    says: (at) => ({
      authentication: {
        scope_delimiter: 'comma',
        access_token_url: at('/tenants/{shop}/token'),
        options: { pkce: false, header_name: 'X-Shopify-Access-Token', authorize: { callback_hmac: true, keep: { domain: 'shop' } } },
      },
    }),
    also: (trial, connection) => assert.deepEqual([connection.expires_at, connection.kept.domain], [null, 'acme.myshopify.com']),
    plain: 'authorize.scope_delimiter',
  },
  {
    title: 'like Slack',
    rows: [7, 8, 26, 28, 47],
    scopes: ['chat:write', 'user_scope=search:read'],
    known: ['chat:write', 'search:read', 'user_scope=search:read'],
    demands: {
      authorize: { second_scope_parameter: 'user_scope', scope_delimiter: ',' },
      answer: { within: 'authed_user', success_member: { ok: true }, lifetime_seconds: 8 },
      revoke: { auth: 'bearer' },
    },
    says: {
      authentication: {
        scope_delimiter: 'comma',
        options: {
          authorize: { second_scope_parameter: 'user_scope' },
          answer: {
            access_token: 'authed_user.access_token',
            refresh_token: 'authed_user.refresh_token',
            expires_in: 'authed_user.expires_in',
            scope: 'authed_user.scope',
            success: 'ok=true',
          },
          revoke: { authorization: 'bearer' },
        },
      },
    },
    plain: 'authorize.second_scope_parameter',
    renews: true,
    revokes: true,
  },
  {
    title: 'like Notion',
    rows: [1, 18, 21, 33, 42],
    asks: [],
    demands: {
      pkce: 'optional',
      authorize: { parameters: { owner: 'user' }, no_empty: true },
      token: { auth: 'basic', body: 'json' },
      answer: { expires: 'absent', extra: { workspace_id: 'w1' } },
      call: { extra_headers: { 'notion-version': '2022-06-28' } },
    },
    says: {
      calls: { headers: { 'Notion-Version': '2022-06-28' } },
      authentication: {
        options: {
          client_authentication: 'basic',
          authorize: { parameters: { owner: 'user' } },
          token: { body: 'json' },
          answer: { keep: { workspace: 'workspace_id' } },
        },
      },
    },
    also: (trial, connection) => assert.equal(connection.kept.workspace, 'w1'),
    plain: 'authorize.parameters',
  },
  {
    title: 'like Square',
    rows: [21, 32, 42, 47],
    demands: {
      token: { body: 'json' },
      answer: { expires: 'at_iso', lifetime_seconds: 4 },
      call: { extra_headers: { 'square-version': '2026-01-22' } },
      revoke: { auth: { header: 'Client {secret}' }, body: 'json', parameter: 'access_token', no_hint: true },
    },
    says: {
      calls: { headers: { 'Square-Version': '2026-01-22' } },
      authentication: {
        options: {
          token: { body: 'json' },
          answer: { expires_at: 'expires_at' },
          revoke: { header: 'Client {client_secret}', body: 'json', token_parameter: 'access_token', no_hint: true },
        },
      },
    },
    plain: 'token.body',
    renews: true,
    revokes: true,
  },
  {
    title: 'like Facebook',
    rows: [7, 11, 22, 23, 25, 30, 41],
    demands: {
      pkce: 'refused',
      authorize: { scope_delimiter: ',' },
      token: { method: 'GET' },
      long_lived: { grant_type: 'fb_exchange_token', parameter: 'fb_exchange_token' },
      answer: { lifetime_seconds: 600 },
      call: { token_query: 'access_token' },
    },
    says: (at) => ({
      authentication: {
        scope_delimiter: 'comma',
        param_type: 'query',
        options: {
          pkce: false,
          token: {
            method: 'GET',
            exchange_url: at('/exchange'),
            exchange_parameters: { grant_type: 'fb_exchange_token', fb_exchange_token: '{access_token}' },
          },
        },
      },
    }),
    plain: 'authorize.scope_delimiter',
  },
  {
    title: 'like Salesforce',
    rows: [11, 17, 32, 34, 44, 55],
    base: (at) => ({
      allowed_hosts: [hostOf(at)],
      fields: [{ name: 'login', choices: [{ value: 'https://login.example.com', label: 'Production' }, { value: at(''), label: 'Sandbox' }] }],
    }),
    fields: (at) => ({ login: at('') }),
    demands: {
      token: { tenant: 'services', keeps_refresh_token: true },
      answer: { expires: 'absent', lifetime_seconds: 4, extra: { instance_url: '{base}/instances/na1' } },
      call: { instance: 'na1' },
    },
    says: {
      api_base_url: '{instance_url}/api',
      authentication: {
        authorize_url: '{login}/authorize',
        access_token_url: '{login}/tenants/services/token',
        revoke_token_url: '{login}/revoke',
        options: {
          identity_url: '{login}/userinfo',
          token: { introspection_url: '{login}/introspect' },
          answer: { keep: { instance_url: 'instance_url' } },
        },
      },
    },
    plain: 'token.tenant',
    renews: true,
    revokes: true,
  },
];
