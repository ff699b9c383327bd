/** A connection, known by its link name. */

import { link } from './configuration.js';
import { ConfigurationError } from './errors.js';
import { proxied, segment } from './path.js';
import { connector } from './registry.js';

/**
 * Made by `Client.connection`. Its calls go through the server, which adds the credential.
 *
 * A provider's answer comes back as it is, whatever its status; only what the server itself refuses is thrown, as a
 * subclass of `ConnectionsError`. No call is ever repeated.
 */
export class LinkedConnection {
  #api;
  #linkName;
  #user;

  constructor(api, linkName, user) {
    segment(linkName, 'link name');
    this.#api = api;
    this.#linkName = linkName;
    this.#user = user;
  }

  get(path, call) {
    return this.request('GET', path, call);
  }

  post(path, call) {
    return this.request('POST', path, call);
  }

  put(path, call) {
    return this.request('PUT', path, call);
  }

  patch(path, call) {
    return this.request('PATCH', path, call);
  }

  delete(path, call) {
    return this.request('DELETE', path, call);
  }

  /**
   * Has a call made. `path` follows the service's API base URL; `params` are added to its query. The body is `json`, or
   * `body`: whatever `fetch` takes. `timeout`: seconds until the answer must have begun.
   */
  async request(method, path, { params, headers, json, body, timeout, signal } = {}) {
    const sent = new Headers(headers);
    if (json !== undefined && body !== undefined) {
      throw new ConfigurationError('Both `json` and `body` are given. A call has one body.');
    }
    if (json !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json');
    if (this.#user !== undefined) sent.set('x-connections-user', this.#user);
    const content = json === undefined ? body : JSON.stringify(json);
    const call = { headers: sent, body: content, timeout, signal };
    const target = proxied(this.#linkName, path, params);
    return this.#api.passed(await this.#api.transport.send(method.toUpperCase(), target, call));
  }

  /** Asks the server for the current credential, with at least `min_ttl` seconds left. */
  credentials({ min_ttl } = {}) {
    return this.#api.credentials(this.#linkName, { min_ttl, user: this.#user });
  }

  /** An access token, kept at hand and renewed like a connector's. */
  accessToken() {
    return connector(this.#api, link(this.#linkName), this.#user).getAccessToken();
  }
}
