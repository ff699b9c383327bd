// What becomes of a service: it is edited, and deleted once nothing uses it.

import assert from 'node:assert/strict';

import { runSnippet } from './api.mjs';

/** Edits the service's name; the secret field stays empty and the secret works on. */
export async function editService(person, service, { name, snippet, key, isData }) {
  await person.open(`/setup/services/${service}`);
  await person.inspect('service');
  await person.press(person.link('Edit'));
  await person.inspect('edit service');
  assert.equal(await person.field('Client secret').inputValue(), '');
  assert.match(await person.text('#f-client_secret-help'), /^Set on .+ by Ada Lovelace · leave empty to keep$/);
  await person.fill({ 'Service name': name });
  await person.press('Save changes');
  assert.equal(person.path, `/setup/services/${service}`);
  assert.match(await person.text('h1'), new RegExp(name));
  assert.ok(isData(await runSnippet(snippet, key)), 'the stored secret was kept');
}

/** A service in use is not deleted, by whatever way it is asked; then its connection goes, then it goes. */
export async function deleteBoth(person, { service, serviceName, linkName, name }) {
  const { page, world } = person;
  await person.open(`/setup/services/${service}`);
  assert.match(await person.text('main'), /It is still used by 1 connection\. Delete these first\./);
  assert.equal(await page.locator('summary', { hasText: 'Delete…' }).count(), 0, 'no button that would be refused');
  // A page that was open before the connection was made still has the button.
  const refused = await page.context().request.post(`${world.origin}/setup/services/${service}/delete`, {
    headers: { origin: world.origin },
    form: {},
  });
  assert.equal(refused.status(), 409);
  assert.ok((await refused.text()).includes(`It is still used by ${linkName}.`), 'the refusal names it');

  await person.open(`/setup/connections/${linkName}`);
  await person.confirm('Delete', name);
  assert.equal(person.path, '/setup/connections');
  await person.open(`/setup/services/${service}`);
  await person.confirm('Delete', serviceName);
  assert.equal(person.path, '/setup/services');
  assert.equal((await person.open(`/setup/services/${service}`)).status(), 404);
  await person.inspect('not found');
}
