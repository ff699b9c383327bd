/** A connector's configuration, parsed once. */

import { createHash } from 'node:crypto';

import { ConfigurationError } from './errors.js';

/** Together they make a connector; one alone makes nothing. */
const TOGETHER = ['client_id', 'client_secret', 'auth_url', 'refresh_url', 'refresh_token'];
const SECONDS = ['refresh_in', 'expires_in'];
/** More than anybody means, and safe in every language. */
const LONGEST = 2 ** 31;
const KEYS = [...TOGETHER, ...SECONDS, 'secret_key'];

/** Checked. Either all of client, URLs and refresh token are there, or none. */
export class Configuration {
  #values;

  constructor(name, values) {
    this.name = name;
    this.#values = values;
    Object.freeze(this);
  }

  /** Whether the server is told about it, rather than knowing it already by its link name. */
  get registers() {
    return this.#values.refresh_token !== undefined;
  }

  get refreshIn() {
    return this.#values.refresh_in;
  }

  get expiresIn() {
    return this.#values.expires_in;
  }

  get secretKey() {
    return this.#values.secret_key;
  }

  /** What must never be shown. */
  get secrets() {
    const { client_secret, refresh_token, secret_key } = this.#values;
    return [client_secret, refresh_token, secret_key].filter(Boolean);
  }

  /** What the server is told: everything but `secret_key`. */
  body() {
    const { secret_key, ...told } = this.#values;
    return told;
  }

  /** All that makes it this one, in a fixed order. */
  parts() {
    return [this.name, ...[...TOGETHER, ...SECONDS].map((key) => this.#values[key])];
  }

  /** SHA-256 over all that makes it this one, in this context. Both SDKs come to the same one. */
  fingerprint(...context) {
    return createHash('sha256')
      .update(JSON.stringify([...context, ...this.parts()]))
      .digest('hex');
  }
}

/** The configuration of a connection that is there already. */
export const link = (name) => parse(name, {});

/** Throws `ConfigurationError`, which names the key and the remedy and repeats no value. */
export function parse(name, given) {
  if (typeof name !== 'string' || ['', '.', '..'].includes(name)) {
    throw new ConfigurationError("A connector's name is missing. Use the name as the key of its configuration.");
  }
  if (!(given instanceof Object) || Array.isArray(given)) {
    throw new ConfigurationError(`The configuration of \`${name}\` is not an object. Leave it empty for a link name.`);
  }
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw new ConfigurationError(`\`${name}\` has an unknown key \`${unknown}\`. The keys are: ${KEYS.join(', ')}.`);
  }
  complete(name, given);
  const values = {};
  for (const key of KEYS) {
    const value = (SECONDS.includes(key) ? seconds : text)(name, key, given[key] ?? undefined);
    if (value !== undefined) values[key] = value;
  }
  return new Configuration(name, values);
}

function complete(name, given) {
  const missing = TOGETHER.filter((key) => given[key] === undefined || given[key] === null);
  if (missing.length === 0 || missing.length === TOGETHER.length) return;
  throw new ConfigurationError(
    `\`${name}\` lacks \`${missing[0]}\`. Give all of ${TOGETHER.join(', ')}, ` +
      'or none of them to use an existing connection by its link name.',
  );
}

function text(name, key, value) {
  if (value === undefined || (typeof value === 'string' && value.trim())) return value;
  throw new ConfigurationError(`\`${key}\` of \`${name}\` is empty or not text. Give it as a string.`);
}

/** A number, or a string that holds one. */
function seconds(name, key, value) {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^\s*[0-9]{1,10}\s*$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number) && number >= 1 && number <= LONGEST) return number;
  throw new ConfigurationError(`\`${key}\` of \`${name}\` is not a number of seconds. Give a whole number from 1 on.`);
}
