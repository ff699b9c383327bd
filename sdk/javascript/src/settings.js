/** Which server, with which key: from arguments, else from the environment. */

import { resolve } from 'node:path';

import { ConfigurationError } from './errors.js';

/** Seconds until an answer must have begun. */
const TIMEOUT = 30;

/**
 * What is not given comes from CONNECTIONS_URL, CONNECTIONS_KEY and CONNECTIONS_CACHE_FILE. The url has no slash at its
 * end. Throws `ConfigurationError`, which names the setting and the remedy.
 */
export function settings({ url, key, cacheFile, timeout, ...unknown } = {}) {
  const [other] = Object.keys(unknown);
  if (other) throw new ConfigurationError(`\`${other}\` is no option. The options are url, key, cacheFile, timeout.`);
  const file = cacheFile ?? process.env.CONNECTIONS_CACHE_FILE;
  return Object.freeze({
    url: checkedUrl(given(url, 'url', 'CONNECTIONS_URL', 'the address of your Connections server')),
    key: checkedKey(given(key, 'key', 'CONNECTIONS_KEY', 'a function key (Setup > Function keys)')),
    cacheFile: file ? resolve(file) : undefined,
    timeout: checkedTimeout(timeout),
  });
}

function given(value, option, variable, what) {
  const text = value ?? process.env[variable];
  if (typeof text === 'string' && text.trim()) return text.trim();
  throw new ConfigurationError(`\`${option}\` is missing. Pass ${what} as \`${option}\`, or set ${variable}.`);
}

function checkedUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || !/^[\x21-\x7e]+$/.test(text)) {
    throw new ConfigurationError('`url` is not a full address. Write it like https://connect.example.com.');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError('`url` has more than a host and a path. Write it like https://connect.example.com.');
  }
  return text.replace(/[/?#]+$/, '');
}

function checkedKey(text) {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new ConfigurationError(
    '`key` has characters that no function key has. Copy it once more: cnx_ and 49 characters.',
  );
}

function checkedTimeout(seconds = TIMEOUT) {
  if (typeof seconds === 'number' && seconds > 0) return seconds;
  throw new ConfigurationError('`timeout` is not a number of seconds above 0.');
}
