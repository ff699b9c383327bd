// Times of a token.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { issued, NONE } from '../src/token.js';

test('renewed at four fifths, and ended a little early', () => {
  for (const [life, renewAt, endsAt] of [
    [3600, 2880, 3590],
    [60, 48, 54],
    [4, 3.2, 3.6],
    [0, 0, 0],
    [-5, 0, 0],
  ]) {
    const token = issued('t', 1000, life);
    assert.deepEqual([token.renewAt, token.endsAt], [1000 + renewAt * 1000, 1000 + endsAt * 1000]);
  }
});

test('refresh_in is never later than the end', () => {
  assert.equal(issued('t', 0, 3600, 60).renewAt, 60_000);
  assert.equal(issued('t', 0, 3600, 9999).renewAt, 3_590_000);
});

test('an unknown life is an hour', () => {
  assert.equal(issued('t', 0, null).endsAt, 3_590_000);
});

test('fresh, alive, ended', () => {
  const token = issued('t', 1_000_000, 100);
  const times = [999, 1000, 1079, 1081, 1089, 1091].map((seconds) => seconds * 1000);
  assert.deepEqual(
    times.map((now) => token.isFresh(now)),
    [false, true, true, false, false, false],
  );
  assert.deepEqual(
    times.map((now) => token.isAlive(now)),
    [false, true, true, true, true, false],
  );
  assert.ok(!NONE.isFresh(0) && !NONE.isAlive(0) && !NONE.renewedAt(9e12).isAlive(1e12));
});
