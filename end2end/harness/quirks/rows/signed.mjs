// OAuth 1.0a.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });

export const privateKeys = [privateKey];

/** A form is part of what is signed, and so are parameters that look like nothing good. */
async function signsForms(trial) {
  const answer = await trial.call({
    path: '/echo?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
    method: 'POST',
    body: 'c2=&a3=2+q&z=%C3%A4%26',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(JSON.parse(answer.text).body, 'c2=&a3=2+q&z=%C3%A4%26');
}

const method = (name) => ({ authentication: { signature_method: name } });

export const rows = [
  { title: 'PLAINTEXT (SmugMug)', demands: { methods: ['PLAINTEXT'] }, says: method('plaintext'), plain: 'methods' },
  { title: 'HMAC-SHA256', demands: { methods: ['HMAC-SHA256'] }, says: method('hmac_sha256'), plain: 'methods' },
  {
    title: 'RSA-SHA1 (Jira Data Center)',
    demands: { methods: ['RSA-SHA1'], public_key: pair.publicKey.export({ type: 'spki', format: 'pem' }) },
    says: { authentication: { signature_method: 'rsa_sha1', consumer_secret: undefined, private_key: privateKey } },
    plain: 'methods',
  },
  {
    title: 'a realm (NetSuite)',
    base: { fields: [{ name: 'account' }] },
    fields: { account: '1234567_SB1' },
    demands: { realm: '1234567_SB1' },
    says: { authentication: { options: { realm: '{account}' } } },
    plain: 'realm',
  },
  {
    title: 'GET for a request token',
    demands: { initiate_method: 'GET' },
    says: { authentication: { options: { request_method: 'GET' } } },
    plain: 'initiate_method',
  },
  {
    title: 'GET for an access token',
    demands: { token_method: 'GET' },
    says: { authentication: { options: { access_method: 'GET' } } },
    plain: 'token_method',
  },
  {
    title: 'parameters of the authorize address (Trello)',
    rows: [50],
    demands: { authorize_parameters: { name: 'Acme', expiration: 'never' } },
    says: { authentication: { options: { authorize_parameters: { name: 'Acme', expiration: 'never' } } } },
    plain: 'authorize_parameters',
    also: (trial, connection) => assert.equal(connection.expires_at, null),
  },
  {
    title: 'scopes in the authorize address (Trello, Flickr)',
    rows: [7, 50],
    scopes: ['read', 'write'],
    base: { authentication: { options: { scope_delimiter: 'comma' } } },
    demands: { authorize_parameters: { scope: 'read,write' } },
    says: { authentication: { options: { scope_parameter: 'scope' } } },
    plain: 'authorize_parameters',
  },
  {
    title: 'whose account it is',
    rows: [56],
    base: { authentication: { options: { identity_field: 'email' } } },
    demands: {},
    says: (at) => ({ authentication: { options: { identity_url: at('/oauth1/api/me') } } }),
    also: (trial, connection) => assert.equal(connection.account, 'ada@example.com'),
    plain: async (trial) => assert.equal((await trial.connect()).account, null),
  },
  {
    title: 'the signature in the query',
    demands: {},
    says: { authentication: { param_type: 'query' } },
    same: 'RFC 5849 has providers take both',
  },
  {
    title: 'a token that was copied from a page (NetSuite)',
    rows: [50],
    demands: { callbacks: [], fixed_token: { token: 'token-8c11d2', secret: 'token-secret-40ab3e' } },
    says: { authentication: { request_token_url: undefined, authorize_url: undefined, access_token_url: undefined } },
    values: { token: 'token-8c11d2', token_secret: 'token-secret-40ab3e' },
    plain: async (trial) => {
      const connection = await trial.connect();
      assert.equal(trial.typed.body.code, 'not_permitted');
      assert.equal(connection.status, 'not_connected');
    },
  },
].map((row) => ({ kind: 'oauth1', rows: [49], also: signsForms, ...row }));
