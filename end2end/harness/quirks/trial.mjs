// One row of the table at work: a client of the sandbox that insists on the row's quirk, a service and a connection of
// it, and everything that can be done with them.

import assert from 'node:assert/strict';

import { differences } from '../manage.mjs';
import { until } from '../wait.mjs';
import { consent } from './consent.mjs';
import { merged, plain } from './plain.mjs';

/** Where rows are tried: a world, somebody signed in, the management API and a key for calls. */
export class Trial {
  /** Makes the client known, and defines service and connection; `plainly`: without what the row is about. */
  static async begin(stage, row, name, { plainly = false } = {}) {
    const trial = new Trial();
    Object.assign(trial, stage, { row, name, kind: row.kind ?? 'oauth2' });
    trial.at = (path) => stage.world.sandbox.origin + path;
    const { redirect_id, redirect_url } = (await trial.api.done('POST', '/services/redirect')).body;
    trial.client = { id: `${name}-${crypto.randomUUID()}`, secret: trial.secret('client secret', crypto.randomUUID()) };
    trial.demands = merged(trial.own(row.demands), row.renews && { answer: { lifetime_seconds: trial.lifetime } });
    await trial.register(redirect_url);
    const says = merged(merged(plain[trial.kind](trial.at, trial.client), trial.own(row.base)), plainly ? {} : trial.own(row.says));
    trial.definition = { sample_request: { path: '/me' }, ...says };
    const scopes = row.scopes ?? (trial.kind === 'oauth2' ? ['profile', 'reports.read'] : []);
    await trial.api.done('POST', '/services', {
      name,
      link_name: name,
      redirect_id,
      scopes: scopes.map((scope) => ({ name: scope })),
      ...trial.definition,
    });
    trial.readsBack((await trial.api.done('GET', `/services/${name}`)).body);
    const fields = row.fields && trial.own(row.fields);
    await trial.api.done('POST', '/connections', { name, link_name: name, service: name, scopes: row.asks ?? scopes, fields });
    return trial;
  }

  /** The service says of itself what it was told, secrets apart. */
  readsBack(service) {
    assert.deepEqual(differences(this.definition, service), [], this.name);
  }

  /** What a row has by itself, or by the sandbox's addresses. */
  own(part) {
    return typeof part === 'function' ? part(this.at, this.client) : (part ?? {});
  }

  secret(what, value) {
    return this.world.secret(`${what} of ${this.name}`, value);
  }

  /** Seconds that an access token lives, where the row is about renewals. */
  get lifetime() {
    return this.own(this.row.demands).answer?.lifetime_seconds ?? 5;
  }

  async register(redirect) {
    const { sandbox } = this.world;
    const { id, secret } = this.client;
    if (this.kind === 'oauth1')
      return sandbox.consumer(id, { application: this.name, secret, callbacks: [redirect], ...this.demands });
    if (this.kind !== 'oauth2') return sandbox.door(this.kind, id, this.demands);
    const names = this.row.known ?? this.row.scopes ?? ['profile', 'reports.read'];
    const scopes = names.map((name) => ({ name, display_name: name }));
    return sandbox.register(id, {
      application: this.name,
      secret,
      redirect_uris: [redirect],
      scopes,
      quirks: this.demands,
    });
  }

  /** Connects in the way of the service, as far as that goes. */
  async connect() {
    const { grant_type: grant } = this.definition.authentication;
    if (this.row.values) {
      const values = this.own(this.row.values);
      for (const [name, value] of Object.entries(values)) if (value.length > 5) this.secret(name, value);
      this.typed = await this.api.put(`/connections/${this.name}/credentials`, { values });
    } else if (grant && grant !== 'authorization_code') {
      await this.ada.post(`/setup/connections/${this.name}/reconnect`, {}, { json: true });
    } else {
      await this.comeBack(await this.consented());
    }
    this.connectedAt = Date.now();
    return this.connection();
  }

  /** The address of the provider's answer; nothing where it never came to that. */
  async consented() {
    const begun = await this.ada.post(`/setup/connections/${this.name}/reconnect`, {}, { json: true });
    const left = await this.ada.get(JSON.parse(begun.text).go);
    // Where the provider gave no request token, nobody leaves: the connection's page says why.
    this.left = URL.canParse(left.location) ? left.location : undefined;
    return this.left && consent(this.world, this.left);
  }

  async comeBack(answer) {
    if (answer) this.cameBack = await this.ada.get(answer.href);
  }

  async connection() {
    return (await this.api.done('GET', `/connections/${this.name}`)).body;
  }

  /** What was noted about the connection, the newest first. */
  async notes() {
    return (await this.api.done('GET', `/audit?connection=${this.name}&limit=50`)).body.items.map(({ detail }) => detail);
  }

  /** A call through the proxy. */
  async call({ path = '/me', headers, ...options } = {}) {
    const answer = await fetch(`${this.world.origin}/api/v1/proxy/${this.name}${path}`, {
      ...this.row.call,
      ...options,
      headers: { authorization: `Bearer ${this.key}`, ...this.row.call?.headers, ...headers },
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text };
  }

  /** A call that tells who calls. */
  async called(options) {
    const answer = await this.call(options);
    assert.equal(answer.status, 200, `${this.name}: ${answer.text}`);
    const { name, key, user } = JSON.parse(answer.text);
    assert.ok(name ?? key ?? user, answer.text);
    return answer;
  }

  /** A call of a program that fetches the credential and puts it where it is told to, where the address is fixed. */
  async calledByItself() {
    const { api_base_url: base } = this.definition;
    if (this.kind === 'oauth1' || base.includes('{')) return;
    const { body } = await this.api.done('GET', `/connections/${this.name}/credentials`);
    if (body.access_token) this.secret(`access token ${body.version}`, body.access_token);
    const url = new URL(`${base}/me`);
    for (const [name, value] of Object.entries(body.parameters)) url.searchParams.set(name, value);
    const form = Object.keys(body.form).length > 0 && new URLSearchParams(body.form);
    const answer = await fetch(url, { headers: body.headers, ...(form && { method: 'POST', body: form }) });
    assert.equal(answer.status, 200, `${this.name}: ${await answer.text()}`);
  }

  /** *Test connection* finds it well. */
  async tested() {
    const { body } = await this.api.done('POST', `/connections/${this.name}/test`);
    assert.ok(body.ok, `${this.name}: ${body.detail}`);
  }

  /** What the sandbox noted about this client: what names it, and what carries one of its tokens. */
  async entries() {
    const ledger = await this.world.sandbox.ledger();
    const own = ledger.filter(({ client_id }) => client_id === this.client.id);
    const grants = new Set(own.map(({ grant }) => grant).filter((grant) => grant !== null));
    return ledger.filter(({ client_id, grant }) => client_id === this.client.id || grants.has(grant));
  }

  /** The demands that were not met. */
  async unmet() {
    return (await this.entries()).map(({ unmet }) => unmet).filter((unmet) => unmet !== null);
  }

  /** Waits until the access token has ended, or until a part of its life is over. */
  async outlive(part = 1) {
    const end = this.connectedAt + this.lifetime * 1000 * part + 300;
    await until('the token ends', () => Date.now() > end, { within: 120_000 });
  }

  /** Makes the credential old enough for a refusal to be believed. */
  age() {
    return this.world.database.sql(`update credential k set connected_at = now() - interval '2 minutes'
      from connection c where c.id = k.connection_id and c.link_name = '${this.name}'`);
  }

  /** How often the provider handed out another token in place of one. */
  async renewals() {
    const entries = (await this.entries()).filter(({ endpoint }) => endpoint === 'token');
    const first = entries.findIndex(({ outcome }) => outcome === 'issued');
    return entries.slice(first + 1).filter(({ outcome }) => ['refreshed', 'issued'].includes(outcome)).length;
  }

  async revoke() {
    const { body } = await this.api.done('POST', `/connections/${this.name}/revoke`);
    assert.equal(body.status, 'revoked');
    const asked = (entry) => entry.endpoint === 'revoke' && entry.outcome !== null;
    return until('the provider is asked to revoke', async () => (await this.entries()).find(asked));
  }
}
