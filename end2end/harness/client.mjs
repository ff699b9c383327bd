// A browser without a window: keeps cookies, follows nothing, and sends what a browser sends along with a form.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

/** A list stands for several fields of one name. */
function encode(form) {
  const pairs = Object.entries(form).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return new URLSearchParams(pairs).toString();
}

export class Client {
  constructor(world) {
    this.world = world;
    this.cookies = new Map();
  }

  /** The same session in the same browser. */
  copy() {
    const other = new Client(this.world);
    other.cookies = this.cookies;
    return other;
  }

  async send(method, path, { form, headers = {}, json = false } = {}) {
    const response = await fetch(new URL(path, this.world.origin), {
      method,
      redirect: 'manual',
      headers: {
        accept: json ? 'application/json' : 'text/html',
        cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      body: form && encode(form),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.cookies.set(name, value);
      if (value) this.world.secret(`cookie ${name} ${value.slice(0, 4)}…`, value);
    }
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('location'),
      text,
    };
    if (response.headers.get('content-type')?.startsWith('text/html')) {
      this.world.pages.push({ method, url: response.url, body: text });
    }
    return answer;
  }

  get(path, options) {
    return this.send('GET', path, options);
  }

  /** Posts a form as this site's own pages do; `bare`: with nothing but the given headers. */
  post(path, form = {}, { bare = false, headers, ...options } = {}) {
    const own = bare ? {} : { 'sec-fetch-site': 'same-origin' };
    return this.send('POST', path, { form, ...options, headers: { ...own, ...headers } });
  }

  async signUp(organization = 'Babbage Ltd') {
    const id = randomUUID();
    this.account = {
      email: `charles-${id.slice(0, 8)}@example.com`,
      password: this.world.secret(`password of ${id.slice(0, 4)}`, `difference engine ${id}`),
    };
    const answer = await this.post('/sign-up', { organization_name: organization, name: 'Charles', ...this.account });
    assert.equal(answer.status, 303, answer.text);
    return this;
  }

  async signIn(account) {
    this.account = account;
    const answer = await this.post('/sign-in', account);
    assert.equal(answer.status, 303, answer.text);
    return this;
  }

  /** Defines a service that is a client of the sandbox with exactly one redirect URL; gives its callback path. */
  async defineService(linkName, changes = {}) {
    const page = await this.get('/setup/services/new');
    const [, redirect] = /id="redirect-url">([^<]+)</.exec(page.text);
    const [, redirectId] = /name="redirect_id" value="([^"]+)"/.exec(page.text);
    const { sandbox } = this.world;
    const client = {
      id: `client-${randomUUID()}`,
      secret: this.world.secret(`client secret of ${linkName}`, randomUUID()),
    };
    const scopes = ['profile', 'reports.read'].map((name) => ({ name, display_name: name }));
    await sandbox.register(client.id, {
      application: linkName,
      secret: client.secret,
      redirect_uris: [redirect],
      scopes,
    });
    const answer = await this.post('/setup/services/new', {
      name: linkName,
      link_name: linkName,
      redirect_id: redirectId,
      client_id: client.id,
      client_secret: client.secret,
      authorize_url: `${sandbox.origin}/authorize`,
      access_token_url: `${sandbox.origin}/token`,
      revoke_token_url: `${sandbox.origin}/revoke`,
      identity_url: `${sandbox.origin}/userinfo`,
      rotation: 'strict',
      scope_name: ['profile', 'reports.read'],
      api_base_url: `${sandbox.origin}/api`,
      sample_path: '/me',
      ...changes,
    });
    assert.equal(answer.status, 303, answer.text);
    return { redirect, client };
  }

  /** Makes a connection of a service; its consent has not been asked for yet. */
  async defineConnection(service, linkName, scope = 'profile') {
    const form = { name: linkName, link_name: linkName, scope };
    const answer = await this.post(`/setup/connections/new/${service}`, form);
    assert.equal(answer.status, 303, answer.text);
  }

  /** Leaves for the provider; gives the provider's address, and the start from which it was reached. */
  async depart(linkName) {
    const begun = await this.post(`/setup/connections/${linkName}/reconnect`, {}, { json: true });
    const { go } = JSON.parse(begun.text);
    const left = await this.get(go);
    assert.equal(left.status, 303, left.text);
    return { start: go, url: left.location };
  }

  /** Departs, agrees at the sandbox, and gives the address of the answer, which is not opened yet. */
  async answerFor(linkName, decision) {
    const { url } = await this.depart(linkName);
    return this.world.agreed(url, decision);
  }

  async makeKey(form = {}) {
    const name = `job ${randomUUID().slice(0, 8)}`;
    const made = await this.post('/setup/keys', { name, scope: ['credentials:read', 'invoke'], ...form });
    const [, key] = /id="new-key-text">(cnx_[^<]+)</.exec(made.text);
    return this.world.secret(`function key ${key.slice(4, 10)}…`, key);
  }
}

/** Decides at the sandbox, as its first account; gives where the browser is sent with the answer. */
export async function agree(authorizeUrl, { decision = 'allow', account = 'ada@example.com', grant } = {}) {
  const url = new URL(authorizeUrl);
  const scopes = grant ?? url.searchParams.get('scope')?.split(' ');
  const form = { ...Object.fromEntries(url.searchParams), account, decision, grant: scopes ?? [] };
  const answer = await fetch(url.origin + url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encode(form),
    redirect: 'manual',
  });
  const back = answer.headers.get('location');
  return back ? new URL(back) : { refused: answer.status };
}
