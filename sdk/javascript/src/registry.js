/**
 * Connectors outlive the objects that name them: a function may say who it is at every invocation and still finds its
 * token at hand.
 *
 * Kept by server, key, name and everything in the configuration, never by name alone: two users under one name have two
 * connectors.
 */

import { Connector } from './connector.js';

/** The one that was used least recently goes first. */
const MOST = 1000;

const connectors = new Map();

/** The connector of a configuration, the same one each time. */
export function connector(api, configuration, user) {
  const { url, key, cacheFile, timeout } = api.settings;
  const id = JSON.stringify([url, key, cacheFile, timeout, configuration.parts(), configuration.secretKey, user]);
  const found = connectors.get(id) ?? new Connector(api, configuration, user);
  connectors.delete(id);
  connectors.set(id, found);
  if (connectors.size > MOST) connectors.delete(connectors.keys().next().value);
  return found;
}
