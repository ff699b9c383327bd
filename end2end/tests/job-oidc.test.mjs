// The main job against oidc-provider, which this project did not write: PKCE required, strict rotation, `iss`.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { connectedPage, revokeAndReconnect, useIt } from '../harness/job.mjs';
import { deleteBoth, editService } from '../harness/services.mjs';
import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('job_oidc', { oidc: true });
  world.oidc.accessTokenSeconds = 4;
});
after(() => world.end());

for (const js of [true, false]) {
  const login = js ? 'grace' : 'edith';
  const isData = (answer) => answer.sub === login;

  test(`a custom service on oidc-provider, ${js ? 'with' : 'without'} JavaScript`, async () => {
    const { oidc } = world;
    const withdrawals = () =>
      oidc.requests.filter(({ path, status }) => path === '/token/revocation' && status === 200).length;
    const before = withdrawals();
    const provider = {
      consent: (person) => steps.consentAtOidc(person, login),
      refreshes: () => oidc.tokenRequests('refresh_token').length,
      withdrawn: () => withdrawals() > before,
    };
    const person = await world.person({ js });
    await steps.signUp(person);
    const client = await oidc.register(await steps.newService(person));
    const service = await steps.createService(person, {
      name: 'OpenID Provider',
      scopes: { openid: 'Who you are', offline_access: 'While you are away', email: 'Your address' },
      fields: steps.oidcFields(oidc, client),
      options: steps.advanced(oidc.origin, `${oidc.origin}/me`, 'sub'),
    });
    await steps.createConnection(person, 'OpenID Provider', { name: 'People', linkName: 'people' });
    await provider.consent(person);
    const job = { linkName: 'people', name: 'People', service: 'OpenID Provider', account: login, isData };
    await connectedPage(person, job);
    Object.assign(job, await useIt(person, provider, job));
    await revokeAndReconnect(person, provider, job);
    await editService(person, service, { ...job, name: 'Identity' });
    await deleteBoth(person, { service, serviceName: 'Identity', linkName: job.linkName, name: job.name });
    await person.leave();
  });
}

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
