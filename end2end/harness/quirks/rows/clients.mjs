// How a client proves itself.

import { generateKeyPairSync } from 'node:crypto';

const pem = ({ privateKey, publicKey }) => ({
  secret: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  known: publicKey.export({ type: 'spki', format: 'pem' }),
});
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));

export const privateKeys = [rsa.secret, ec.secret];

const robot = (client) => `robot-${client.id}@acme.example`;
const way = (name) => ({ authentication: { options: { client_authentication: name } } });
/** Where an assertion is presented to several addresses, its audience is the issuer. */
const named = (at) => ({ authentication: { options: { issuer: at('') } } });
const lasting = { plain: 'token.auth', renews: true, revokes: true };

export const rows = [
  { title: 'secret in the body', rows: [18], demands: { token: { auth: 'post' } }, base: way('basic'), says: way('post'), ...lasting },
  { title: 'HTTP Basic (Notion)', rows: [18], demands: { token: { auth: 'basic' } }, says: way('basic'), ...lasting },
  { title: 'in header and body at once', rows: [18], demands: { token: { auth: 'both' } }, says: way('both'), ...lasting },
  {
    title: 'the secret as the user (Stripe)',
    rows: [18],
    demands: { token: { auth: 'basic_secret' } },
    says: way('basic_secret'),
    ...lasting,
  },
  {
    title: 'a public client (Mercury, PostHog)',
    rows: [18],
    demands: { token: { auth: 'none' } },
    says: { authentication: { client_secret: undefined, options: { client_authentication: 'none' } } },
    ...lasting,
  },
  ...[
    ['RS256 with a key id (Okta)', rsa, { algorithm: 'RS256', kid: 'key-1' }],
    ['PS256 with a thumbprint (Microsoft)', rsa, { algorithm: 'PS256', x5t: 'QzXv2G8mYnS1kX0r3d5ZpT9uJ7E' }],
    ['ES256', ec, { algorithm: 'ES256' }],
  ].map(([title, key, header]) => ({
    title: `a signed assertion, ${title}`,
    rows: [19],
    base: named,
    demands: { token: { auth: 'private_key_jwt', key: { public_key: key.known, ...header } } },
    says: {
      authentication: {
        client_secret: undefined,
        private_key: key.secret,
        options: {
          client_authentication: 'private_key_jwt',
          assertion: { algorithm: header.algorithm, key_id: header.kid, thumbprint: header.x5t },
        },
      },
    },
    ...lasting,
  })),
  {
    title: 'the wrong key id is refused',
    rows: [19],
    base: {
      authentication: {
        client_secret: undefined,
        private_key: rsa.secret,
        options: { client_authentication: 'private_key_jwt' },
      },
    },
    demands: { token: { auth: 'private_key_jwt', key: { public_key: rsa.known, kid: 'key-1' } } },
    says: { authentication: { options: { assertion: { key_id: 'key-1' } } } },
    plain: 'token.key',
  },
  {
    title: 'a client for itself, signed (Okta)',
    rows: [19, 38],
    base: (at) => ({
      authentication: { grant_type: 'client_credentials', authorize_url: undefined, options: { assertion: { audience: at('/token') } } },
    }),
    demands: {
      token: { client_credentials: 'client_credentials', auth: 'private_key_jwt', key: { public_key: rsa.known } },
    },
    says: {
      authentication: {
        client_secret: undefined,
        private_key: rsa.secret,
        options: { client_authentication: 'private_key_jwt' },
      },
    },
    ...lasting,
  },
  {
    title: 'an assertion about somebody (Google service account)',
    rows: [25],
    base: (at, client) => ({
      authentication: {
        grant_type: 'jwt_bearer',
        authorize_url: undefined,
        client_secret: undefined,
        revoke_token_url: undefined,
        private_key: rsa.secret,
        options: { assertion: { issuer: robot(client) } },
      },
    }),
    demands: (at, client) => ({
      token: { jwt_bearer: { key: { public_key: rsa.known }, issuer: robot(client), subject: 'ada@example.com' } },
    }),
    says: { authentication: { options: { assertion: { subject: 'ada@example.com' } } } },
    plain: 'token.jwt_bearer',
    renews: true,
  },
  {
    title: 'an assertion about somebody, of a client that signs for itself as well',
    rows: [19, 25],
    base: (at, client) => ({
      authentication: {
        grant_type: 'jwt_bearer',
        authorize_url: undefined,
        client_secret: undefined,
        private_key: ec.secret,
        options: { assertion: { algorithm: 'ES256', issuer: robot(client), audience: at('') } },
      },
    }),
    demands: (at, client) => ({
      token: {
        auth: 'private_key_jwt',
        key: { public_key: ec.known },
        jwt_bearer: { key: { public_key: ec.known }, issuer: robot(client), client_auth: true },
      },
    }),
    says: { authentication: { options: { client_authentication: 'private_key_jwt' } } },
    ...lasting,
  },
];
