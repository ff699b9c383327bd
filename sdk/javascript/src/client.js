/** The direct way: calls made by the server, credentials on request. */

import { Api } from './api.js';
import { LinkedConnection } from './linked.js';
import { settings } from './settings.js';

/** A server and a function key, from arguments or from CONNECTIONS_URL and CONNECTIONS_KEY. */
export class Client {
  #api;

  constructor(options) {
    this.#api = new Api(settings(options));
  }

  /** The connection of this link name; `user` where each login user has credentials of their own. */
  connection(linkName, { user } = {}) {
    return new LinkedConnection(this.#api, linkName, user);
  }

  /** Has one call made, described as `POST /api/v1/invoke` wants it. It is never repeated. */
  async invoke(request, { timeout, signal } = {}) {
    const headers = { 'content-type': 'application/json' };
    const call = { headers, body: JSON.stringify(request), timeout, signal };
    return this.#api.passed(await this.#api.transport.send('POST', '/api/v1/invoke', call));
  }
}
