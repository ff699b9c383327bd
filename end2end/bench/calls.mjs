// Calls beside nginx: the same provider, the same load, in pairs of one run.
//
// nginx adds a fixed header where the product checks a key, finds a credential, decides whether it may travel, cleans
// headers and looks for echoes.

import { spawn } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { connect } from '../harness/calling.mjs';
import { startProvider, startProxy } from '../harness/nginx.mjs';
import { World } from '../harness/world.mjs';
import { download, median, memory, processor, rate, row, spread } from './measure.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const GIB = 2 ** 30;
const STREAMS = 200;

const provider = await startProvider();
const nginx = await startProxy(provider.port);
await writeFile(join(provider.home, 'large'), '');
await truncate(join(provider.home, 'large'), GIB);
const world = await World.start('bench-calls', {
  browser: false,
  allow: [provider.origin],
  settings: { RUST_LOG: 'warn', CONNECTIONS_SANDBOX_TOKEN_SECONDS: '3600' },
});
try {
  world.ada = await world.client().signUp();
  await world.ada.defineService('service', { api_base_url: `${provider.origin}/v2`, allowed_hosts: provider.host });
  await connect(world, 'api');
  const key = await world.ada.makeKey({ scope: ['invoke', 'credentials:read'] });
  const own = world.origin.replace('localhost', '127.0.0.1');
  const pid = world.server.child.pid;

  const script = join(provider.home, 'invoke.lua');
  await writeFile(
    script,
    `wrk.method = "POST"\nwrk.body = '{"connection":"api","url":"/small"}'\nwrk.headers["Content-Type"] = "application/json"\n`,
  );
  const targets = {
    direct: () => rate(`${provider.origin}/v2/small`),
    nginx: () => rate(`${nginx.origin}/v2/small`),
    proxy: () => rate(`${own}/api/v1/proxy/api/small`, { key }),
    invoke: () => rate(`${own}/api/v1/invoke`, { key, script }),
    credentials: () => rate(`${own}/api/v1/connections/api/credentials`, { key }),
    constant: () => rate(`${own}/healthz`),
  };
  const rates = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  const cost = {};
  for (const measure of Object.values(targets)) await measure();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, measure] of Object.entries(targets)) {
      const before = processor(pid);
      const each = await measure();
      rates[name].push(each);
      (cost[name] ??= []).push(((processor(pid) - before) / (each * 4)) * 1e6);
    }
  }
  const ratio = (a, b) => spread(rates[a].map((value, at) => value / rates[b][at]), 2);
  row('1 KiB, 64 connections', 'requests a second', 'server µs a request');
  row('---', '---', '---');
  for (const name of Object.keys(targets)) {
    const ours = ['direct', 'nginx'].includes(name) ? '' : median(cost[name]).toFixed(1);
    row(name, spread(rates[name]), ours);
  }
  row('proxy : nginx', ratio('proxy', 'nginx'), '');
  row('invoke : proxy', ratio('invoke', 'proxy'), '');
  row('credentials : constant', ratio('credentials', 'constant'), '');
  row('server afterwards, resident', `${memory(pid).now.toFixed(0)} MB`, '');

  const [theirs, ours] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(GIB / (await download(`${nginx.origin}/v2/large`)).seconds / 1e6);
    ours.push(GIB / (await download(`${own}/api/v1/proxy/api/large`, key)).seconds / 1e6);
  }
  row('1 GiB, one stream: nginx', `${spread(theirs)} MB/s`, '');
  row('1 GiB, one stream: proxy', `${spread(ours)} MB/s`, '');
  row('proxy : nginx', spread(ours.map((value, at) => value / theirs[at]), 2), '');

  const before = memory(pid).now;
  const children = Array.from({ length: STREAMS }, () =>
    spawn('curl', ['-sS', '-o', '/dev/null', '--max-time', '15', '-H', `Authorization: Bearer ${key}`, `${own}/api/v1/proxy/api/large`], { stdio: 'ignore' }),
  );
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, memory(pid).now)), 100);
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
  clearInterval(watch);
  row(`${STREAMS} streams of 1 GiB at once, more memory a stream`, `${((most - before) / STREAMS).toFixed(2)} MB`, '');
} finally {
  await world.end();
  await nginx.stop();
  await provider.stop();
}
process.exit(0);
