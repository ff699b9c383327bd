// How a token is withdrawn.

const revoke = (options, url) => ({ authentication: { ...(url && { revoke_token_url: url }), options: { revoke: options } } });

export const rows = [
  {
    title: 'a form of the client (Google, Box, Xero)',
    rows: [47],
    demands: {},
    same: 'this is the standard',
    revokes: true,
  },
  {
    title: 'by the token itself (Slack, Dropbox)',
    rows: [47],
    demands: { revoke: { auth: 'bearer' } },
    says: revoke({ authorization: 'bearer' }),
    plain: 'revoke.auth',
    revokes: true,
  },
  {
    title: 'DELETE with the token in the path (HubSpot)',
    rows: [47],
    demands: { revoke: { method: 'DELETE', auth: 'none', body: 'path' } },
    says: (at) => revoke({ method: 'DELETE', authorization: 'none' }, at('/revoke/{token}')),
    plain: 'revoke.method',
    revokes: true,
  },
  {
    title: 'DELETE with the client in the header and the access token in JSON (GitHub)',
    rows: [47],
    demands: { revoke: { method: 'DELETE', auth: 'basic', body: 'json', parameter: 'access_token', no_hint: true } },
    says: revoke({ method: 'DELETE', authorization: 'basic', body: 'json', token_parameter: 'access_token', no_hint: true }),
    plain: 'revoke.method',
    revokes: true,
  },
  {
    title: 'a header with the secret, and JSON (Square)',
    rows: [47],
    demands: { revoke: { auth: { header: 'Client {secret}' }, body: 'json', parameter: 'access_token', no_hint: true } },
    says: revoke({ header: 'Client {client_secret}', body: 'json', token_parameter: 'access_token', no_hint: true }),
    plain: 'revoke.auth',
    revokes: true,
  },
  {
    title: 'JSON of the client (Webflow)',
    rows: [47],
    demands: { revoke: { body: 'json' } },
    says: revoke({ body: 'json' }),
    plain: 'revoke.body',
    revokes: true,
  },
  {
    title: 'GET with everything in the query',
    rows: [47],
    demands: { revoke: { method: 'GET', body: 'query', no_hint: true } },
    says: revoke({ method: 'GET', body: 'query', no_hint: true }),
    plain: 'revoke.method',
    revokes: true,
  },
  {
    title: 'no hint',
    rows: [47],
    demands: { revoke: { no_hint: true } },
    says: revoke({ no_hint: true }),
    plain: 'revoke.no_hint',
    revokes: true,
  },
];
