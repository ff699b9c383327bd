/**
 * An access token, always at hand.
 *
 * While the token is fresh, asking for it costs one look at the clock. Past its time of renewal the old one is still
 * given, and a new one is fetched behind. Whatever the number of callers, one fetch is under way.
 */

import { cacheOf } from './cache.js';
import { ConnectionsError, UnknownConnection } from './errors.js';
import { issued, NONE } from './token.js';

/** Milliseconds after which a renewal that failed is tried again, while the old token lasts. */
const PAUSE = 5000;

/** Made by `Connection.getConnector`. */
export class Connector {
  #api;
  #cache;
  #configuration;
  #flight;
  #linkName;
  #refused;
  #token = NONE;
  #user;

  constructor(api, configuration, user) {
    this.#api = api;
    this.#configuration = configuration;
    this.#user = user;
    this.#cache = cacheOf(api.settings, configuration);
    if (!configuration.registers) this.#linkName = configuration.name;
  }

  /** The name under which it was configured. */
  get name() {
    return this.#configuration.name;
  }

  /** An access token that works. Rejects with a subclass of `ConnectionsError`. */
  getAccessToken() {
    const token = this.#token;
    const now = Date.now();
    return now < token.renewAt && now >= token.since ? token.promise : this.#renewed(now);
  }

  /**
   * Forgets the token, for a provider that refuses it before its time. The next call fetches. With the token that was
   * refused, nothing happens where another caller has seen to it already.
   */
  invalidate(accessToken) {
    if (accessToken !== undefined && accessToken !== this.#token.value) return;
    this.#refused = this.#token.value || this.#refused;
    this.#token = NONE;
    this.#flight = undefined;
  }

  #renewed(now) {
    const held = this.#token;
    const flight = this.#flight ?? this.#launched(held);
    return held.isAlive(now) ? held.promise : flight.then(({ value }) => value);
  }

  #launched(held) {
    const flight = this.#obtained(held);
    this.#flight = flight;
    flight.then(
      (token) => this.#land(flight, token, undefined),
      (error) => this.#land(flight, held.renewedAt(Date.now() + pauseAfter(error)), this.#refused),
    );
    return flight;
  }

  /** What was fetched before the token was invalidated is not kept. */
  #land(flight, token, refused) {
    if (this.#flight !== flight) return;
    this.#flight = undefined;
    this.#token = token;
    this.#refused = refused;
  }

  /** From the cache file where another process has been quicker, else from the server. */
  async #obtained(held) {
    const shared = await this.#shared(held);
    if (shared) return shared;
    return this.#cache.fetching(async () => {
      const meanwhile = await this.#shared(held);
      if (meanwhile) return meanwhile;
      const token = await this.#fetched();
      await this.#cache.write(token);
      return token;
    });
  }

  /** A token of the file that is better than the one in hand. */
  async #shared(held) {
    const token = await this.#cache.read();
    const now = Date.now();
    if (!token || token.value === this.#refused) return undefined;
    return token.isFresh(now) || (token.isAlive(now) && !held.isAlive(now)) ? token : undefined;
  }

  async #fetched() {
    if (this.#linkName !== undefined) {
      try {
        return await this.#asked(this.#linkName);
      } catch (error) {
        if (!(error instanceof UnknownConnection && this.#configuration.registers)) throw error;
      }
    }
    // Never told, or the connection was deleted meanwhile: the configuration makes it anew.
    this.#linkName = await this.#api.register(this.#configuration);
    return this.#asked(this.#linkName);
  }

  async #asked(linkName) {
    const now = Date.now();
    const { access_token, expires_in } = await this.#api.credentials(linkName, { user: this.#user });
    if (!access_token) {
      const sentence =
        `\`${linkName}\` has no access token: its service works with other credentials. ` +
        'Use new Client().connection(...).credentials() instead.';
      throw new ConnectionsError(sentence, { code: 'no_access_token' });
    }
    return issued(access_token, now, expires_in ?? this.#configuration.expiresIn, this.#configuration.refreshIn);
  }
}

function pauseAfter(error) {
  return Math.max(PAUSE, (error.retry_after ?? 0) * 1000) * (1 + Math.random() / 5);
}
