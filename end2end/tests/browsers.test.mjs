// Whoever finishes a consent is who began it: two people, two browsers, and links that were sent to somebody.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('browsers');
});
after(() => world.end());

const codes = () => world.sandbox.tokenRequests('authorization_code');
const credentials = () => world.database.sql('select count(*) from credential');

/** Ada leaves for the provider and stops there; gives the addresses that she could send to somebody. */
async function halfway(ada) {
  const started = ada.page.waitForRequest(/\/oauth\/start\//);
  const seen = [];
  ada.page.on('request', (request) => seen.push(request.url()));
  await ada.open('/setup/connections');
  await ada.press('Try it with the sandbox');
  await steps.continueTo(ada, 'Sandbox');
  const start = (await started).url();
  assert.equal(new URL(ada.page.url()).origin, world.sandbox.origin);
  return { start, authorize: ada.page.url(), preview: seen.find((url) => url.includes('/authorize?consent=')) };
}

for (const js of [true, false]) {
  test(`a consent that Ada began is not finished in Eve's browser, ${js ? 'with' : 'without'} JavaScript`, async () => {
    const [ada, eve] = [await world.person({ js }), await world.person({ js })];
    await steps.signUp(ada);
    await steps.signUp(eve, 'Eve Ltd');
    const { start, authorize, preview } = await halfway(ada);
    const [before, redeemed] = [await credentials(), (await codes()).length];

    // The page before, and the departure itself, are Ada's alone.
    assert.equal((await eve.open(start)).status(), 410);
    assert.match(await eve.text('h1'), /This link is no longer good/);
    await eve.inspect('link no longer good');
    if (preview) assert.equal((await eve.open(preview)).status(), 404);

    // The provider's own address works for everybody; its answer does not.
    await eve.page.goto(authorize);
    await steps.consentAtSandbox(eve);
    assert.match(await eve.text('main'), /This answer was refused/);
    assert.match(await eve.text('main'), /Nothing was connected and nothing has changed\./);
    await eve.inspect('answer refused');
    assert.equal((await codes()).length, redeemed, 'the code was not redeemed');
    assert.equal(await credentials(), before);
    const path = '/setup/connections/sandbox';
    assert.equal((await eve.open(path)).status(), 404, 'Eve has no such connection');

    // Ada's own answer still counts, in her own browser.
    await steps.consentAtSandbox(ada);
    assert.equal(ada.path, path);
    assert.equal(await steps.status(ada), 'Connected');
    await ada.leave();
    await eve.leave();
  });
}

test('a session that ended at the provider: sign in, then connect again', async () => {
  const ada = await world.person({ js: true });
  const account = await steps.signUp(ada);
  await halfway(ada);
  const redeemed = (await codes()).length;
  await ada.context.clearCookies({ name: 'cnx' });
  await steps.consentAtSandbox(ada);
  assert.match(await ada.text('main'), /Your session ended while you were at the provider/);
  await ada.inspect('session ended');
  await ada.press(ada.link('Sign in'));
  await ada.fill({ Email: account.email, Password: account.password });
  await ada.press('Sign in');
  assert.equal((await codes()).length, redeemed);
  assert.match(await ada.text('#connections'), /Not connected/);
  await ada.press(ada.link('Sandbox'));
  assert.equal(await steps.status(ada), 'Not connected');
  await ada.inspect('connection not connected');
  await ada.press('Connect');
  await steps.consentAtSandbox(ada);
  assert.equal(await steps.status(ada), 'Connected');
  // Nothing of the answer stays in the address, the history or the next page's Referer.
  assert.ok(!/code=|state=/.test(ada.page.url()));
  const referrer = await ada.page.evaluate(() => document.referrer);
  assert.ok(!/code=|state=/.test(referrer), referrer);
  await ada.leave();
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
