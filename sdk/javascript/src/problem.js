/** The server's own refusals (`application/problem+json`, RFC 9457) as errors. */

import { BY_CODE, ConnectionsError, RateLimited, Unavailable } from './errors.js';

/** The error that an answer reports. Should it repeat one of the secrets, that part is masked. */
export function problem({ status, headers }, text, secrets) {
  const mask = masking(secrets);
  const retry_after = seconds(headers.get('retry-after'));
  const told = documented(headers, text);
  if (told === undefined) return unexplained(status, headers, mask, retry_after);
  const code = mask(String(told.code ?? ConnectionsError.code));
  const Kind = BY_CODE.get(code) ?? ConnectionsError;
  return new Kind(mask(String(told.detail ?? told.title ?? `The server answered ${status}.`)), {
    code,
    status,
    connect_url: told.connect_url ? mask(String(told.connect_url)) : undefined,
    retry_after,
    errors: fields(told.errors, mask),
  });
}

function documented(headers, text) {
  if (!/^application\/problem\+json\s*(;|$)/i.test(headers.get('content-type') ?? '')) return undefined;
  try {
    const told = JSON.parse(text);
    return told instanceof Object && !Array.isArray(told) ? told : undefined;
  } catch {
    return undefined;
  }
}

/** Something that stands between here and the server has answered, or it is another server. */
function unexplained(status, headers, mask, retry_after) {
  if (status === 429) {
    return new RateLimited('There were too many calls. Wait a little.', { status, retry_after });
  }
  if ([502, 503, 504].includes(status)) {
    const sentence = `The server is not available at the moment (status ${status}). Try again shortly.`;
    return new Unavailable(sentence, { status, retry_after });
  }
  if (status >= 300 && status < 400) {
    const to = mask(headers.get('location') ?? 'another address');
    const sentence = `The server redirects to ${to}. The key is not sent there; correct CONNECTIONS_URL.`;
    return new ConnectionsError(sentence, { status });
  }
  const sentence = `The answer (status ${status}) is not one of a Connections server. Check CONNECTIONS_URL.`;
  return new ConnectionsError(sentence, { status });
}

function masking(secrets) {
  // The longest first: one may be part of another.
  const found = secrets.filter(Boolean).sort((one, other) => other.length - one.length);
  return (text) => found.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}

function fields(given, mask) {
  const entries = Array.isArray(given) ? given.filter((entry) => entry instanceof Object) : [];
  const masked = ([name, value]) => [name, typeof value === 'string' ? mask(value) : value];
  return entries.map((entry) => Object.fromEntries(Object.entries(entry).map(masked)));
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function seconds(header) {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const then = Date.parse(text);
  return Number.isNaN(then) ? undefined : Math.max(0, (then - Date.now()) / 1000);
}
