// A connection whose API is an upstream of the test, and functions that call it.

import assert from 'node:assert/strict';

import { Upstream } from './upstream.mjs';
import { World } from './world.mjs';

/** A world with a connected connection `api` at a bare upstream, and a key that may call and read. */
export async function startCalling(name, { allow = [], ...options } = {}) {
  const upstream = await Upstream.start();
  const world = await World.start(name, { browser: false, allow: [upstream.origin, ...allow], ...options });
  world.upstream = upstream;
  world.ada = await world.client().signUp();
  await world.ada.defineService('service', { api_base_url: `${upstream.origin}/v2`, allowed_hosts: upstream.host });
  await connect(world, 'api');
  world.key = await world.ada.makeKey({ scope: ['invoke', 'credentials:read'] });
  world.token = await token(world, 'api');
  return world;
}

export async function connect(world, linkName) {
  await world.ada.defineConnection('service', linkName);
  const back = await world.ada.get((await world.ada.answerFor(linkName)).href);
  assert.equal(back.status, 303);
}

/** The access token that the server holds now. */
export async function token(world, linkName) {
  const answer = await fetch(`${world.origin}/api/v1/connections/${linkName}/credentials`, {
    headers: { authorization: `Bearer ${world.key}` },
  });
  const { access_token: value } = await answer.json();
  return world.secret(`access token ${value.slice(0, 12)}…`, value);
}

/** Calls through the proxy; `{status, headers, text, json()}`. */
export async function proxy(world, path, { key = world.key, connection = 'api', ...options } = {}) {
  const headers = { authorization: `Bearer ${key}`, ...options.headers };
  const url = `${world.origin}/api/v1/proxy/${connection}${path}`;
  return read(await fetch(url, { redirect: 'manual', duplex: 'half', ...options, headers }));
}

/** Calls through invoke. */
export async function invoke(world, request, { key = world.key } = {}) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ connection: 'api', ...request });
  return read(await fetch(`${world.origin}/api/v1/invoke`, { method: 'POST', redirect: 'manual', headers, body }));
}

async function read(response) {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** The code of our own failure; fails where the answer is the provider's. */
export function code(answer) {
  assert.equal(answer.headers.get('connections-answer'), null, 'this is the provider speaking');
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', answer.text);
  const problem = answer.json();
  assert.ok(problem.detail.length > 20 && problem.status === answer.status, answer.text);
  return problem.code;
}
