/**
 * Fresh OAuth credentials for functions.
 *
 * Two ways in. A *connector* keeps an access token at hand and renews it by itself:
 *
 *     const connector = new Connection({ zoom: {} }).getConnector('zoom');
 *     const accessToken = await connector.getAccessToken();
 *
 * A *client* has whole calls made, so that no token is ever seen:
 *
 *     const response = await new Client().connection('zoom').get('/users/me');
 *
 * # Layout
 * - `connection`, `connector`: the first way; `registry` keeps connectors between invocations
 * - `client`, `linked`: the second way
 * - `settings`, `configuration`: what is given, parsed once
 * - `token`, `credentials`: what comes back
 * - `api`: the two calls behind a connector; `retry` repeats them
 * - `transport`, `path`: HTTP; `problem` turns refusals into `errors`
 * - `cache`, `seal`, `lock`: the file that processes share
 */

export { Client } from './client.js';
export { Connection } from './connection.js';
export { Connector } from './connector.js';
export { Credentials } from './credentials.js';
export {
  ConfigurationError,
  ConnectionsError,
  Disabled,
  Forbidden,
  Invalid,
  InvalidKey,
  NeedsReauthorization,
  NetworkError,
  NotConnected,
  ProviderError,
  ProviderUnavailable,
  RateLimited,
  Revoked,
  TooLarge,
  Unavailable,
  UnknownConnection,
} from './errors.js';
export { LinkedConnection } from './linked.js';
