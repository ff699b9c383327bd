/**
 * The cache file: tokens that the processes of a machine share, so that one of them fetches.
 *
 * JSON, the same in both SDKs: `{"format": …, "entries": {id: {"salt", "nonce", "sealed", "ends_at"}}}`. Each entry
 * is sealed with its connector's `secret_key` and bound to server, name and fingerprint, from which its id comes. The
 * function key is part of the fingerprint. Whatever cannot be opened counts as absent.
 */

import { createHash, randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';

import { locked } from './lock.js';
import { Sealer } from './seal.js';
import { Token } from './token.js';

const FORMAT = 'connections-cache-1';
/** A larger file is not ours. */
const LARGEST = 4 * 1024 * 1024;

/** Without a file, or without a key to seal it. */
const noCache = {
  read: async () => undefined,
  write: async () => undefined,
  fetching: (work) => work(),
};

/** One connector's entry in the file. */
class Cache {
  #path;
  #sealer;
  #place;
  #id;

  constructor(path, sealer, url, name, fingerprint) {
    this.#path = path;
    this.#sealer = sealer;
    this.#place = Buffer.from(JSON.stringify([FORMAT, url, name, fingerprint]));
    this.#id = createHash('sha256').update(this.#place).digest('hex');
  }

  /** The token that was written last, which may have ended. */
  async read() {
    const entry = (await this.#entries())[this.#id];
    const plain = entry && (await this.#sealer.open(entry, this.#place));
    if (!plain) return undefined;
    const { access_token, since, renew_at, ends_at } = JSON.parse(plain.toString());
    return new Token(access_token, ...[since, renew_at, ends_at].map((seconds) => seconds * 1000));
  }

  /** Replaces the file as a whole; entries that have ended are left out. */
  async write(token) {
    const [since, renew_at, ends_at] = [token.since, token.renewAt, token.endsAt].map((time) => time / 1000);
    const plain = JSON.stringify({ access_token: token.value, since, renew_at, ends_at });
    const entry = { ...(await this.#sealer.seal(plain, this.#place)), ends_at };
    try {
      await locked(`${this.#path}.lock`, async () => {
        const entries = Object.entries({ ...(await this.#entries()), [this.#id]: entry });
        const kept = Object.fromEntries(entries.filter(([, other]) => other?.ends_at * 1000 > Date.now()));
        await replace(this.#path, JSON.stringify({ format: FORMAT, entries: kept }));
      });
    } catch (error) {
      process.emitWarning(
        `The cache file ${this.#path} cannot be written (${error.code ?? error.name}). Tokens stay in memory.`,
        'ConnectionsWarning',
      );
    }
  }

  /** Works while this connector's token is fetched: other processes wait and then find it in the file. */
  fetching(work) {
    return locked(`${this.#path}.${this.#id.slice(0, 16)}.lock`, work);
  }

  async #entries() {
    try {
      if ((await stat(this.#path)).size > LARGEST) return {};
      const { format, entries } = JSON.parse(await readFile(this.#path, 'utf8'));
      return format === FORMAT && entries instanceof Object ? entries : {};
    } catch {
      return {};
    }
  }
}

/** A connector's part of the file. */
export function cacheOf({ url, key, cacheFile }, configuration) {
  const { name, secretKey } = configuration;
  if (cacheFile === undefined || secretKey === undefined) return noCache;
  return new Cache(cacheFile, new Sealer(secretKey), url, name, configuration.fingerprint(key));
}

/** Whoever reads meanwhile sees the old file or the new one, never a part. */
async function replace(path, text) {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
