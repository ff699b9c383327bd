// What the tests have in common: a server, a configuration, a clock that is told the time.

import { setTimeout as pause } from 'node:timers/promises';

import { Connection } from 'connections-sdk';

import { Contract, KEY } from './contract.js';

export const CANARIES = {
  client_secret: 'canary-client-secret',
  refresh_token: 'canary-refresh-token',
  secret_key: 'canary-secret-key',
};

/** A connector's configuration. */
export const configuration = (changes) => ({
  client_id: 'client',
  auth_url: 'https://provider.example/authorize',
  refresh_url: 'https://provider.example/token',
  ...CANARIES,
  ...changes,
});

/** A server of the test's own, which the environment names. */
export async function served(t) {
  const server = await Contract.start();
  t.after(() => server.stop());
  setEnvironment(t, { CONNECTIONS_URL: server.url, CONNECTIONS_KEY: KEY, CONNECTIONS_CACHE_FILE: undefined });
  return server;
}

export function setEnvironment(t, variables) {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    t.after(() => set(name, before));
    set(name, value);
  }
}

function set(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** A connector under the given name. */
export const connectorOf = (changes, name = 'ConnectorName') =>
  new Connection({ [name]: configuration(changes) }).getConnector(name);

export const fetches = (server) => server.count('GET', '/credentials');

/** Time stands still until it is told to move, in seconds. */
export function clock(t) {
  let now = Date.now();
  t.mock.method(Date, 'now', () => now);
  return (seconds) => {
    now += seconds * 1000;
  };
}

export async function until(what, ask, within = 10_000) {
  const deadline = performance.now() + within;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${within} ms`);
    await pause(5);
  }
}
