// An evil service: its authorize URL sends the browser on to an honest provider with somebody else's client, hoping
// that the code comes back under its own name (cross-tool OAuth account takeover). The code must reach neither the
// evil token endpoint nor a connection.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { World } from '../harness/world.mjs';

const evil = { asked: [], redeemed: 0 };
let world;
let mallory;
before(async () => {
  evil.http = createServer((request, response) => {
    const url = new URL(request.url, evil.origin);
    if (url.pathname === '/token') {
      evil.redeemed += 1;
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"access_token":"evil","token_type":"Bearer"}');
      return;
    }
    // To the honest provider, with the state that was minted for the evil service.
    const honest = new URL(evil.target.authorize);
    const own = {
      response_type: 'code',
      client_id: evil.target.client,
      redirect_uri: evil.target.redirect,
      scope: 'profile',
    };
    for (const name of ['state', 'code_challenge', 'code_challenge_method']) own[name] = url.searchParams.get(name);
    for (const [name, value] of Object.entries(own)) honest.searchParams.set(name, value);
    evil.asked.push(honest.href);
    response.writeHead(302, { location: honest.href }).end();
  });
  await new Promise((resolve) => evil.http.listen(0, '127.0.0.1', resolve));
  evil.origin = `http://127.0.0.1:${evil.http.address().port}`;
  world = await World.start('mixup', { browser: false, allow: [evil.origin] });
  mallory = await world.client().signUp('Mallory Ltd');
  evil.redirect = await evilService(mallory);
});
after(async () => {
  evil.http.closeAllConnections();
  evil.http.close();
  await world.end();
});

async function evilService(client) {
  const changes = {
    authorize_url: `${evil.origin}/authorize`,
    access_token_url: `${evil.origin}/token`,
    revoke_token_url: '',
    identity_url: '',
  };
  const { redirect } = await client.defineService('evil', changes);
  await client.defineConnection('evil', 'evil');
  return redirect;
}

/** Follows the evil service to the honest provider, agrees there, and gives its answer. */
async function lured(client) {
  const { url } = await client.depart('evil');
  assert.ok(url.startsWith(evil.origin));
  const on = await fetch(url, { redirect: 'manual' });
  return world.agreed(on.headers.get('location'));
}

const rows = () => world.database.sql(`select count(*) || ' ' || coalesce(max(generation), 0) from credential`);
const redeemed = async () => (await world.sandbox.tokenRequests('authorization_code')).length;

async function nothingHappened(client, answer, words) {
  const before = [await rows(), await redeemed(), evil.redeemed];
  const opened = await client.get(answer.href);
  assert.equal(opened.status, 400, opened.text);
  assert.match(opened.text, words);
  assert.deepEqual([await rows(), await redeemed(), evil.redeemed], before, 'no code was redeemed, no row changed');
}

for (const same of [false, true]) {
  test(`the code comes to the redirect URL of the honest service, of ${same ? 'the same' : 'another'} organization`, async () => {
    const bob = same ? mallory : await world.client().signUp('Bob & Sons');
    const honest = await bob.defineService('honest');
    evil.target = {
      authorize: `${world.sandbox.origin}/authorize`,
      client: honest.client.id,
      redirect: honest.redirect,
    };
    const answer = await lured(mallory);
    assert.ok(answer.searchParams.get('code'), 'the honest provider issued a code');
    assert.ok(answer.href.startsWith(honest.redirect));
    await nothingHappened(mallory, answer, /the redirect URL of another service/);
    // Nor where the owner of the honest service opens it.
    if (!same) await nothingHappened(bob, answer, /does not belong to a consent that was begun here/);
    assert.equal(await redeemed(), 0);
  });
}

test('the code cannot come to the evil redirect URL: it is not the honest client’s', async () => {
  const bob = await world.client().signUp('Bob Ltd');
  const honest = await bob.defineService('honest');
  evil.target = {
    authorize: `${world.sandbox.origin}/authorize`,
    client: honest.client.id,
    redirect: evil.redirect,
  };
  const answer = await lured(mallory);
  assert.equal(answer.refused, 400, 'one redirect URL a service: the provider refuses all others');
  assert.equal(evil.redeemed, 0);
  assert.equal(await redeemed(), 0);
});

test('a code of the honest provider that is carried to the evil redirect URL by hand is worth nothing there', async () => {
  const bob = await world.client().signUp('Bob Inc');
  await bob.defineService('honest');
  await bob.defineConnection('honest', 'honest');
  const honest = await bob.answerFor('honest');
  const before = await rows();
  // Bob is lured to open his own honest answer under the evil service's redirect URL.
  const carried = new URL(evil.redirect + honest.search);
  const opened = await bob.get(carried.href);
  assert.equal(opened.status, 400);
  assert.match(opened.text, /the redirect URL of another service/);
  assert.equal(evil.redeemed, 0);
  assert.equal(await rows(), before);
  assert.equal((await bob.get(honest.href)).status, 303, 'his own answer still counts where it belongs');
  assert.equal(evil.asked.length, 3);
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
