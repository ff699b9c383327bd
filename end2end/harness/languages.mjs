// Runs the snippets of a connection's page as somebody would who pasted them into a file.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { read } from './deluge.mjs';

const run = promisify(execFile);
const house = fileURLToPath(new URL('../../', import.meta.url));

/** Python with `requests`, which .ci/toolchain installs. */
const python = join(house, '.data/venv/bin/python');

/** A folder for one run. */
export class Desk {
  static async open() {
    const desk = new Desk();
    desk.folder = await mkdtemp(join(tmpdir(), 'connections-snippet-'));
    // All desks share one target folder for what they depend on. Under one name they would run each other's programs.
    desk.name = `example_${randomBytes(8).toString('hex')}`;
    return desk;
  }

  async close() {
    await rm(this.folder, { recursive: true, force: true });
    if (this.built) await rm(this.built, { force: true });
  }

  /** Runs a program; gives what it printed and how it ended. Without a key the variable is not set. */
  async #run(program, args, key, more = {}) {
    const env = { PATH: process.env.PATH, ...(key && { CONNECTIONS_KEY: key }), ...more };
    const options = { env, cwd: this.folder };
    const done = await run(program, args, options).catch((error) => error);
    return { code: done.code ?? 0, out: done.stdout, err: done.stderr };
  }

  curl(snippet, key) {
    return this.#run('sh', ['-c', snippet], key);
  }

  async javascript(snippet, key) {
    await writeFile(join(this.folder, 'example.mjs'), snippet);
    return this.#run(process.execPath, ['example.mjs'], key);
  }

  async 'javascript-sdk'(snippet, key) {
    await mkdir(join(this.folder, 'node_modules'), { recursive: true });
    const place = join(this.folder, 'node_modules/connections-sdk');
    if (!existsSync(place)) await symlink(join(house, 'sdk/javascript'), place);
    return this.javascript(snippet, key);
  }

  async python(snippet, key, more) {
    await writeFile(join(this.folder, 'example.py'), snippet);
    return this.#run(python, ['example.py'], key, more);
  }

  'python-sdk'(snippet, key) {
    return this.python(snippet, key, { PYTHONPATH: join(house, 'sdk/python/src') });
  }

  /** Sends what Deluge would send. */
  async deluge(snippet, key = 'CONNECTIONS_KEY') {
    const { url, ...request } = read(snippet, key);
    const response = await fetch(url, request);
    const text = await response.text();
    return response.ok ? { code: 0, out: text, err: '' } : { code: 1, out: '', err: text };
  }

  /** Compiles and runs it in a crate of its own. */
  async rust(snippet, key) {
    const src = join(this.folder, 'src');
    await mkdir(src, { recursive: true });
    await writeFile(join(src, 'main.rs'), snippet);
    await writeFile(join(this.folder, 'Cargo.toml'), manifest(this.name));
    const { CARGO_HOME, HOME, RUSTUP_TOOLCHAIN, RUSTUP_HOME } = process.env;
    const kept = { CARGO_HOME, HOME, RUSTUP_TOOLCHAIN, RUSTUP_HOME, CARGO_TARGET_DIR: join(house, 'target/snippet') };
    const defined = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
    this.built = join(house, 'target/snippet/debug', this.name);
    return this.#run('cargo', ['run', '--quiet'], key, defined);
  }
}

// Plain HTTP against this machine: the snippet's own words ask for the default features.
const manifest = (name) => `[package]
name = "${name}"
version = "0.1.0"
edition = "2024"

[dependencies]
reqwest = { version = "0.13", default-features = false, features = ["blocking"] }
serde_json = "1"

[workspace]
`;
