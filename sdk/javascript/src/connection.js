/** A set of connectors, configured by name. */

import { Api } from './api.js';
import { parse } from './configuration.js';
import { ConfigurationError } from './errors.js';
import { connector } from './registry.js';
import { settings } from './settings.js';

/**
 * Connectors by name; an empty configuration stands for the link name of an existing connection. The second argument
 * names server and function key, else CONNECTIONS_URL and CONNECTIONS_KEY do. Everything is checked at once; nothing is
 * sent yet.
 */
export class Connection {
  #connectors;

  constructor(configurations, options) {
    if (!(configurations instanceof Object)) {
      throw new ConfigurationError("Give an object: each connector's name with its configuration.");
    }
    const api = new Api(settings(options));
    const made = ([name, given]) => [name, connector(api, parse(name, given))];
    this.#connectors = new Map(Object.entries(configurations).map(made));
  }

  /** The connector of this name. Throws `ConfigurationError` where none was configured. */
  getConnector(name) {
    const found = this.#connectors.get(name);
    if (found) return found;
    const known = [...this.#connectors.keys()].map((known) => `\`${known}\``).join(', ') || 'none';
    throw new ConfigurationError(`No connector is named \`${name}\`. Configured here: ${known}.`);
  }
}
