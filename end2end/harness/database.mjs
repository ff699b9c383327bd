// PostgreSQL: each test file has a database of its own in the cluster that TEST_DATABASE_ADMIN_URL names.
// The client programs of PostgreSQL do the work, so that no driver stands between a test and its claim.

import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const roles = fileURLToPath(new URL('../../migrations/setup/roles.sql', import.meta.url));
const LARGEST = 512 * 1024 * 1024;

const admin = process.env.TEST_DATABASE_ADMIN_URL;

/** The admin's URL for another role or database; its query (a socket's folder) stays. */
function url({ role, database }) {
  const changed = new URL(admin);
  if (role) {
    changed.username = role;
    changed.password = changed.password && password(role);
  }
  if (database) changed.pathname = `/${database}`;
  return changed.href;
}

/** Roles belong to the whole cluster: every test file must come to the same password. */
function password(role) {
  return createHmac('sha256', admin).update(role).digest('hex');
}

async function psql(target, ...commands) {
  const flags = ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1'];
  const { stdout } = await run('psql', [target, ...flags, ...commands], { maxBuffer: LARGEST });
  return stdout.trim();
}

/** Files run side by side; what belongs to the cluster is made by one at a time. */
const LOCK = ['-c', 'select pg_advisory_lock(7021996)'];

export class Database {
  /** Roles where they are missing, and an empty database of the owner's. */
  static async create(label) {
    if (!admin) throw new Error('TEST_DATABASE_ADMIN_URL names no cluster; `make browser` starts one and sets it.');
    const name = `e2e_${label.replaceAll(/\W/g, '_')}_${randomBytes(4).toString('hex')}`;
    const passwords = new URL(admin).password
      ? ['connections_owner', 'connections_server'].flatMap((role) => [
          '-c',
          `alter role ${role} password '${password(role)}'`,
        ])
      : [];
    await psql(admin, ...LOCK, '-f', roles, ...passwords, '-c', `create database ${name} owner connections_owner`);
    const database = new Database(name);
    await database.sql('alter schema public owner to connections_owner');
    return database;
  }

  constructor(name) {
    this.name = name;
    this.ownerUrl = url({ role: 'connections_owner', database: name });
    this.serverUrl = url({ role: 'connections_server', database: name });
  }

  /** Runs SQL as the superuser, whom row-level security does not bind; prints `a|b` a row. */
  sql(text) {
    return psql(url({ database: this.name }), '-c', text);
  }

  /** One row of one column as JSON. */
  async json(text) {
    return JSON.parse(await this.sql(`select to_json(answer) from (${text}) answer`));
  }

  /** Everything in it, as text. */
  async dump() {
    const { stdout } = await run('pg_dump', [url({ database: this.name })], { maxBuffer: LARGEST });
    return stdout;
  }

  async drop() {
    await psql(admin, '-c', `drop database if exists ${this.name} with (force)`);
  }
}
