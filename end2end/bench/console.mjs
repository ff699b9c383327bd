// `make bench`: figures of one run on this machine, side by side, so that they can be compared as ratios.
//
// - GET …/credentials, warm, beside /healthz of the same server (a constant behind the same outer layers), by wrk
// - the server's time for console pages, signed in, one request at a time
// - bytes of a first visit, compressed, and the server's memory

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { promisify } from 'node:util';

import * as steps from '../harness/steps.mjs';
import { World } from '../harness/world.mjs';

const run = promisify(execFile);
const ROUNDS = 5;

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const line = (what, value) => console.log(`${what.padEnd(58)} ${value}`);

/** Requests per second of 64 connections for three seconds; fails where any answer is not 2xx. */
async function rate(url, key) {
  const { stdout } = await run('wrk', ['-t2', '-c64', '-d3s', '-H', `Authorization: Bearer ${key}`, url]);
  if (/Non-2xx/.test(stdout)) throw new Error(stdout);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
}

/** Median milliseconds until the answer is complete, over 200 requests. */
async function pageTime(url, cookie) {
  const times = [];
  for (let at = 0; at < 220; at += 1) {
    const begun = performance.now();
    const response = await fetch(url, { headers: { cookie }, redirect: 'error' });
    await response.text();
    if (at >= 20) times.push(performance.now() - begun);
  }
  return median(times);
}

const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** What a browser with an empty cache loads for a page, as it travels. */
async function firstVisit(person, path) {
  let bytes = 0;
  const session = await person.context.newCDPSession(person.page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await person.open(path);
  return bytes / 1000;
}

const world = await World.start('bench', { settings: { RUST_LOG: 'warn', CONNECTIONS_SANDBOX_TOKEN_SECONDS: '3600' } });
try {
  const idle = resident(world.server.child.pid);
  const stranger = await world.person();
  const visit = await firstVisit(stranger, '/sign-up');
  const person = await world.person();
  await steps.signUp(person);
  await person.press('Try it with the sandbox');
  await steps.consentAtSandbox(person);
  const key = await steps.createKey(person);
  const cookie = (await person.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

  console.log(`${cpus().length} × ${cpus()[0].model}; server, sandbox, PostgreSQL and load on the same machine\n`);
  line('server, idle, resident', `${idle.toFixed(1)} MB`);
  line('first visit (sign-up), as it travels', `${visit.toFixed(1)} kB`);
  for (const path of ['/setup/connections', '/setup/connections/sandbox', '/setup/services/new', '/setup/keys']) {
    line(`GET ${path}, median`, `${(await pageTime(world.origin + path, cookie)).toFixed(2)} ms`);
  }
  const vended = [], constant = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    vended.push(await rate(`${world.origin}/api/v1/connections/sandbox/credentials`, key));
    constant.push(await rate(`${world.origin}/healthz`, key));
  }
  const spread = (list) => `${Math.round(median(list))}/s (${Math.round(Math.min(...list))} to ${Math.round(Math.max(...list))})`;
  line('GET …/credentials, warm, 64 connections', spread(vended));
  line('GET /healthz, the same server answering a constant', spread(constant));
  line('ratio, median of pairs', median(vended.map((value, at) => value / constant[at])).toFixed(3));
  line('server after it, resident', `${resident(world.server.child.pid).toFixed(1)} MB`);
} finally {
  await world.end();
}
