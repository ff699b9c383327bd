// A provider of OAuth 1.0a that this project did not write: Authlib behind Flask (../oauth1/server.py), in a process of
// its own. Its address has to be among those that the operator vouches for.

import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { freePort } from './server.mjs';
import { until } from './wait.mjs';

const python = fileURLToPath(new URL('../../.data/venv/bin/python', import.meta.url));
const program = fileURLToPath(new URL('../oauth1/server.py', import.meta.url));

// However a test ends, what it started ends with it.
const started = new Set();
process.once('exit', () => started.forEach((child) => child.kill('SIGKILL')));

export class OAuth1Provider {
  /** The settings are those of `configure`. */
  static async start(settings = {}) {
    const self = new OAuth1Provider();
    const port = await freePort();
    self.origin = `http://127.0.0.1:${port}`;
    self.log = '';
    const child = spawn(python, [program, '--port', port], { stdio: ['ignore', 'pipe', 'pipe'] });
    self.child = child;
    started.add(child);
    self.ended = new Promise((resolve) => child.once('exit', resolve)).then(() => started.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        self.log += text;
      });
    }
    await until('the OAuth 1.0a provider answers', async () => {
      if (child.exitCode !== null) throw new Error(`the OAuth 1.0a provider ended:\n${self.log.slice(-3000)}`);
      return (await fetch(`${self.origin}/ledger`)).ok;
    });
    await self.configure(settings);
    return self;
  }

  async #control(method, path, body) {
    const response = await fetch(this.origin + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** What a service needs to know of it. */
  get urls() {
    const at = (path) => this.origin + path;
    return { initiate: at('/initiate'), authorize: at('/authorize'), token: at('/token'), me: at('/api/me') };
  }

  /**
   * From now on: `realm` that every request must name (null: none), `skew` in seconds by which it lives later,
   * `callback_confirmed`, and how a refusal looks (`denial`: denied, problem or error).
   */
  async configure(settings) {
    await this.#control('PATCH', '/settings', settings);
  }

  /** Registers an application as its developer would. With `rsa` it has a private key and gives the public half. */
  async register(redirectUrl, { rsa = false } = {}) {
    const pair = rsa && generateKeyPairSync('rsa', { modulusLength: 2048 });
    const client = { redirects: [redirectUrl] };
    if (pair) client.rsa_public_key = pair.publicKey.export({ type: 'spki', format: 'pem' });
    const known = await (await this.#control('POST', '/clients', client)).json();
    return pair ? { ...known, privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) } : known;
  }

  /** Every signed request and every consent so far. */
  async ledger() {
    return (await this.#control('GET', '/ledger')).json();
  }

  /** Every secret that it has handed out. */
  async secrets() {
    return new Set(await (await this.#control('GET', '/secrets')).json());
  }

  /** No token is good any more. */
  async forgetTokens() {
    await this.#control('DELETE', '/tokens');
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
  }
}
