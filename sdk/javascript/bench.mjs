// How long a cached access token takes: `node bench.mjs`. Prints JSON, in microseconds a call.

import { Connection } from 'connections-sdk';

import { Contract, KEY } from './test/contract.js';

const SAMPLES = 25;
const CALLS = 500_000;

const server = await Contract.start();
const connector = new Connection({ zoom: {} }, { url: server.url, key: KEY }).getConnector('zoom');
await connector.getAccessToken();

async function sample() {
  const began = performance.now();
  for (let call = 0; call < CALLS; call += 1) await connector.getAccessToken();
  return ((performance.now() - began) / CALLS) * 1000;
}

// The first one warms up.
await sample();
const each = [];
for (let number = 0; number < SAMPLES; number += 1) each.push(await sample());
await server.stop();

each.sort((one, other) => one - other);
const at = (part) => Number(each[Math.round(part * (SAMPLES - 1))].toFixed(4));
console.log(
  JSON.stringify({
    what: 'cached await getAccessToken()',
    unit: 'microseconds',
    median: at(0.5),
    quartiles: [at(0.25), at(0.75)],
    min: at(0),
    max: at(1),
    samples: SAMPLES,
    calls_a_sample: CALLS,
    runtime: `Node ${process.version}`,
  }),
);
