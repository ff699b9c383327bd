// Refresh under pressure, against a provider that ends a grant whose refresh token is sent twice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { credentials } from '../harness/api.mjs';
import { expired } from '../harness/job.mjs';
import * as steps from '../harness/steps.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let person;
before(async () => {
  world = await World.start('storm', { oidc: true });
  person = await world.person({ js: false });
  await steps.signUp(person);
});
after(() => world.end());

const refreshes = () => world.oidc.tokenRequests('refresh_token');

async function me(token) {
  const response = await fetch(`${world.oidc.origin}/me`, { headers: { authorization: `Bearer ${token}` } });
  return response.status;
}

test('two hundred callers on one expired credential cause one refresh', async () => {
  world.oidc.accessTokenSeconds = 2;
  const key = await steps.connectAtOidc(person, { linkName: 'storm' });
  await expired(world, 'storm');
  world.oidc.accessTokenSeconds = 120;
  const before = refreshes().length;

  const answers = await Promise.all(Array.from({ length: 200 }, () => credentials(world, 'storm', key)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], 'nobody sees an error');
  assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 1, 'all get the same token');
  assert.equal(await me(answers[0].body.access_token), 200, 'and it works');
  assert.equal(refreshes().length, before + 1, 'one refresh token request');

  await world.database.sql(`update credential set expires_at = clock_timestamp(), refresh_after = clock_timestamp()`);
  const { status, body } = await credentials(world, 'storm', key);
  assert.equal(status, 200, 'the rotated refresh token works');
  assert.equal(refreshes().length, before + 2);
  assert.equal(refreshes().at(-1).status, 200);
  assert.equal(body.version, answers[0].body.version + 1);
  assert.equal(await me(body.access_token), 200);
});

test('killed between send and answer, the server comes back to the truth and says it', async () => {
  world.oidc.accessTokenSeconds = 50;
  const key = await steps.connectAtOidc(person, { linkName: 'crash' });
  const page = '/setup/connections/crash';
  const before = refreshes().length;

  world.oidc.holdAnswers();
  // Due now, while the access token still has most of its life.
  await world.database.sql(`update credential k set refresh_after = clock_timestamp()
    from connection c where c.id = k.connection_id and c.link_name = 'crash'`);
  assert.equal((await credentials(world, 'crash', key)).status, 200, 'served while it is renewed in the background');
  await world.oidc.heldRequest();
  await world.server.kill();
  world.oidc.release();
  await world.server.serve();

  await person.open(page);
  assert.equal(await steps.status(person), 'Connected', 'the sender may still be alive somewhere');
  assert.equal((await credentials(world, 'crash', key)).status, 200);
  await until(
    'the lease has ended',
    async () => {
      const lease = `select lease_until < clock_timestamp() from credential k
      join connection c on c.id = k.connection_id where c.link_name = 'crash'`;
      return (await world.database.sql(lease)) === 't';
    },
    { within: 60_000, every: 500 },
  );

  await person.open(page);
  assert.equal(await steps.status(person), 'Expiring');
  assert.match(await person.text('main'), /The server stopped while the provider was renewing the token.+Reconnect\./);
  assert.match(await person.text('main'), /It stops working/);
  await person.inspect('connection expiring');
  const serving = await credentials(world, 'crash', key);
  assert.equal(serving.status, 200, 'what is left of the access token is served');
  assert.equal(await me(serving.body.access_token), 200);

  await expired(world, 'crash');
  await person.open(page);
  assert.equal(await steps.status(person), 'Reconnect');
  assert.match(await person.text('main'), /accepts a token only once/);
  const over = await credentials(world, 'crash', key);
  assert.equal(over.status, 424);
  assert.equal(over.body.code, 'needs_reauthorization');
  assert.equal(over.body.connect_url, world.origin + page);
  assert.equal(
    await world.database.sql(`select distinct cause from credential where cause is not null`),
    'lost_rotation',
  );
  assert.equal(refreshes().length, before + 1, 'the token that may be used up was never sent again');

  await person.press('Reconnect');
  await steps.continueTo(person, 'Provider of crash');
  await steps.consentAtOidc(person);
  assert.equal(await steps.status(person), 'Connected');
  assert.equal((await credentials(world, 'crash', key)).status, 200);
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
