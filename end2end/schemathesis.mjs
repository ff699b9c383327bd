// `make contract`: sends what the description of the API permits, and what it does not, to every operation. No answer
// may be an error of the server's own, and none may be other than described.
//
// Functions' calls (invoke, proxy) answer with whatever a provider says; their tests are tests/calls*.test.mjs.

import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { Api, registered, sandboxService } from './harness/manage.mjs';
import { World } from './harness/world.mjs';

const program = fileURLToPath(new URL('../.data/venv/bin/schemathesis', import.meta.url));
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'ignored_auth',
  'unsupported_method',
];
const scopes = ['manage', 'connectors', 'credentials:read'];

/** Gives the operations on one kind of thing the name of one that exists. */
const named = (kind, name) => `[[operations]]
include-path-regex = "^/api/v1/${kind}/"
exclude-method = "DELETE"
parameters = { "path.link_name" = "${name}" }

`;

const world = await World.start('contract', { browser: false, settings: { RUST_LOG: 'info' } });
try {
  const ada = await world.client().signUp();
  const key = await ada.makeKey({ scope: scopes });
  const api = new Api(world, key);
  const minted = (await api.done('POST', '/services/redirect')).body;
  const client = await registered(world, minted.redirect_url);
  await api.done('POST', '/services', { ...sandboxService(world, 'books', client), redirect_id: minted.redirect_id });
  await api.done('POST', '/connections', { name: 'Novels', link_name: 'novels', service: 'books' });
  // Names of things that exist, or every answer would be 404; deletions look for things of their own.
  const config = `${await mkdtemp(`${tmpdir()}/contract-`)}/schemathesis.toml`;
  await writeFile(config, named('services', 'books') + named('connections', 'novels'));
  const options = [
    ['--header', `Authorization: Bearer ${key}`],
    ['--checks', checks.join(',')],
    ['--max-examples', process.env.CONTRACT_EXAMPLES ?? '25'],
    ['--seed', '7'],
    ['--phases', 'examples,coverage,fuzzing'],
    ['--warnings', 'off'],
  ];
  const run = async (...which) => {
    const address = `${world.origin}/api/openapi.json`;
    const given = ['--config-file', config, 'run', address, ...options.flat(), ...which];
    const child = spawn(program, given, { stdio: 'inherit' });
    return new Promise((resolve) => child.once('exit', resolve));
  };
  const most = await run('--exclude-path-regex', '/(proxy|invoke)', '--exclude-operation-id', 'revoke_function_key');
  // Last, since it finds the key that it is sent with.
  const last = await run('--include-operation-id', 'revoke_function_key');
  process.exitCode = most || last;
} finally {
  await world.end();
}
