/** Everything that can go wrong, one class a code of the HTTP contract. No message holds a secret. */

/**
 * A failure with a stable `code`. `detail` says what happened and what to do. `status` is the HTTP status where there
 * was an answer. `connect_url` is the page on which a person mends it. `retry_after` counts seconds. `errors` lists
 * `{field, message}` where fields were wrong. Names are those of the HTTP contract.
 */
export class ConnectionsError extends Error {
  static code = 'unexpected_answer';

  constructor(detail, { code, status, connect_url, retry_after, errors = [], cause } = {}) {
    super(sentence(detail, errors, connect_url), cause === undefined ? undefined : { cause });
    this.code = code ?? new.target.code;
    this.status = status;
    this.detail = detail;
    this.connect_url = connect_url;
    this.retry_after = retry_after;
    this.errors = errors;
  }

  get name() {
    return this.constructor.name;
  }
}

function sentence(detail, errors, connectUrl) {
  const fields = errors.map(({ field, message }) => `${field}: ${message}`);
  return [detail, ...fields, ...(connectUrl ? [`Its page: ${connectUrl}`] : [])].join(' ');
}

/** What was given to the SDK is incomplete or wrong; nothing was sent. */
export class ConfigurationError extends ConnectionsError {
  static code = 'configuration';
}

/** The server cannot be reached, or the line broke before its answer was complete. */
export class NetworkError extends ConnectionsError {
  static code = 'network';
}

/** The function key does not exist, is misspelt or was revoked. */
export class InvalidKey extends ConnectionsError {
  static code = 'invalid_key';
}

/** The key, or the service's list of allowed hosts, does not permit this. */
export class Forbidden extends ConnectionsError {
  static code = 'forbidden_for_key';
}

/** No connection has this link name, or the key may not use it. */
export class UnknownConnection extends ConnectionsError {
  static code = 'unknown_connection';
}

/** A person has to consent once more, at `connect_url`. */
export class NeedsReauthorization extends ConnectionsError {
  static code = 'needs_reauthorization';
}

/** Nobody has consented yet. */
export class NotConnected extends ConnectionsError {
  static code = 'not_connected';
}

/** An administrator has disabled the connection. */
export class Disabled extends ConnectionsError {
  static code = 'disabled';
}

/** An administrator has revoked the connection. */
export class Revoked extends ConnectionsError {
  static code = 'revoked';
}

/** Too many calls; `retry_after` says when to come back. */
export class RateLimited extends ConnectionsError {
  static code = 'rate_limited';
}

/** The provider refused. */
export class ProviderError extends ConnectionsError {
  static code = 'provider_error';
}

/** The provider does not answer at the moment. */
export class ProviderUnavailable extends ConnectionsError {
  static code = 'provider_unavailable';
}

/** The request has wrong fields; `errors` names them. */
export class Invalid extends ConnectionsError {
  static code = 'invalid';
}

/** The request or the answer is larger than the server allows. */
export class TooLarge extends ConnectionsError {
  static code = 'too_large';
}

/** The server cannot do its work at the moment. */
export class Unavailable extends ConnectionsError {
  static code = 'unavailable';
}

export const BY_CODE = new Map([
  ['invalid_key', InvalidKey],
  ['forbidden_for_key', Forbidden],
  ['host_not_allowed', Forbidden],
  ['not_permitted', Forbidden],
  ['unknown_connection', UnknownConnection],
  ['needs_reauthorization', NeedsReauthorization],
  ['not_connected', NotConnected],
  ['disabled', Disabled],
  ['revoked', Revoked],
  ['rate_limited', RateLimited],
  ['provider_error', ProviderError],
  ['provider_unavailable', ProviderUnavailable],
  ['invalid', Invalid],
  ['too_large', TooLarge],
  ['answer_too_large', TooLarge],
  ['unavailable', Unavailable],
]);
