// Every route of the console, as the router lists it: a route that is added there and not thought of here fails a test.

import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../../server/src/router.rs', import.meta.url), 'utf8');

/** `{method, path}` of every route with a session behind it. */
export function consoleRoutes() {
  const body = source.slice(source.indexOf('fn console('), source.indexOf('.fallback(console::nowhere)'));
  return [...body.matchAll(/\.route\(\s*"([^"]+)",\s*(.*?)\)\s*(?=\.route|$)/gs)].flatMap(([, path, handlers]) =>
    ['get', 'post']
      .filter((method) => new RegExp(`\\b${method}\\(`).test(handlers))
      .map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** Puts names of things into a route's path. */
export function filled(path, { service, connection, consent, key, callback }) {
  const at = (name) =>
    path.startsWith('/setup/connections/new') ? service : path.startsWith('/setup/connections') ? connection : name;
  return path
    .replace('{link_name}', at(service))
    .replace('{service}', path.startsWith('/oauth') ? callback : service)
    .replace('{consent}', consent)
    .replace('{id}', key);
}
