// Forms in the browser, with and without JavaScript: what is wrong stands beside its field, what was typed is still
// there, secrets are not, and with JavaScript the page is not loaded again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { forms, hostile, long } from '../harness/rounds.mjs';
import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => {
  world = await World.start('forms');
});
after(() => world.end());

/** Fills the form in badly, sends it, and looks at what comes back. */
async function refuse(person, { secret, button }, round) {
  const { page } = person;
  if (await page.locator('details.advanced').count()) await steps.unfold(person);
  await person.fill(Object.fromEntries(Object.entries(round).map(([label, [value]]) => [label, value])));
  assert.equal(await person.pressRefused(button), 422);
  for (const [label, [value, words, field]] of Object.entries(round)) {
    const said = await person.complaint(field);
    if (words) assert.match(said, words, `${label}: ${value.slice(0, 40)}`);
    else assert.equal(said, '', label);
    const shown = await person.field(label).inputValue();
    // With JavaScript the page stays, so the browser keeps what it has; without, a secret comes back empty.
    if (label === secret && !person.js) assert.equal(shown, '', `${label} is empty`);
    else assert.equal(shown, value, `${label} is still there`);
    if (words) assert.equal(await person.field(label).getAttribute('aria-invalid'), 'true', label);
  }
  const first = Object.entries(round).find(([, [, words]]) => words);
  assert.equal(
    await person.field(first[0]).evaluate((field) => field === document.activeElement),
    true,
    `${first[0]} has the focus`,
  );
  assert.match(await person.text('.summary'), /Some fields need another value\./);
  assert.match(await person.text('.summary'), new RegExp(`${first[0]}: `), 'the summary leads to it');
  if (secret && !round[secret][1]) {
    if (!person.js) assert.match(await person.text('#f-client_secret-help'), /Type it again: it was not kept\./);
  }
  person.clean();
}

for (const js of [true, false]) {
  const mode = js ? 'with JavaScript' : 'without JavaScript';

  test(`sign-up, ${mode}`, async () => {
    const person = await world.person({ js });
    await person.open('/sign-up');
    for (const round of forms.signUp.rounds) await refuse(person, forms.signUp, round);
    await person.inspect('sign-up with errors');
    await person.leave();
  });

  test(`service, connection and key, ${mode}`, async () => {
    const person = await world.person({ js });
    // A hostile name is a name: shown as it is, and nowhere run.
    await steps.signUp(person, hostile.slice(0, 90));
    await person.open('/setup/connections');
    assert.ok((await person.page.locator('.organization').innerText()).includes('<script>document.title'));
    assert.ok(!(await person.page.title()).startsWith('owned'));

    await person.open('/setup/services/new');
    const redirect = await person.text('#redirect-url');
    for (const round of forms.service.rounds) await refuse(person, forms.service, round);
    await person.inspect('create service with errors');
    assert.equal(await person.text('#redirect-url'), redirect, 'the redirect URL that may be registered already stays');

    await person.open('/setup/connections');
    await person.press('Try it with the sandbox');
    await steps.continueTo(person, 'Sandbox');
    await steps.consentAtSandbox(person, { account: 'grace@example.com' });
    await person.open('/setup/connections/new/sandbox');
    await person.fill({ 'Connection link name': 'taken' });
    await person.press('Create and connect');

    await person.open('/setup/connections/new/sandbox');
    await person.page.locator('input[name=scope][value=profile]').uncheck();
    for (const round of forms.connection.rounds) await refuse(person, forms.connection, round);
    assert.equal(
      await person.page.locator('input[name=scope][value=profile]').isChecked(),
      false,
      'what was unticked stays so',
    );
    await person.inspect('create connection with errors');

    // The key form is posted by the browser itself: its answer is a page of its own.
    await person.open('/setup/keys?connection=taken');
    await person.fill({ 'Key name': long });
    await person.page.locator('input[name=scope]:checked').uncheck();
    await person.press('Create key');
    assert.match(await person.complaint('name'), /too long/);
    assert.match(await person.complaint('scope'), /Choose at least one thing/);
    assert.equal(await person.field('Key name').inputValue(), long);
    assert.equal(await person.page.locator('input[name=connection][value=taken]').isChecked(), true);
    await person.inspect('keys with errors');

    await person.open('/setup/connections/taken');
    await person.fill({ 'Connection name': '' });
    await person.pressRefused('Save');
    assert.match(await person.complaint('name'), /missing/);
    await person.leave();
  });
}

test('complaints come while a person types, also those that only the server knows', async () => {
  const person = await world.person();
  await steps.signUp(person);
  await person.open('/setup/services/new');
  const { page } = person;
  await person.field('Service name').pressSequentially('Zoom Meeting');
  assert.equal(await person.field('Service link name').inputValue(), 'zoom_meeting', 'the link name is proposed');
  for (const [url, words] of [
    ['ftp://zoom.us', /not supported/],
    ['https://10.0.0.1/', /not a public address/],
    ['https://zoom.us/oauth', /^$/],
  ]) {
    await person.field('Authorize URL').fill(url);
    await page.waitForFunction(
      ([pattern]) => new RegExp(pattern).test(document.querySelector('[data-error=authorize_url]').textContent),
      [words.source],
    );
  }
  await person.field('Service link name').fill('Zoom');
  await person.field('Client ID').focus();
  assert.match(await person.complaint('link_name'), /only the letters/);
  await person.field('Service name').fill('Another name');
  assert.equal(await person.field('Service link name').inputValue(), 'Zoom', 'what a person typed is not replaced');
  await person.leave();
});

test('a press on the button counts, also where leaving a field brings a complaint above it', async () => {
  const person = await world.person();
  await steps.signUp(person);
  await person.open('/setup/services/new');
  // Typed and not left: the press itself leaves the field.
  await person.field('Allowed hosts').fill('*.com');
  assert.equal(await person.pressRefused('Create service'), 422);
  await person.leave();
});

test('no secret is left in the database, the log or a page', async () => {
  assert.deepEqual(await world.leaks(), []);
});
