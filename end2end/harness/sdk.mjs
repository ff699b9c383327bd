// The SDKs as functions use them: installed, in processes of their own, through a door that counts.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sdk = fileURLToPath(new URL('../../sdk/', import.meta.url));
/** Python with what seals the cache file, which .ci/toolchain installs. */
const python = fileURLToPath(new URL('../../.data/venv/bin/python', import.meta.url));

/** A folder in which programs of both languages find the SDKs: the JavaScript one as it is packed for publication. */
export class Functions {
  static async install() {
    const functions = new Functions();
    functions.folder = await mkdtemp(join(tmpdir(), 'connections-sdk-'));
    const installed = join(functions.folder, 'node_modules', 'connections-sdk');
    await mkdir(installed, { recursive: true });
    const packed = ['pack', '--silent', '--pack-destination', functions.folder, join(sdk, 'javascript')];
    const { stdout } = await run('npm', packed, { cwd: functions.folder });
    const tarball = join(functions.folder, stdout.trim().split('\n').at(-1));
    await run('tar', ['xzf', tarball, '-C', installed, '--strip-components', '1']);
    return functions;
  }

  remove() {
    return rm(this.folder, { recursive: true });
  }

  /** Starts a program; `env` names server and key. */
  async start(language, source, env) {
    const file = join(this.folder, `${randomUUID()}.${language === 'python' ? 'py' : 'mjs'}`);
    await writeFile(file, source);
    const child = spawn(language === 'python' ? python : process.execPath, [file], {
      env: { PATH: process.env.PATH, PYTHONPATH: join(sdk, 'python/src'), PYTHONDONTWRITEBYTECODE: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new Program(child);
  }

  /** Runs a program to its end; gives what it printed, as JSON. */
  async run(language, source, env) {
    const program = await this.start(language, source, env);
    return program.end();
  }
}

/** A program that answers each line with a line. */
class Program {
  #child;
  #lines;
  #complaints = '';

  constructor(child) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#complaints += text;
    });
  }

  /** Sends a line and gives the answer. */
  async next() {
    this.#child.stdin.write('next\n');
    const { value } = await this.#lines.next();
    assert.ok(value, this.#complaints);
    return JSON.parse(value);
  }

  /** Lets it come to its end; gives the last line that it printed. */
  async end() {
    this.#child.stdin.end();
    let last;
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) last = line.value;
    assert.ok(this.#complaints === '', this.#complaints);
    return last && JSON.parse(last);
  }
}

/** Stands before the server and writes down what is asked of it. */
export class Door {
  static async open(world) {
    const door = new Door();
    door.asked = [];
    door.http = createServer((asked, answer) => {
      door.asked.push(`${asked.method} ${asked.url}`);
      const { method, headers } = asked;
      const passed = ask(world.origin + asked.url, { method, headers }, (response) => {
        answer.writeHead(response.statusCode, response.rawHeaders);
        response.pipe(answer);
      });
      passed.on('error', () => answer.destroy());
      asked.pipe(passed);
    });
    await new Promise((resolve) => door.http.listen(0, '127.0.0.1', resolve));
    door.origin = `http://127.0.0.1:${door.http.address().port}`;
    return door;
  }

  /** What was asked since the last time: registrations and fetches. */
  count() {
    const asked = this.asked.splice(0);
    return {
      registrations: asked.filter((line) => line.startsWith('PUT /api/v1/connectors/')).length,
      fetches: asked.filter((line) => /^GET \/api\/v1\/connections\/\w+\/credentials\?/.test(line)).length,
    };
  }

  close() {
    this.http.closeAllConnections();
    return new Promise((resolve) => this.http.close(resolve));
  }
}

/** A connector's configuration, with a refresh token that a person has just consented to at the sandbox. */
export async function consented(world, { account = 'ada@example.com', ...changes } = {}) {
  const { origin } = world.sandbox;
  const id = `client-${randomUUID()}`;
  const secret = world.secret(`client secret of ${id}`, randomUUID());
  const redirect_uri = 'http://localhost:9/back';
  const scopes = [{ name: 'profile', display_name: 'Profile' }];
  await world.sandbox.register(id, { application: 'Function', secret, redirect_uris: [redirect_uri], scopes });
  const verifier = randomBytes(32).toString('base64url');
  const asked = {
    response_type: 'code',
    client_id: id,
    redirect_uri,
    scope: 'profile',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const decision = { ...asked, account, decision: 'allow', grant: 'profile' };
  const decided = await post(`${origin}/authorize`, decision);
  const code = new URL(decided.headers.get('location')).searchParams.get('code');
  const exchange = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier };
  const answer = await post(`${origin}/token`, { ...exchange, client_id: id, client_secret: secret });
  const { refresh_token } = await answer.json();
  world.secret(`refresh token of ${id}`, refresh_token);
  return {
    client_id: id,
    client_secret: secret,
    auth_url: `${origin}/authorize`,
    refresh_url: `${origin}/token`,
    refresh_token,
    ...changes,
  };
}

function post(url, form) {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
}

/** Whose access token it is, or undefined where it has ended. */
export async function owner(world, token) {
  world.secret(`access token ${token.slice(0, 12)}…`, token);
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${world.sandbox.origin}/api/me`, { headers });
  return response.ok ? (await response.json()).email : undefined;
}
