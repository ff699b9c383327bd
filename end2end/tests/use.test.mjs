// Every snippet of a connection's page, taken from the page and run: the sample request, a request that was tried with
// hostile characters in it, and the end of a credential where the service has no sample request.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Desk } from '../harness/languages.mjs';
import { text } from '../harness/html.mjs';
import { World } from '../harness/world.mjs';

const languages = ['curl', 'javascript', 'javascript-sdk', 'python', 'python-sdk', 'rust', 'deluge'];

let world;
let ada;
let key;
before(async () => {
  world = await World.start('use', { browser: false });
  ada = await world.client().signUp();
  await ada.defineService('books');
  await ada.defineConnection('books', 'novels');
  await ada.get((await ada.answerFor('novels')).href);
  key = await ada.makeKey({ scope: 'invoke' });
});
after(() => world.end());

/** Language to snippet, as the page shows them. */
function snippets(html) {
  const found = html.matchAll(/<code id="snippet-([a-z-]+)">([^]*?)<\/code>/g);
  return Object.fromEntries([...found].map(([, language, code]) => [language, text(code)]));
}

/** Runs the snippet of a language and ends with what it leaves behind. */
async function run(language, snippet, withKey) {
  const desk = await Desk.open();
  try {
    return await desk[language](snippet, withKey);
  } finally {
    await desk.close();
  }
}

for (const language of languages) {
  test(`${language}: the sample request, as it stands`, async () => {
    const page = await ada.get('/setup/connections/novels');
    const snippet = snippets(page.text)[language];
    const done = await run(language, snippet, key);
    assert.equal(done.code, 0, done.err);
    assert.equal(JSON.parse(done.out).email, 'ada@example.com');
  });

  test(`${language}: a request with hostile characters arrives as it was typed`, async () => {
    const body = `{"title": "it's \\"quoted\\" \\\\ $(id) \`id\` %s \${HOME} {x} ü\u2028 '''"}`;
    const form = {
      method: 'POST',
      path: `/echo/a'b"c{d}[e]$(id)?q=<x>|^`,
      parameters: `say=it's "so" & \\ $HOME ü\r\nlist[0]={a,b}`,
      body,
    };
    const page = await ada.post('/setup/connections/novels/try', form);
    assert.equal(page.status, 200, page.text);
    const done = await run(language, snippets(page.text)[language], key);
    assert.equal(done.code, 0, done.err);
    const echo = JSON.parse(done.out);
    assert.equal(echo.body, body);
    assert.equal(new Map(echo.headers).get('content-type'), 'application/json');
    const query = new URLSearchParams(echo.query);
    assert.equal(query.get('q'), '<x>|^');
    assert.equal(query.get('say'), `it's "so" & \\ $HOME ü`);
    assert.equal(query.get('list[0]'), '{a,b}');
  });

  test(`${language}: a refusal ends it with the server's words`, async () => {
    const page = await ada.get('/setup/connections/novels');
    const other = await ada.makeKey({ scope: 'credentials:read' });
    const done = await run(language, snippets(page.text)[language], other);
    assert.notEqual(done.code, 0);
    assert.match(done.out + done.err, /This function key may not do this: it needs the scope `invoke`/);
  });

  if (language === 'deluge') continue;
  test(`${language}: without a key it says so and asks nobody`, async () => {
    const page = await ada.get('/setup/connections/novels');
    const before = (await world.sandbox.ledger()).length;
    const done = await run(language, snippets(page.text)[language]);
    assert.notEqual(done.code, 0);
    assert.match(done.err, /CONNECTIONS_KEY/);
    assert.equal((await world.sandbox.ledger()).length, before);
  });
}

test('where there is no sample request, the end of the credential', async () => {
  await ada.defineService('quiet', { api_base_url: '', sample_path: '' });
  await ada.defineConnection('quiet', 'quiet');
  await ada.get((await ada.answerFor('quiet')).href);
  const page = await ada.get('/setup/connections/quiet');
  assert.match(text(page.text), /Where may this credential travel\?/);
  const link = /href="(\/setup\/keys\?[^"]*)"/.exec(page.text)[1].replaceAll('&amp;', '&');
  assert.equal(new URLSearchParams(link.split('?')[1]).get('scope'), 'credentials:read');
  const reading = await ada.makeKey({ scope: 'credentials:read', connection: 'quiet' });
  for (const language of languages) {
    const done = await run(language, snippets(page.text)[language], reading);
    assert.equal(done.code, 0, `${language}: ${done.err}`);
    // Deluge's own words are not run here: its request is.
    const end = language === 'deluge' ? JSON.parse(done.out).expires_at : done.out;
    assert.match(end, language === 'deluge' ? /^20\d\d-/ : /^The credential works until 20\d\d-.*\.$/m, language);
    if (language !== 'deluge') assert.ok(!done.out.includes('access_token'));
  }
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
