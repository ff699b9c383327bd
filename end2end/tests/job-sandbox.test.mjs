// The main job against the sandbox: in two clicks, and as a custom service that is defined in the form.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { connectedPage, revokeAndReconnect, useIt } from '../harness/job.mjs';
import { deleteBoth, editService } from '../harness/services.mjs';
import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('job_sandbox', { settings: { CONNECTIONS_SANDBOX_TOKEN_SECONDS: '4' } });
});
after(() => world.end());

const provider = {
  consent: (person) => steps.consentAtSandbox(person),
  refreshes: async () => (await world.sandbox.tokenRequests('refresh_token')).length,
  withdrawn: async () => (await world.sandbox.ledger()).some((entry) => entry.outcome === 'revoked'),
};
const isData = (answer) => answer.email === 'ada@example.com' && answer.scopes.length > 0;

for (const js of [true, false]) {
  const mode = js ? 'with JavaScript' : 'without JavaScript';

  test(`try it with the sandbox, ${mode}`, async () => {
    const person = await world.person({ js });
    const account = await steps.signUp(person);
    assert.equal(person.path, '/setup/connections');
    await person.inspect('get started');
    await person.press('Try it with the sandbox');
    await steps.continueTo(person, 'Sandbox');
    await steps.consentAtSandbox(person);
    const job = { linkName: 'sandbox', name: 'Sandbox', service: 'Sandbox', account: 'ada@example.com', isData };
    await connectedPage(person, job);
    Object.assign(job, await useIt(person, provider, job));
    await revokeAndReconnect(person, provider, job);
    await person.open('/setup/connections');
    await person.inspect('connections');
    assert.match(await person.text('#connections'), /Sandbox[\s\S]*Connected[\s\S]*ada@example\.com/);

    await person.open('/account');
    await person.inspect('account');
    await person.press('Sign out');
    assert.equal(person.path, '/sign-in');
    await person.open('/setup/connections');
    assert.equal(person.path, '/sign-in', 'nobody is signed in any more');
    await steps.signIn(person, account);
    assert.equal(person.path, '/setup/connections');
    await person.leave();
  });

  test(`a custom service on the sandbox, ${mode}`, async () => {
    const person = await world.person({ js });
    await steps.signUp(person);
    const redirect = await steps.newService(person);
    const client = { id: `reporting-${js}`, secret: world.secret(`client secret ${js}`, `s3cret/of+the:client ${js}`) };
    await world.sandbox.register(client.id, {
      application: 'Reporting',
      secret: client.secret,
      redirect_uris: [redirect],
      scopes: [
        { name: 'profile', display_name: 'Profile' },
        { name: 'reports.read', display_name: 'Reports' },
      ],
    });
    const { origin } = world.sandbox;
    const service = await steps.createService(person, {
      name: 'Report Store',
      scopes: { profile: 'Read your profile', 'reports.read': 'Read reports' },
      fields: steps.sandboxFields(world.sandbox, client),
      options: steps.advanced(origin, `${origin}/userinfo`, 'email'),
    });
    assert.equal(person.path, '/setup/connections/new/report_store', 'service and connection are one pass');
    await steps.createConnection(person, 'Report Store', { name: 'Monthly reports', linkName: 'reports' });
    await steps.consentAtSandbox(person);
    const job = {
      linkName: 'reports',
      name: 'Monthly reports',
      service: 'Report Store',
      account: 'ada@example.com',
      isData,
    };
    await connectedPage(person, job);
    Object.assign(job, await useIt(person, provider, job));
    await revokeAndReconnect(person, provider, job);
    await editService(person, service, { ...job, name: 'Report Archive' });
    await person.open('/setup/services');
    await person.inspect('services');
    await deleteBoth(person, { service, serviceName: 'Report Archive', linkName: job.linkName, name: job.name });
    await person.leave();
  });
}

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
