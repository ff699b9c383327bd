/**
 * A lock between processes: a file that exists while somebody holds it. Both SDKs understand each other's.
 *
 * It saves work and guards nothing: whoever has waited long enough goes on without it.
 */

import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds to wait for another holder. */
const PATIENCE = 30_000;
/** Milliseconds after which a lock is a left-over, whoever made it. */
const OLDEST = 120_000;
const EVERY = 25;

/** Does the work while it holds the lock, or without it where it cannot be had. */
export async function locked(path, work) {
  const mine = await taken(path);
  try {
    return await work();
  } finally {
    if (mine !== undefined && (await read(path)) === mine) await remove(path);
  }
}

async function taken(path) {
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}`;
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline) {
    try {
      await writeFile(path, mine, { flag: 'wx', mode: 0o600 });
      return mine;
    } catch (error) {
      if (error.code !== 'EEXIST') return undefined;
    }
    await breakLeftOver(path);
    await pause(EVERY);
  }
  return undefined;
}

async function breakLeftOver(path) {
  const left = await leftOver(path);
  if (left === undefined) return;
  // Of several who break it, one succeeds in moving it away; what proves to be a new lock is put back.
  const grave = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await rename(path, grave);
    if ((await read(grave)) !== left) await link(grave, path);
  } catch {
    // Somebody else has done it.
  }
  await remove(grave);
}

/** What the lock says, where its holder has ended without removing it. */
async function leftOver(path) {
  try {
    const [held, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    if (Date.now() - mtimeMs > OLDEST) return held;
    const [, pid, host] = /^(\d+) (\S+) /.exec(held) ?? [];
    return host === hostname() && !runs(Number(pid)) ? held : undefined;
  } catch {
    return undefined;
  }
}

function runs(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const read = (path) => readFile(path, 'utf8').catch(() => undefined);
const remove = (path) => rm(path, { force: true }).catch(() => undefined);
