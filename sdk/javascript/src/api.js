/** The two calls behind a connector. Both may be repeated without harm, and are. */

import { Credentials } from './credentials.js';
import { ConnectionsError } from './errors.js';
import { segment } from './path.js';
import { problem } from './problem.js';
import { retried } from './retry.js';
import { Transport } from './transport.js';

/** Seconds that a credential has left at least; the server takes half of its life where that is less. */
export const MIN_TTL = 60;

/** A server, as one function key sees it. */
export class Api {
  #settings;

  constructor(settings) {
    this.#settings = settings;
    this.transport = new Transport(settings);
  }

  get settings() {
    return this.#settings;
  }

  /** Tells the server about a connector; gives the link name of its connection. */
  async register(configuration) {
    const path = `/api/v1/connectors/${segment(configuration.name, "connector's name")}`;
    const { link_name } = await this.#call('PUT', path, configuration.body(), configuration.secrets);
    if (typeof link_name === 'string' && link_name) return link_name;
    throw strange();
  }

  /** The current credential of a connection. */
  async credentials(linkName, { min_ttl = MIN_TTL, user } = {}) {
    const query = new URLSearchParams({ min_ttl, ...(user === undefined ? {} : { user }) });
    const path = `/api/v1/connections/${segment(linkName, 'link name')}/credentials?${query}`;
    return new Credentials({ link_name: linkName, ...(await this.#call('GET', path)) });
  }

  /** The provider's answer; the server's own refusal is thrown. */
  async passed(response) {
    if (response.status < 300 || response.headers.get('connections-answer') === 'provider') return response;
    throw problem(response, await response.text(), [this.#settings.key]);
  }

  #call(method, path, body, secrets = []) {
    return retried(() => this.#once(method, path, body, secrets));
  }

  async #once(method, path, body, secrets) {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = { headers: { accept: 'application/json', ...type }, body: body && JSON.stringify(body) };
    const read = async (response) => [response, await response.text()];
    const [response, text] = await this.transport.send(method, path, request, read);
    if (!response.ok) throw problem(response, text, [this.#settings.key, ...secrets]);
    return parsed(text);
  }
}

function parsed(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    // The reason quotes the answer, which may hold a token.
  }
  if (told instanceof Object && !Array.isArray(told)) return told;
  throw strange();
}

const strange = () => new ConnectionsError('The answer is not one of a Connections server. Check CONNECTIONS_URL.');
