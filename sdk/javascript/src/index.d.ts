/** Fresh OAuth credentials for functions. See the README for examples. */

/** Seconds, as a number or as a string that holds one. */
export type Seconds = number | string;

/** What may stand under a connector's name. An empty one names an existing connection by its link name. */
export interface ConnectorConfiguration {
  client_id?: string;
  client_secret?: string;
  auth_url?: string;
  refresh_url?: string;
  /** From the provider, with the first access token. The server keeps it and renews it where it rotates. */
  refresh_token?: string;
  /** Seconds after which a token is renewed, though it may last longer. */
  refresh_in?: Seconds;
  /** Seconds that a token lasts, where the provider does not say. */
  expires_in?: Seconds;
  /** Seals the cache file. It never leaves the process. */
  secret_key?: string;
}

export interface Options {
  /** The address of the Connections server; else CONNECTIONS_URL. */
  url?: string;
  /** A function key; else CONNECTIONS_KEY. */
  key?: string;
  /** Seconds until an answer must have begun; 30 where not given. */
  timeout?: number;
}

export interface ConnectionOptions extends Options {
  /**
   * A file that processes of this machine share; else CONNECTIONS_CACHE_FILE. Connectors that have a `secret_key` keep
   * their tokens there, sealed.
   */
  cacheFile?: string;
}

/** A set of connectors, configured by name. Everything is checked at once; nothing is sent yet. */
export class Connection {
  /** @throws {ConfigurationError} naming what is wrong, and the remedy. */
  constructor(configurations: Record<string, ConnectorConfiguration>, options?: ConnectionOptions);
  /** @throws {ConfigurationError} where no connector of this name was configured. */
  getConnector(name: string): Connector;
}

/** An access token, always at hand. Made by `Connection.getConnector`. */
export class Connector {
  private constructor();
  /** The name under which it was configured. */
  readonly name: string;
  /** An access token that works. Rejects with a subclass of `ConnectionsError`. */
  getAccessToken(): Promise<string>;
  /**
   * Forgets the token, for a provider that refuses it before its time. The next call fetches. With the token that was
   * refused, nothing happens where another caller has seen to it already.
   */
  invalidate(accessToken?: string): void;
}

/** The direct way: calls made by the server, credentials on request. */
export class Client {
  /** @throws {ConfigurationError} naming what is missing, and the remedy. */
  constructor(options?: Options);
  /** The connection of this link name; `user` where each login user has credentials of their own. */
  connection(linkName: string, options?: { user?: string }): LinkedConnection;
  /** Has one call made, described as `POST /api/v1/invoke` wants it. It is never repeated. */
  invoke(request: Record<string, unknown>, options?: { timeout?: number; signal?: AbortSignal }): Promise<Response>;
}

export type Params = Record<string, unknown> | Iterable<readonly [string, unknown]>;

export interface Call {
  /** Added to the query. A list stands for several parameters of one name; what is null or undefined is left out. */
  params?: Params;
  headers?: RequestInit['headers'];
  /** The body, as JSON. */
  json?: unknown;
  /** The body: whatever `fetch` takes. */
  body?: RequestInit['body'];
  /** Seconds until the answer must have begun. */
  timeout?: number;
  signal?: AbortSignal;
}

/**
 * A connection, known by its link name. Calls go through the server, which adds the credential.
 *
 * A provider's answer comes back as it is, whatever its status; only what the server itself refuses is thrown, as a
 * subclass of `ConnectionsError`. No call is ever repeated.
 */
export class LinkedConnection {
  private constructor();
  get(path: string, call?: Call): Promise<Response>;
  post(path: string, call?: Call): Promise<Response>;
  put(path: string, call?: Call): Promise<Response>;
  patch(path: string, call?: Call): Promise<Response>;
  delete(path: string, call?: Call): Promise<Response>;
  /** `path` follows the service's API base URL. */
  request(method: string, path: string, call?: Call): Promise<Response>;
  /** Asks the server for the current credential, with at least `min_ttl` seconds (60) left. */
  credentials(options?: { min_ttl?: number }): Promise<Credentials>;
  /** An access token, kept at hand and renewed like a connector's. */
  accessToken(): Promise<string>;
}

/**
 * A credential, ready to use: send `headers` and `parameters` with a call. Printing or serializing it leaves the secret
 * parts (`headers`, `parameters`, `access_token`) out.
 */
export class Credentials {
  private constructor();
  readonly link_name: string;
  readonly service: string | null;
  readonly status: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly access_token: string | null;
  readonly token_type?: string | null;
  /** RFC 3339; absent or null where the provider names no end. */
  readonly expires_at?: string | null;
  /** Seconds from the answer. */
  readonly expires_in?: number | null;
  readonly scopes: readonly string[];
  readonly account?: string | null;
  /** Grows with every renewal. */
  readonly version?: number;
}

/** A failure with a stable `code`. */
export class ConnectionsError extends Error {
  readonly code: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** What happened and what to do. */
  readonly detail: string;
  /** The page on which a person mends it. */
  readonly connect_url?: string;
  /** Seconds until another try makes sense. */
  readonly retry_after?: number;
  /** The fields that were wrong. */
  readonly errors: ReadonlyArray<{ field: string; message: string }>;
}

/** What was given to the SDK is incomplete or wrong; nothing was sent. */
export class ConfigurationError extends ConnectionsError {}
/** The server cannot be reached, or the line broke before its answer was complete. */
export class NetworkError extends ConnectionsError {}
/** The function key does not exist, is misspelt or was revoked. */
export class InvalidKey extends ConnectionsError {}
/** The key, or the service's list of allowed hosts, does not permit this. */
export class Forbidden extends ConnectionsError {}
/** No connection has this link name, or the key may not use it. */
export class UnknownConnection extends ConnectionsError {}
/** A person has to consent once more, at `connect_url`. */
export class NeedsReauthorization extends ConnectionsError {}
/** Nobody has consented yet. */
export class NotConnected extends ConnectionsError {}
/** An administrator has disabled the connection. */
export class Disabled extends ConnectionsError {}
/** An administrator has revoked the connection. */
export class Revoked extends ConnectionsError {}
/** Too many calls; `retry_after` says when to come back. */
export class RateLimited extends ConnectionsError {}
/** The provider refused. */
export class ProviderError extends ConnectionsError {}
/** The provider does not answer at the moment. */
export class ProviderUnavailable extends ConnectionsError {}
/** The request has wrong fields; `errors` names them. */
export class Invalid extends ConnectionsError {}
/** The request or the answer is larger than the server allows. */
export class TooLarge extends ConnectionsError {}
/** The server cannot do its work at the moment. */
export class Unavailable extends ConnectionsError {}
