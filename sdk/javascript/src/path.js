/** Addresses of calls, so encoded that no part of one can become another part. */

import { ConfigurationError } from './errors.js';

/** What RFC 3986 lets stand in a path, and in a query; and what is encoded already. */
const PATH = /%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~/:@!$&'()*+,;=]|([^])/gu;
const QUERY = /%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~/:@!$&'()*+,;=?]|([^])/gu;

/** A name as one segment of a path. */
export function segment(name, what) {
  if (typeof name === 'string' && !['', '.', '..'].includes(name)) return encodeURIComponent(name.toWellFormed());
  throw new ConfigurationError(`The ${what} is missing. It stands on the connection's page.`);
}

/** The address of a call through the server. `path` may be encoded already and may have a query. */
export function proxied(linkName, path, params) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new ConfigurationError("`path` is a whole address. Give what follows the service's API base URL: /users/me.");
  }
  const [, before, query] = /^\/?([^?]*)\??([^]*)$/.exec(path);
  const encoded = encode(before, PATH);
  if (encoded.split('/').some((part) => ['.', '..'].includes(part.toLowerCase().replaceAll('%2e', '.')))) {
    throw new ConfigurationError('`path` has a segment `.` or `..`, which would leave the API. Write the path out.');
  }
  const all = [encode(query, QUERY), new URLSearchParams(pairs(params)).toString()].filter(Boolean).join('&');
  return `/api/v1/proxy/${segment(linkName, 'link name')}/${encoded}${all && `?${all}`}`;
}

/** What is encoded already stays; a percent sign that encodes nothing is encoded itself. */
const encode = (text, allowed) =>
  text.toWellFormed().replace(allowed, (found, other) => (other ? encodeURIComponent(other) : found));

/** A list stands for several parameters of one name; what is null or undefined is left out. */
function pairs(params = {}) {
  const entries = Symbol.iterator in params ? [...params] : Object.entries(params);
  return entries.flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((one) => one !== undefined && one !== null)
      .map((one) => [name, String(one)]),
  );
}
