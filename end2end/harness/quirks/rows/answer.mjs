// What the answers of the token endpoint look like.

import assert from 'node:assert/strict';

import { endsAfter, endsOtherwise, failsWith } from '../prove.mjs';

const answer = (options) => ({ authentication: { options: { answer: options } } });
const hostOf = (at) => new URL(at('/')).host;
const lost = failsWith(/holds no access_token/);

export const rows = [
  {
    title: 'tokens within others, under other names (Slack, TikTok)',
    rows: [26],
    demands: { answer: { within: 'data.token', names: { access_token: 'key', refresh_token: 'renew', expires_in: 'life' } } },
    says: answer({ access_token: 'data.token.key', refresh_token: 'data.token.renew', expires_in: 'data.token.life', scope: 'data.token.scope' }),
    plain: lost,
    renews: true,
    revokes: true,
  },
  {
    title: 'the token in a header (SAP Business One)',
    rows: [26],
    demands: { answer: { as_header: 'x-session' } },
    says: answer({ access_token: 'header:x-session' }),
    plain: lost,
    renews: true,
  },
  {
    title: 'errors with status 200 that count (COROS, TikTok)',
    rows: [28],
    // The secret is wrong: what matters is what the person reads.
    base: (at, client) => ({ authentication: { client_secret: `not ${client.secret}` } }),
    demands: { answer: { success_member: { code: 0 } } },
    says: answer({ success: 'code=0', error: 'code', error_description: 'message' }),
    fails: failsWith(/secret is wrong/),
    plain: lost,
  },
  {
    title: 'a good answer beside its success (Slack ok:true, COROS code 0)',
    rows: [28],
    demands: { answer: { success_member: { ok: true, code: 0 }, error_status: 200 } },
    says: answer({ success: 'ok=true' }),
    same: 'a good answer is good with and without it',
    renews: true,
  },
  {
    title: 'a status of its own for a token that has ended (Marketo)',
    rows: [28],
    demands: { answer: { expires: 'absent', lifetime_seconds: 8 }, call: { expired_status: 403 } },
    says: { calls: { refused_statuses: [403] } },
    renews: true,
    before: (trial) => trial.age(),
    plain: async (trial) => {
      await trial.connect();
      await trial.age();
      await trial.called();
      await trial.outlive();
      assert.equal((await trial.call()).status, 403, 'the caller is left with it');
      assert.equal(await trial.renewals(), 0);
    },
  },
  {
    title: 'a form unless Accept names JSON (GitHub)',
    rows: [29],
    demands: { answer: { form_encoded: true } },
    same: 'Accept always names JSON, and forms are read as well',
    renews: true,
  },
  {
    title: 'milliseconds (Fiserv)',
    rows: [32],
    demands: { answer: { expires: 'ms', lifetime_seconds: 20 } },
    says: answer({ expires_unit: 'milliseconds' }),
    also: endsAfter(20),
    plain: endsOtherwise(20),
  },
  {
    title: 'minutes',
    rows: [32],
    demands: { answer: { expires: 'minutes', lifetime_seconds: 600 } },
    says: answer({ expires_unit: 'minutes' }),
    also: endsAfter(600),
    plain: endsOtherwise(600),
  },
  {
    title: 'seconds as a text',
    rows: [32],
    demands: { answer: { expires: 'text', lifetime_seconds: 3 } },
    same: 'a text of digits is always read',
    renews: true,
  },
  ...[
    ['at_iso', 'RFC 3339 (Square)'],
    ['at_epoch', 'seconds since 1970'],
  ].map(([expires, title]) => ({
    title: `the end itself, ${title}`,
    rows: [32],
    demands: { answer: { expires, lifetime_seconds: 600 } },
    says: answer({ expires_at: 'expires_at' }),
    also: endsAfter(600),
    plain: endsOtherwise(600),
  })),
  ...[
    ['ms', { expires_unit: 'milliseconds' }],
    ['at_iso', { expires_at: 'expires_at' }],
    ['at_epoch', { expires_at: 'expires_at' }],
    ['absent', { lifetime: 10 }],
  ].map(([expires, says]) => ({
    title: `renewed in time, the end told by ${expires}`,
    rows: [32],
    demands: { answer: { expires, lifetime_seconds: 10 } },
    says: answer(says),
    renews: true,
    before: endsAfter(10),
    plain: async (trial) => {
      await trial.connect();
      await trial.outlive();
      assert.notEqual((await trial.call()).status, 200);
      assert.equal(await trial.renewals(), 0, 'nobody knew that it was about to end');
    },
  })),
  {
    title: 'an end that nobody tells (Salesforce, Jobber)',
    rows: [32],
    demands: { answer: { expires: 'absent', lifetime_seconds: 600 } },
    says: answer({ lifetime: 600 }),
    also: endsAfter(600),
    plain: endsOtherwise(600),
  },
  {
    title: 'no end at all (GitHub, Monday, ClickUp)',
    rows: [33],
    demands: { answer: { expires: 'absent', lifetime_seconds: 86400 } },
    says: { authentication: { options: { refresh: { by: 'never' } } } },
    also: (trial, connection) => assert.equal(connection.expires_at, null),
    same: 'an end that nobody tells is none',
    revokes: true,
  },
  {
    title: 'never renewed, although there is a refresh token',
    rows: [33],
    demands: { answer: { lifetime_seconds: 8 } },
    says: { authentication: { options: { refresh: { by: 'never' } } } },
    fails: async (trial) => {
      await trial.connect();
      await trial.called();
      await trial.outlive();
      const answer = await trial.call();
      assert.equal(JSON.parse(answer.text).code, 'needs_reauthorization', answer.text);
      assert.equal(await trial.renewals(), 0);
    },
    plain: async (trial) => {
      await trial.connect();
      await trial.outlive();
      await trial.called();
      assert.equal(await trial.renewals(), 1);
    },
  },
  {
    title: 'introspection tells the end (Salesforce)',
    rows: [34],
    demands: { answer: { expires: 'absent', lifetime_seconds: 10 } },
    says: (at) => ({ authentication: { options: { token: { introspection_url: at('/introspect') } } } }),
    before: async (trial, connection) => {
      endsAfter(10)(trial, connection);
      assert.ok((await trial.entries()).some(({ endpoint, outcome }) => endpoint === 'introspect' && outcome === 'served'));
    },
    renews: true,
    plain: endsOtherwise(10),
  },
  {
    title: 'the API’s address in the answer (Salesforce, Pipedrive, Zoho)',
    rows: [17, 44],
    base: (at) => ({ allowed_hosts: [hostOf(at)], ...answer({ keep: { instance_url: 'instance_url' } }) }),
    demands: { answer: { extra: { instance_url: '{base}/instances/blue' } }, call: { instance: 'blue' } },
    says: { api_base_url: '{instance_url}/api' },
    plain: 'call.instance',
    renews: true,
  },
];
