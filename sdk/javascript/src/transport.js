/** One request, one answer. Follows no redirect, so that the key goes nowhere else. */

import { ConfigurationError, NetworkError } from './errors.js';
import { VERSION } from './version.js';

/** Sends requests with the key to one server. */
export class Transport {
  #settings;

  constructor(settings) {
    this.#settings = settings;
  }

  /**
   * `path` is encoded and begins with a slash. `read` makes of the response what is wanted; `timeout` (seconds) lasts
   * until it has. Throws `NetworkError`, or the caller's own reason where its `signal` ends the call.
   */
  async send(method, path, { headers, body, timeout, signal } = {}, read = (response) => response) {
    const { url, key, timeout: usual } = this.#settings;
    const late = new AbortController();
    const ends = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
    const stream = body === undefined ? {} : { body, duplex: 'half' };
    const call = { method, headers: withKey(headers, key), redirect: 'manual', signal: ends, ...stream };
    const timer = setTimeout(() => late.abort(new Error('no answer in time')), (timeout ?? usual) * 1000);
    try {
      return await read(await fetch(url + path, call));
    } catch (error) {
      // Without a cause it is what was asked that cannot be sent.
      if (signal?.aborted || (error instanceof TypeError && !error.cause)) throw error;
      throw new NetworkError(this.#sentence(error, late.signal), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  #sentence(error, { aborted, reason }) {
    const why = aborted ? reason.message : (error.cause?.code ?? error.cause?.message ?? error.message);
    return `The server at ${this.#settings.url} gave no answer (${why}). Check the address and that it runs.`;
  }
}

function withKey(given, key) {
  const headers = new Headers(given);
  if (headers.has('authorization')) {
    throw new ConfigurationError('`headers` has Authorization. Leave it out: the server adds the credential.');
  }
  if (!headers.has('user-agent')) headers.set('user-agent', `connections-sdk-javascript/${VERSION}`);
  headers.set('authorization', `Bearer ${key}`);
  return headers;
}
