// Credentials that are typed in: API keys, user and password.

import assert from 'node:assert/strict';

const key = 'k-3f9a1c77';
/** The provider does not take it as the plain service sends it, and it is not stored. */
const notTaken = async (trial) => {
  const connection = await trial.connect();
  assert.equal(trial.typed.status, 422, trial.typed.text);
  assert.equal(connection.status, 'not_connected');
};
const keys = (...parameters) => ({ authentication: { parameters } });
const door = (...parameters) => ({ parameters: parameters.map(([place, name, value]) => ({ in: place, name, value })) });

export const rows = [
  {
    title: 'two keys in two headers (Datadog)',
    kind: 'keys',
    rows: [41],
    base: keys({ key: 'DD-API-KEY' }),
    demands: door(['header', 'dd-api-key', key], ['header', 'dd-application-key', 'a-77c1f0']),
    says: keys({ key: 'DD-API-KEY' }, { key: 'DD-APPLICATION-KEY', display_name: 'Application key' }),
    values: { 'DD-API-KEY': key, 'DD-APPLICATION-KEY': 'a-77c1f0' },
    plain: notTaken,
  },
  {
    title: 'a key in the query (Gemini)',
    kind: 'keys',
    rows: [41],
    base: keys({ key: 'key' }),
    demands: door(['query', 'key', key]),
    says: keys({ key: 'key', param_type: 'query' }),
    values: { key },
    plain: notTaken,
  },
  {
    title: 'a key in the body (Mandrill)',
    kind: 'keys',
    rows: [41],
    base: keys({ key: 'key' }),
    demands: door(['form', 'key', key]),
    says: keys({ key: 'key', param_type: 'form' }),
    values: { key },
    call: { method: 'POST', body: '{"message":{}}', headers: { 'content-type': 'application/json' } },
    plain: notTaken,
  },
  {
    title: 'a key behind a word (Token token=…)',
    kind: 'keys',
    rows: [41],
    base: keys({ key: 'Authorization' }),
    demands: door(['header', 'authorization', `Token token=${key}`]),
    says: keys({ key: 'Authorization', template: 'Token token={value}' }),
    values: { Authorization: key },
    plain: notTaken,
  },
  ...[
    ['key and X (Freshdesk)', '{username}:X', 'X'],
    ['key and nothing (Stripe)', '{username}:', ''],
  ].map(([title, template, password]) => ({
    title: `Basic with ${title}`,
    kind: 'basic',
    rows: [46],
    demands: { user: key, password },
    says: { authentication: { template } },
    values: { username: key, password: key },
    plain: notTaken,
  })),
  {
    title: 'Basic with an address that the connection knows (Jira)',
    kind: 'basic',
    rows: [46],
    base: { fields: [{ name: 'email' }] },
    fields: { email: 'ada@example.com' },
    demands: { user: 'ada@example.com', password: key },
    says: { authentication: { template: '{email}:{password}' } },
    values: { username: 'ada', password: key },
    plain: notTaken,
  },
];
