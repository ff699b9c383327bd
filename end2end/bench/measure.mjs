// How figures are taken: by wrk and curl, as medians with their spread, in pairs that can be compared as ratios.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** `12345 (12000 to 13000)` */
export const spread = (list, digits = 0) =>
  `${median(list).toFixed(digits)} (${Math.min(...list).toFixed(digits)} to ${Math.max(...list).toFixed(digits)})`;

/** A row of the table. */
export const row = (what, ...cells) => console.log(`| ${[what, ...cells].join(' | ')} |`);

/** Requests per second; fails where any answer is not 2xx. `script` is Lua for wrk. */
export async function rate(url, { key, connections = 64, seconds = 4, script } = {}) {
  const header = key ? ['-H', `Authorization: Bearer ${key}`] : [];
  const lua = script ? ['-s', script] : [];
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, ...lua, ...header, url]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
}

/** Seconds for one download. */
export async function download(url, key) {
  const header = key ? ['-H', `Authorization: Bearer ${key}`] : [];
  const { stdout } = await run('curl', ['-sS', '--fail', '-o', '/dev/null', '-w', '%{time_total} %{size_download}', ...header, url]);
  const [seconds, bytes] = stdout.split(' ').map(Number);
  return { seconds, bytes };
}

/** Memory of a process in MB: now, and the most it ever was. */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

/** Processor seconds that a process has used. */
export function processor(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
