// Every field of every form, with everything that must not be in it, as a page's answer and as the browser's program
// gets it: 422, a sentence beside the field, what was typed still there, secrets not, and nothing done half-way.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as bad from '../harness/bad.mjs';
import { complaints, values } from '../harness/html.mjs';
import { Api } from '../harness/manage.mjs';
import { World } from '../harness/world.mjs';

const good = {
  signUp: {
    organization_name: 'Zuse KG',
    name: 'Konrad',
    email: 'konrad@example.com',
    password: 'four random words here',
  },
  service: {
    name: 'Zoom',
    link_name: 'zoom',
    authentication_type: 'oauth2',
    grant_type: 'authorization_code',
    param_type: 'header',
    client_id: 'the client',
    client_secret: 'the client secret',
    authorize_url: 'https://zoom.example/authorize?access_type=offline',
    access_token_url: 'https://zoom.example/token',
    refresh_token_url: 'https://zoom.example/refresh',
    revoke_token_url: 'https://zoom.example/revoke',
    scope_name: 'meeting:read',
    scope_display_name: 'Read meetings',
    scope_delimiter: 'comma',
    api_base_url: 'https://api.zoom.example/v2',
    allowed_hosts: 'api.zoom.example',
    sample_method: 'GET',
    sample_path: '/users/me',
    test_method: 'GET',
    test_path: '/ping',
    pkce: 'on',
    issuer: 'https://zoom.example',
    client_authentication: 'basic',
    rotation: 'strict',
    identity_url: 'https://api.zoom.example/v2/users/me',
    identity_field: 'email',
  },
  oauth1: {
    name: 'Boards',
    link_name: 'boards',
    authentication_type: 'oauth1',
    consumer_key: 'the consumer',
    consumer_secret: 'the consumer secret',
    signature_method: 'hmac_sha1',
    request_token_url: 'https://boards.example/request',
    authorize_url: 'https://boards.example/authorize',
    access_token_url: 'https://boards.example/access',
    api_base_url: 'https://api.boards.example',
    sample_path: '/me',
  },
  apiKey: {
    name: 'Metrics',
    link_name: 'metrics',
    authentication_type: 'api_key',
    key_name: 'X-Api-Key',
    key_label: 'Key',
    key_param_type: 'header',
    key_template: 'Token {value}',
    api_base_url: 'https://api.metrics.example',
    sample_path: '/me',
  },
  basic: {
    name: 'Desk',
    link_name: 'desk',
    authentication_type: 'basic',
    basic_template: '{username}:{password}',
    api_base_url: 'https://api.desk.example',
    sample_path: '/me',
  },
  connection: { name: 'Team calls', link_name: 'team_calls', scope: 'profile' },
  key: { name: 'nightly', scope: 'credentials:read', connection: 'novels' },
  settings: { name: 'Great novels' },
};

good.options = good.service;

const pairs = [
  ['nonsense', /has no =/],
  ['a=1\na=2', /stands here twice/],
  ['a b=1', /is no name/],
  ['a={nobody}', /There is no value \{nobody\} here/],
];
const headers = [...pairs, ['Content-Length=5', /The server itself sets/], ['x=1\nhost=a', /The server itself sets/]];

const fields = {
  signUp: { organization_name: bad.name, name: bad.name, email: bad.email, password: bad.password },
  service: {
    name: bad.name,
    // An empty one is proposed from the name.
    link_name: [...bad.linkName.filter(([value]) => value !== ''), ['books', /already in use/]],
    authentication_type: bad.choice,
    grant_type: bad.choice,
    param_type: bad.choice,
    client_id: bad.line(500),
    client_secret: bad.line(2000),
    authorize_url: bad.url,
    access_token_url: bad.url,
    refresh_token_url: bad.optionalUrl,
    revoke_token_url: bad.optionalUrl,
    scope_name: bad.scope,
    scope_display_name: bad.label,
    scope_delimiter: bad.choice,
    api_base_url: [...bad.optionalUrl, ['https://api.example/?x=y', /from \? on/], ['', /needs an API base URL/]],
    allowed_hosts: bad.hosts,
    test_method: bad.choice.map(([value]) => [value, /Use one of GET/]),
    test_path: bad.path,
    sample_method: bad.choice.map(([value]) => [value, /Use one of GET/]),
    sample_path: bad.path,
    issuer: bad.optionalUrl.filter(([value]) => !/^https?:\/\/(\[|localhost|0x|1\d|zoom\.us(:22)?\/$)/.test(value)),
    client_authentication: bad.choice,
    rotation: bad.choice,
    identity_url: bad.optionalUrl,
    identity_field: bad.line(100).slice(2),
  },
  connection: {
    name: bad.name,
    link_name: [...bad.linkName, ['novels', /already in use/]],
    scope: [
      ['admin', /has no scope/],
      ['<script>', /has no scope/],
      ['a\0b', /has no scope/],
    ],
  },
  key: {
    name: bad.name,
    scope: [
      ['everything', /not a key scope/],
      ['', /not a key scope|Choose/],
    ],
    connection: [
      ['Novels', /only the letters/],
      ['no_such', /\w/],
    ],
  },
  settings: { name: bad.name },
  options: {
    authorize_parameters: pairs,
    token_parameters: pairs,
    refresh_parameters: pairs,
    exchange_parameters: pairs,
    call_parameters: pairs,
    call_headers: headers,
    token_headers: headers,
    parameter_names: [...pairs.slice(0, 3), ['state=x', /state keeps its name/]],
    answer_keep: [...pairs.slice(0, 3), ['access_token=x', /always there/]],
    header_name: [
      ['a b', /is no name/],
      ['Transfer-Encoding', /The server itself sets/],
    ],
    response_type: [['token', /Only answers with a code/]],
    answer_access_token: [['a..b', /\w/]],
    answer_lifetime: ['-1', 'x', '0'].map((value) => [value, /\w/]),
    exchange_url: bad.optionalUrl,
    introspection_url: bad.optionalUrl,
    redirect_value: [['{nobody}', /no value/]],
    revoke_header: [['{nobody}', /no value/]],
  },
  oauth1: {
    consumer_key: bad.line(500),
    consumer_secret: [
      ['', /missing/],
      ['a\r\nb', /\w/],
    ],
    signature_method: bad.choice,
    request_token_url: [['', /Three URLs belong together/], ...bad.optionalUrl],
    authorize_url: [['', /Three URLs belong together/], ...bad.optionalUrl],
    access_token_url: [['', /Three URLs belong together/], ...bad.optionalUrl],
    realm: [['{nobody}', /no value/]],
  },
  apiKey: {
    key_name: [
      ['', /Type the name/],
      ['a b', /is no name/],
      ['Host', /The server itself sets/],
    ],
    key_template: [
      ['Token', /no \{value\} in it/],
      ['{nobody} {value}', /no value/],
      ['{', /\w/],
    ],
    key_param_type: bad.choice,
    api_base_url: [['', /needs an API base URL/]],
  },
  basic: {
    basic_template: [
      ['{username}', /colon between/],
      ['a:b', /nothing would be asked for/],
      ['{nobody}:{username}', /no value/],
    ],
  },
};

const secret = { signUp: 'password', service: 'client_secret', options: 'client_secret', oauth1: 'consumer_secret' };
const path = {
  signUp: '/sign-up',
  service: '/setup/services/new',
  options: '/setup/services/new',
  oauth1: '/setup/services/new',
  apiKey: '/setup/services/new',
  basic: '/setup/services/new',
  connection: '/setup/connections/new/books',
  key: '/setup/keys',
  settings: '/setup/connections/novels/settings',
};

let world;
let ada;
before(async () => {
  world = await World.start('fields', { browser: false });
  ada = await world.client().signUp();
  await ada.defineService('books');
  await ada.defineConnection('books', 'novels');
});
after(() => world.end());

const count = () =>
  world.database.sql(`select (select count(*) from organization), (select count(*) from user_account),
    (select count(*) from service), (select count(*) from connection), (select count(*) from function_key)`);

for (const [form, cases] of Object.entries(fields)) {
  test(`every field of the form ${form}`, async () => {
    const client = form === 'signUp' ? world.client() : ada;
    const opened = await client.get(path[form]);
    const redirectId = values(opened.text, 'redirect_id')[0];
    const whole = { ...good[form], ...(redirectId && { redirect_id: redirectId }) };
    const before = await count();
    const wrong = [];
    for (const [field, list] of Object.entries(cases)) {
      for (const [value, words] of list) {
        const posted = { ...whole, [field]: value };
        // Sign-ups from one address are counted.
        if (form === 'signUp') await world.database.sql('delete from attempt_window');
        const html = await client.post(path[form], posted);
        const json = await client.post(path[form], posted, { json: true });
        const fault = judge({ form, field, value, words, posted, html, json });
        if (fault) wrong.push(`${field} = ${JSON.stringify(value.slice(0, 40))}: ${fault}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal(await count(), before, 'nothing was made');
  });
}

/** What is wrong with the two answers to a bad form; nothing where they are right. */
function judge({ form, field, value, words, posted, html, json }) {
  if (html.status !== 422) return `status ${html.status}`;
  if (json.status !== 422) return `status ${json.status} in JSON`;
  const beside = complaints(html.text);
  if (!words.test(beside[field] ?? '')) return `says ${JSON.stringify(beside)}`;
  const { errors } = JSON.parse(json.text);
  if (!errors.some((error) => error.field === field && words.test(error.message))) return `says ${json.text}`;
  for (const [name, typed] of Object.entries(posted)) {
    if (name === secret[form]) {
      if (typed && (html.text.includes(typed) || json.text.includes(typed)) && typed.length > 5)
        return 'a secret came back';
      continue;
    }
    const shown = values(html.text, name);
    // Boxes and selects show what they offer; a line of text shows what was typed, controls apart.
    const isLine = shown.length > 0 && !['scope', 'connection', 'authentication_type'].includes(name) && !/[\r\n\0]/.test(typed);
    if (isLine && !shown.includes(typed))
      return `${name} shows ${JSON.stringify(shown)} and not ${JSON.stringify(typed.slice(0, 60))}`;
  }
  return /<script>/.test(html.text) ? `${value} is in the page as markup` : undefined;
}

test('a key that no request can carry is not stored', async () => {
  const api = new Api(world, await ada.makeKey({ scope: 'manage' }));
  const authentication = { type: 'api_key', parameters: [{ key: 'X-Api-Key', template: 'Token {value}' }] };
  await api.done('POST', '/services', { name: 'Keys', link_name: 'keys', authentication, api_base_url: `${world.sandbox.origin}/api` });
  await api.done('POST', '/connections', { name: 'Keys', link_name: 'keyed', service: 'keys' });
  for (const [value, statuses] of [
    ['', [422]],
    ['   ', [422]],
    ['a\r\nX-Other: b', [422]],
    ['a\0', [422]],
    ['k'.repeat(1024 * 1024), [413, 422]],
  ]) {
    const answer = await api.put('/connections/keyed/credentials', { values: { 'X-Api-Key': value } });
    assert.ok(statuses.includes(answer.status), `${JSON.stringify(value.slice(0, 20))}: ${answer.status} ${answer.text.slice(0, 200)}`);
    if (answer.status === 422) assert.equal(answer.body.errors[0].field, 'values.X-Api-Key');
  }
  assert.equal((await api.get('/connections/keyed')).body.status, 'not_connected');
  await api.done('PUT', '/connections/keyed/credentials', { values: { 'X-Api-Key': world.secret('a good key', crypto.randomUUID()) } });
});

test('a redirect URL that was not proposed to this person, or is used, is not accepted', async () => {
  const used = values((await ada.get('/setup/services/new')).text, 'redirect_id')[0];
  const eve = await world.client().signUp('Eve Ltd');
  for (const [client, redirect_id] of [
    [ada, ''],
    [ada, 'svc_1.x'],
    [ada, `${used.slice(0, -3)}AAA`],
    [eve, used],
  ]) {
    const answer = await client.post('/setup/services/new', { ...good.service, redirect_id });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /redirect URL|Reload/i);
  }
  assert.equal((await ada.post('/setup/services/new', { ...good.service, redirect_id: used })).status, 303);
  const again = await ada.post('/setup/services/new', { ...good.service, link_name: 'other', redirect_id: used });
  assert.equal(again.status, 422, 'once');
});

test('what was deleted meanwhile', async () => {
  await ada.defineService('gone');
  assert.equal((await ada.post('/setup/services/gone/delete')).status, 303);
  const form = { name: 'x', link_name: 'x' };
  assert.equal((await ada.post('/setup/connections/new/gone', form)).status, 404);
  assert.equal((await ada.post('/setup/connections/new/gone', form, { json: true })).status, 404);
  for (const verb of ['reconnect', 'settings', 'try', 'hosts', 'disable', 'enable', 'revoke', 'delete']) {
    assert.equal((await ada.post(`/setup/connections/gone/${verb}`, { name: 'x' })).status, 404, verb);
  }
});

test('sign-in tells nobody who has an account, and tires of guessing', async () => {
  const person = world.client();
  const wrong = 'The email address or the password is not right. Check both and try again.';
  for (const email of [ada.account.email, 'nobody@example.com']) {
    const answer = await person.post('/sign-in', { email, password: 'not this one at all' });
    assert.equal(answer.status, 422);
    assert.ok(answer.text.includes(wrong));
    assert.deepEqual(values(answer.text, 'email'), [email]);
    assert.deepEqual(values(answer.text, 'password'), ['']);
  }
  for (const email of ['', 'ada', 'ada@x\r\nBcc: y@z']) {
    assert.match(
      complaints((await person.post('/sign-in', { email, password: 'x' })).text).email,
      /Type an email address/,
    );
  }
  const known = await world.client().signIn(ada.account);
  const guess = () => person.post('/sign-in', { email: ada.account.email, password: 'one more guess' });
  let last;
  for (let tries = 0; tries < 12 && last?.status !== 429; tries += 1) last = await guess();
  assert.equal(last.status, 429);
  assert.ok(last.text.includes('There were too many attempts. Wait a little and try again.'));
  const stranger = await world.client().post('/sign-in', ada.account);
  assert.equal(stranger.status, 429, 'a browser that nobody knows waits');
  assert.equal((await known.post('/sign-in', ada.account)).status, 303, 'the owner’s own browser does not');
});
