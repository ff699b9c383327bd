// `make contract`: sends what the description of the API permits, and what it does not, to every operation. No answer
// may be an error of the server's own, and none may be other than described.
//
// Functions' calls (invoke, proxy) answer with whatever a provider says; their tests are tests/calls*.test.mjs.

import { spawn } from 'node:child_process';
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

const world = await World.start('contract', { browser: false, settings: { RUST_LOG: 'info' } });
try {
  const ada = await world.client().signUp();
  const key = await ada.makeKey({ scope: scopes });
  const api = new Api(world, key);
  const minted = (await api.done('POST', '/services/redirect')).body;
  const client = await registered(world, minted.redirect_url);
  await api.done('POST', '/services', { ...sandboxService(world, 'books', client), redirect_id: minted.redirect_id });
  await api.done('POST', '/connections', { name: 'Novels', link_name: 'novels', service: 'books' });
  const options = [
    ['--header', `Authorization: Bearer ${key}`],
    ['--checks', checks.join(',')],
    ['--exclude-path-regex', '/(proxy|invoke)'],
    ['--max-examples', process.env.CONTRACT_EXAMPLES ?? '25'],
    ['--seed', '7'],
    ['--phases', 'examples,coverage,fuzzing'],
  ];
  const child = spawn(program, ['run', `${world.origin}/api/openapi.json`, ...options.flat()], { stdio: 'inherit' });
  process.exitCode = await new Promise((resolve) => child.once('exit', resolve));
} finally {
  await world.end();
}
