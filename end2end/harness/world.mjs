// Everything that a test file needs, started for it alone and ended with it.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launch } from './browser.mjs';
import { findLeaks } from './canaries.mjs';
import { Client, agree } from './client.mjs';
import { Database } from './database.mjs';
import { OpenIdProvider } from './oidc.mjs';
import { Person } from './person.mjs';
import { Sandbox } from './sandbox.mjs';
import { Server } from './server.mjs';

const artifacts = fileURLToPath(new URL('../artifacts/', import.meta.url));

export class World {
  /** `oidc`: with oidc-provider. `allow`: further origins that the operator vouches for. */
  static async start(name, { oidc = false, browser = true, allow = [], settings = {} } = {}) {
    const world = new World();
    world.name = name;
    /** What must be found nowhere afterwards: its name to its value. */
    world.secrets = new Map();
    /** Every page of ours that a browser or a client was given. */
    world.pages = [];
    world.inspected = new Set();
    world.people = [];
    try {
      world.database = await Database.create(name);
      if (oidc) world.oidc = await OpenIdProvider.start();
      const origins = world.oidc ? [world.oidc.origin, ...allow] : allow;
      world.server = await Server.start(world.database, { allow: origins, settings });
      world.sandbox = new Sandbox(world.server.sandboxOrigin);
      world.origin = world.server.origin;
      world.others = [world.sandbox.origin, ...origins];
      world.secrets.set('root key', world.server.rootKey);
      if (browser) world.browser = await launch();
    } catch (error) {
      await world.end();
      throw error;
    }
    return world;
  }

  async person(options) {
    const person = await Person.arrive(this, options);
    this.people.push(person);
    return person;
  }

  client() {
    return new Client(this);
  }

  /** Agrees at the sandbox, or does not; what its answer carries must stay nowhere. */
  async agreed(url, decision) {
    const answer = await agree(url, decision);
    for (const name of ['code', 'state']) {
      const value = answer.searchParams?.get(name);
      if (value) this.secret(`${name} ${value.slice(0, 6)}…`, value);
    }
    return answer;
  }

  secret(name, value) {
    this.secrets.set(name, value);
    return value;
  }

  /** Where a secret of this file's tests can be read in the clear; call it last. */
  async leaks() {
    for (const [at, secret] of [...(this.oidc?.secrets ?? [])].entries())
      this.secrets.set(`oidc-provider ${at}`, secret);
    const log = `${artifacts}logs/${this.name}.log`;
    await mkdir(`${artifacts}logs`, { recursive: true });
    await writeFile(log, this.server.log);
    const dump = await this.database.dump();
    // What is there must be found, or finding nothing says nothing: an address in the clear, a hash as its bytes.
    const hash = await this.database.sql(`select encode(id_hash, 'hex') from session limit 1`);
    const present = new Map([
      ['address', '@example.com'],
      ['hash', Buffer.from(hash, 'hex')],
    ]);
    const found = findLeaks(present, { dump, log: '', pages: this.pages });
    assert.ok(
      found.length >= 2 && found.at(-1).startsWith('hash in the database dump'),
      'the search finds what is there',
    );
    assert.ok(this.secrets.size > 3 && this.server.log.includes('ready at'));
    return findLeaks(this.secrets, { dump, log: this.server.log, pages: this.pages });
  }

  async end() {
    await this.browser?.close();
    await this.server?.stop();
    await this.oidc?.stop();
    await this.database?.drop();
  }
}
