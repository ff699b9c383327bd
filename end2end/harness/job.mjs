// The main job, as one story for every provider and for browsers with and without JavaScript: connect, use the
// connection by its link name, lose it, bring it back.

import assert from 'node:assert/strict';

import { credentials, runSnippet } from './api.mjs';
import { Desk } from './languages.mjs';
import { continueTo, createKey, status } from './steps.mjs';
import { until } from './wait.mjs';

/** The tabs beside curl. */
const OTHERS = ['javascript', 'javascript-sdk', 'python', 'python-sdk', 'rust', 'deluge'];

async function runAtDesk(language, code, key) {
  const desk = await Desk.open();
  try {
    const { code: ended, out, err } = await desk[language](code, key);
    assert.equal(ended, 0, `${language}: ${err}`);
    return JSON.parse(out);
  } finally {
    await desk.close();
  }
}

/** The access token's life is over by the clock that decides it. */
export function expired(world, linkName) {
  return until('the access token has expired', async () => {
    const over = `select bool_and(expires_at < clock_timestamp()) from credential k
      join connection c on c.id = k.connection_id where c.link_name = '${linkName}'`;
    return (await world.database.sql(over)) === 't';
  });
}

/** The page of a connection that was just made says what it is, whose it is, and how it is used. */
export async function connectedPage(person, { linkName, service, account }) {
  assert.equal(person.path, `/setup/connections/${linkName}`);
  assert.equal(await status(person), 'Connected');
  const facts = await person.text('dl.facts');
  assert.match(facts, new RegExp(`Link name\\s+${linkName}\\b`));
  assert.match(facts, new RegExp(`Service\\s+${service}`));
  assert.match(await person.text('main'), new RegExp(`as ${account}`));
  await person.inspect('connection');
}

/** Makes a key on the page and runs the snippet that the page shows, before and after the token's end. */
export async function useIt(person, provider, { linkName, isData }) {
  const { world, page } = person;
  const back = page.url();
  const snippet = await page.locator('#snippet-curl').textContent();
  const others = await Promise.all(
    OTHERS.map(async (language) => [language, await page.locator(`#snippet-${language}`).textContent()]),
  );
  const key = await createKey(person, 'nightly report');
  assert.ok(isData(await runSnippet(snippet, key)), 'the snippet prints the protected data');
  for (const [language, code] of others) assert.ok(isData(await runAtDesk(language, code, key)), language);
  await expired(world, linkName);
  const before = await provider.refreshes();
  assert.ok(isData(await runSnippet(snippet, key)), 'also after the access token has expired');
  assert.ok((await provider.refreshes()) > before, 'since it was refreshed');
  const { status: code, body } = await credentials(world, linkName, key);
  assert.equal(code, 200);
  assert.equal(body.link_name, linkName);
  await person.open(back);
  assert.match(await person.text('dl.facts'), /nightly report/, 'the page tells who used it');
  assert.equal(await status(person), 'Connected');
  return { snippet, key };
}

/** Revoke, and connect again: the same link name, the same key, the same snippet. */
export async function revokeAndReconnect(person, provider, { linkName, name, service, isData, snippet, key }) {
  const { world } = person;
  await person.confirm('Revoke', name);
  assert.equal(await status(person), 'Revoked');
  await person.inspect('connection revoked');
  const refused = await credentials(world, linkName, key);
  assert.equal(refused.status, 424);
  assert.equal(refused.body.code, 'revoked');
  assert.equal(refused.body.connect_url, `${world.origin}/setup/connections/${linkName}`);
  await until('the grant is withdrawn at the provider', provider.withdrawn);
  await person.press('Connect');
  await continueTo(person, service);
  await provider.consent(person);
  assert.equal(await status(person), 'Connected');
  assert.ok(isData(await runSnippet(snippet, key)));
  // The button for a connection that works.
  await person.press('Reconnect');
  if (!person.js) await person.inspect('authorize');
  await continueTo(person, service);
  await provider.consent(person);
  assert.equal(await status(person), 'Connected');
  assert.ok(isData(await runSnippet(snippet, key)));
}
