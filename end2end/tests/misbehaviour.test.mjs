// A provider that misbehaves when it is asked for tokens: the connection's page says why, in the provider's words
// where it has some; nothing is stored by halves; connecting again works; what worked before goes on working.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { credentials } from '../harness/api.mjs';
import { text } from '../harness/html.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

let world;
let ada;
let key;
let made = 0;
const elsewhere = { requests: 0 };
before(async () => {
  elsewhere.http = createServer((_, response) => {
    elsewhere.requests += 1;
    response.end('{"access_token":"elsewhere","token_type":"Bearer"}');
  });
  await new Promise((resolve) => elsewhere.http.listen(0, '127.0.0.1', resolve));
  elsewhere.url = `http://127.0.0.1:${elsewhere.http.address().port}/`;
  // Even where the operator vouches for the other address, a token request follows no redirect.
  world = await World.start('misbehaviour', { browser: false, allow: [elsewhere.url.slice(0, -1)] });
  ada = await world.client().signUp();
  await ada.defineService('books');
  key = await ada.makeKey();
});
after(async () => {
  elsewhere.http.closeAllConnections();
  elsewhere.http.close();
  await world.end();
});

async function connection(scopes) {
  made += 1;
  const linkName = `case_${made}`;
  await ada.defineConnection('books', linkName, scopes);
  return linkName;
}

/** Goes through consent, while a fault is on; gives the connection's page. */
async function connect(linkName, ...faults) {
  const url = await ada.answerFor(linkName);
  await world.sandbox.switches(...faults.map((fault) => ({ fault, times: 1 })));
  return opened(await ada.get(url.href), linkName);
}

async function opened(answer, linkName) {
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.location, `/setup/connections/${linkName}`);
  return page(linkName);
}

async function page(linkName) {
  const shown = await ada.get(`/setup/connections/${linkName}`);
  assert.equal(shown.status, 200);
  const status = text(/class="pill [a-z]+">.*?<\/svg>([^<]+)</s.exec(shown.text)[1]).trim();
  // What is said above the snippet: notices, status, notes.
  const head = shown.text.slice(shown.text.indexOf('<main'), shown.text.indexOf('aria-labelledby="use-it"'));
  return { status, html: shown.text, words: text(head) };
}

const stored = (linkName) =>
  world.database.sql(
    `select count(*) from credential k join connection c on c.id = k.connection_id where c.link_name = '${linkName}'`,
  );

const nonsense =
  /failed at the access token URL http:\S+\/token\. The provider answered 200 OK with something that is no token answer\. /;
const quoted = /The last try to connect failed: “A switch asked for this error\.” Check/;
const faults = {
  'says an error': [{ error: { code: 'invalid_client', status: 401 } }, quoted],
  'says an error with status 200': [{ error: { code: 'temporarily_unavailable', status: 200 } }, quoted],
  'refuses the code': [{ error: { code: 'invalid_grant', status: null } }, quoted],
  'answers a page for people': [{ body: 'html' }, nonsense],
  'answers nothing': [{ body: 'empty' }, nonsense],
  'stops in the middle': [{ body: 'truncated' }, nonsense],
  'answers garbage': [{ body: 'garbage' }, nonsense],
  'answers too much': [{ body: 'oversized' }, /The last try to connect failed: “.*(too large|larger|than)/i],
  'is out of order': [
    { status: { code: 500, retry_after: null } },
    /answered 500 Internal Server Error without an OAuth error/,
  ],
  'is busy': [{ status: { code: 429, retry_after: 7 } }, /answered 429 Too Many Requests/],
  'hangs up after it has acted': ['commit_then_drop', /The last try to connect failed: “/],
};

/** The fault on a first try and on a later one. */
async function survives(fault, words) {
  const linkName = await connection();
  const failed = await connect(linkName, fault);
  assert.equal(failed.status, 'Not connected');
  assert.match(failed.words, words);
  assert.match(failed.words, /then connect again\./);
  assert.equal(await stored(linkName), '0', 'nothing is stored by halves');
  const refused = await credentials(world, linkName, key);
  assert.deepEqual([refused.status, refused.body.code], [424, 'not_connected']);

  const good = await connect(linkName);
  assert.equal(good.status, 'Connected');
  assert.doesNotMatch(good.words, /The last try to connect failed/);
  const before = await credentials(world, linkName, key);
  assert.equal(before.status, 200);

  const again = await connect(linkName, fault);
  assert.equal(again.status, 'Connected', 'the earlier credential goes on');
  assert.match(again.words, words);
  const kept = await credentials(world, linkName, key);
  assert.equal(kept.body.access_token, before.body.access_token);
}

test('it never answers', async () => {
  const linkName = await connection();
  const url = await ada.answerFor(linkName);
  await world.sandbox.switches({ fault: 'never_answer', times: 1 });
  const begun = Date.now();
  const failed = await opened(await ada.get(url.href), linkName);
  assert.ok(Date.now() - begun < 25_000, 'there is a deadline');
  assert.equal(failed.status, 'Not connected');
  assert.match(failed.words, /The last try to connect failed: “/);
  assert.equal(await stored(linkName), '0');
  assert.equal((await connect(linkName)).status, 'Connected');
});

for (const [what, [fault, words]] of Object.entries(faults)) test(`it ${what}`, () => survives(fault, words));

test('it redirects', async () => {
  await survives({ redirect: elsewhere.url }, /answered 307 Temporary Redirect/);
  assert.equal(elsewhere.requests, 0, 'the code and the secret were not carried there');
});

test('the browser that went away meanwhile loses nothing', async () => {
  const linkName = await connection();
  const url = await ada.answerFor(linkName);
  await world.sandbox.switches({ fault: { delay_ms: 1500 }, times: 1 });
  const gone = new AbortController();
  const cookie = [...ada.cookies].map((pair) => pair.join('=')).join('; ');
  const left = fetch(url, { headers: { cookie }, signal: gone.signal, redirect: 'manual' }).catch(
    (error) => error.name,
  );
  await until('the provider is being asked', async () =>
    (await world.sandbox.tokenRequests('authorization_code')).some(({ ended_ms: end }) => end === null),
  );
  gone.abort();
  assert.equal(await left, 'AbortError');
  await until('it is connected', async () => (await page(linkName)).status === 'Connected');
});

test('a person who does not agree, and words that are not words', async () => {
  const linkName = await connection();
  const denied = await opened(await ada.get((await ada.answerFor(linkName, { decision: 'deny' })).href), linkName);
  assert.equal(denied.status, 'Not connected');
  assert.match(denied.words, /books did not agree: “.+\.” Connect again when you are ready\./);
  assert.equal(await stored(linkName), '0');

  await world.sandbox.switches({ fault: 'hostile_description', times: 1 });
  const hostile = await opened(await ada.get((await ada.answerFor(linkName)).href), linkName);
  assert.match(hostile.html, /&lt;script&gt;document\.title=/);
  assert.ok(!hostile.html.includes('<script>document'), 'escaped');
  assert.ok(!hostile.html.includes('A'.repeat(400)), 'cut');
  assert.equal((await connect(linkName)).status, 'Connected');
});

test('fewer scopes than were asked for', async () => {
  const linkName = await connection(['profile', 'reports.read']);
  const url = await ada.answerFor(linkName, { grant: ['profile'] });
  const connected = await opened(await ada.get(url.href), linkName);
  assert.equal(connected.status, 'Connected');
  assert.match(connected.words, /1 scope is not granted: reports\.read\./);
  assert.match(text(connected.html), /reports\.read not granted/);
  assert.match(connected.words, /Reconnect to add/);
  assert.deepEqual((await credentials(world, linkName, key)).body.scopes, ['profile']);
  assert.doesNotMatch((await connect(linkName)).words, /not granted/, 'added by connecting again');
});

test('no refresh token', async () => {
  const linkName = await connection();
  const expiring = await connect(linkName, 'omit_refresh_token');
  assert.equal(expiring.status, 'Expiring');
  assert.match(expiring.words, /No refresh token came back, so it cannot renew itself\. Add access_type=offline/);
  assert.equal((await credentials(world, linkName, key)).status, 200, 'it works as long as it lives');
  await world.database.sql(`update credential set expires_at = clock_timestamp() from connection c
    where c.id = connection_id and c.link_name = '${linkName}'`);
  assert.equal((await page(linkName)).status, 'Reconnect');
  assert.deepEqual([(await credentials(world, linkName, key)).body.code], ['needs_reauthorization']);
});

test('unusual answers that are good', async () => {
  const linkName = await connection();
  for (const fault of [
    { body: 'form_urlencoded' },
    'omit_expires_in',
    { expires_in: 'string' },
    { expires_in: 'float' },
    { expires_in: 'huge' },
    { userinfo_status: 500 },
  ]) {
    assert.equal((await connect(linkName, fault)).status, 'Connected', JSON.stringify(fault));
    assert.equal((await credentials(world, linkName, key)).status, 200, JSON.stringify(fault));
  }
});

/** Makes the access token's end come now. */
const end = (linkName) =>
  world.database
    .sql(`update credential set expires_at = clock_timestamp(), refresh_after = clock_timestamp(), next_try_at = clock_timestamp()
    from connection c where c.id = connection_id and c.link_name = '${linkName}'`);

test('it is out of order when a token is renewed, and comes back', async () => {
  const linkName = await connection();
  await connect(linkName);
  await end(linkName);
  await world.sandbox.switches({ fault: { status: { code: 503, retry_after: null } }, times: 1 });
  const refused = await credentials(world, linkName, key);
  assert.deepEqual([refused.status, refused.body.code], [503, 'provider_unavailable']);
  assert.equal((await page(linkName)).status, 'Connected', 'the next try comes by itself');
  await end(linkName);
  assert.equal((await credentials(world, linkName, key)).status, 200);
});

test('it withdraws the grant when a token is renewed', async () => {
  const linkName = await connection();
  await connect(linkName);
  await end(linkName);
  await world.sandbox.switches({ fault: { error: { code: 'invalid_grant', status: null } }, times: 1 });
  const refused = await credentials(world, linkName, key);
  assert.deepEqual([refused.status, refused.body.code], [424, 'needs_reauthorization']);
  const told = await page(linkName);
  assert.equal(told.status, 'Reconnect');
  assert.match(told.words, /no longer accepts this grant/);
  assert.match(told.words, /books says: A switch asked for this error\./);
  assert.equal((await connect(linkName)).status, 'Connected');
  assert.equal((await credentials(world, linkName, key)).status, 200);
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
