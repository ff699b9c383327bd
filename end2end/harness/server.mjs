// The product under test: the binary, started, stopped and killed by its own process id.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { until } from './wait.mjs';

const binary =
  process.env.CONNECTIONS_BINARY ?? fileURLToPath(new URL('../../target/debug/connections', import.meta.url));

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// However a test ends, what it started ends with it.
const started = new Set();
process.once('exit', () => started.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

export class Server {
  /** Migrates the database and serves it. `allow` are the origins that the operator vouches for. */
  static async start(database, { allow = [], settings = {} } = {}) {
    const [port, sandboxPort] = [await freePort(), await freePort()];
    const server = new Server();
    server.origin = `http://localhost:${port}`;
    server.sandboxOrigin = `http://localhost:${sandboxPort}`;
    server.rootKey = randomBytes(32).toString('base64');
    server.log = '';
    server.environment = {
      PATH: process.env.PATH,
      // Everything that the product and its libraries could say is looked through for secrets afterwards.
      RUST_LOG: 'debug',
      DATABASE_URL: database.serverUrl,
      CONNECTIONS_ROOT_KEYS: `k1:${server.rootKey}`,
      CONNECTIONS_PUBLIC_URL: server.origin,
      CONNECTIONS_LISTEN: `127.0.0.1:${port}`,
      CONNECTIONS_SANDBOX: `127.0.0.1:${sandboxPort}`,
      CONNECTIONS_SANDBOX_CONTROL: 'true',
      CONNECTIONS_SIGNUP: 'open',
      CONNECTIONS_ALLOW_HOSTS: allow.join(','),
      ...settings,
    };
    const owner = { PATH: process.env.PATH, CONNECTIONS_OWNER_DATABASE_URL: database.ownerUrl };
    await promisify(execFile)(binary, ['migrate'], { env: owner });
    await server.serve();
    return server;
  }

  /** Starts the process and waits until it is ready. Also after a stop or a kill, with the same settings. */
  async serve() {
    const child = spawn(binary, ['serve'], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    started.add(child);
    this.ended = new Promise((resolve) => child.once('exit', resolve)).then(() => started.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.log += text;
      });
    }
    await until('the server is ready', async () => {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${this.log.slice(-3000)}`);
      return (await fetch(`${this.origin}/readyz`)).ok;
    });
  }

  /** Nothing is finished, nothing is written. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
  }
}
