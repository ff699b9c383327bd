// Services at the sandbox as the standards have them, and how one is changed.

/** What the row says in place of what stands there; `undefined` takes it away. Lists are replaced as a whole. */
export function merged(base, changes) {
  const both = { ...base };
  for (const [name, value] of Object.entries(changes ?? {}))
    both[name] = isGroup(value) && isGroup(base?.[name]) ? merged(base[name], value) : value;
  return both;
}

const isGroup = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** By kind: the definition of a service of this client. */
export const plain = {
  oauth2: (at, client) => ({
    authentication: {
      type: 'oauth2',
      client_id: client.id,
      client_secret: client.secret,
      authorize_url: at('/authorize'),
      access_token_url: at('/token'),
      revoke_token_url: at('/revoke'),
      options: { rotation: 'strict', identity_url: at('/userinfo') },
    },
    api_base_url: at('/api'),
  }),
  oauth1: (at, client) => ({
    authentication: {
      type: 'oauth1',
      consumer_key: client.id,
      consumer_secret: client.secret,
      request_token_url: at('/oauth1/initiate'),
      authorize_url: at('/oauth1/authorize'),
      access_token_url: at('/oauth1/token'),
    },
    api_base_url: at('/oauth1/api'),
  }),
  keys: (at, client) => ({
    authentication: { type: 'api_key', parameters: [{ key: 'X-Api-Key' }] },
    api_base_url: at(`/keys/${client.id}`),
    test_request: { path: '/me' },
  }),
  basic: (at, client) => ({
    authentication: { type: 'basic' },
    api_base_url: at(`/basic/${client.id}`),
    test_request: { path: '/me' },
  }),
};
