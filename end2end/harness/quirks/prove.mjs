// What every row has to show: its definition works from consent to revocation, and the plain one does not.

import assert from 'node:assert/strict';

import { Trial } from './trial.mjs';

/** The row's own definition: connects, calls, renews and revokes, and the client misses nothing. */
export async function works(stage, row, name, options) {
  const trial = await Trial.begin(stage, row, name, options);
  if (row.fails) return row.fails(trial);
  const connection = await trial.connect();
  const why = async () => JSON.stringify([trial.typed?.body, await trial.notes(), trial.cameBack?.status, await trial.unmet(), trial.left]);
  assert.equal(connection.status, 'connected', await why());
  assert.deepEqual(connection.missing_scopes, [], `granted: ${connection.granted_scopes}`);
  if (row.before) await row.before(trial, connection);
  await trial.called();
  await trial.calledByItself();
  await trial.tested();
  if (row.renews) {
    const part = row.renews === 'while alive' ? 0.5 : 1;
    await trial.outlive(part);
    await trial.called();
    assert.ok((await trial.renewals()) > 0, JSON.stringify(await trial.entries()));
  }
  if (row.also) await row.also(trial, await trial.connection());
  if (row.revokes) assert.equal((await trial.revoke()).outcome, 'revoked', JSON.stringify((await trial.entries()).at(-1)));
  return assert.deepEqual(await trial.unmet(), [], 'every demand was met');
}

/** The plain definition: the same client refuses it, and says for what. */
export async function isRefused(stage, row, name) {
  const trial = await Trial.begin(stage, row, name, { plainly: true });
  if (typeof row.plain === 'function') return row.plain(trial);
  const refused = async () => {
    const entries = await trial.entries();
    return entries.some((entry) =>
      typeof row.plain === 'string' ? entry.unmet === row.plain : Object.entries(row.plain).every(([key, value]) => entry[key] === value),
    );
  };
  const connection = await trial.connect();
  if (await refused()) return undefined;
  assert.equal(connection.status, 'connected', JSON.stringify([await trial.notes(), await trial.entries()]));
  await trial.call();
  if (!(await refused()) && row.renews) {
    await trial.outlive(row.renews === 'while alive' ? 0.5 : 1);
    await trial.call();
  }
  if (!(await refused()) && row.revokes) await trial.revoke();
  return assert.ok(await refused(), `nothing was refused: ${JSON.stringify(await trial.entries())}`);
}

/** The end that is known of the token, in seconds from when it was handed out. */
export function life(trial, connection) {
  return connection.expires_at === null ? null : (Date.parse(connection.expires_at) - trial.connectedAt) / 1000;
}

/** The token's end is known. */
export const endsAfter = (seconds) => (trial, connection) => {
  const known = life(trial, connection);
  assert.ok(known !== null && Math.abs(known - seconds) < Math.min(5, seconds / 2), `ends after ${known} s`);
};

/** For `plain`: connects, and takes the end of the token for another one. */
export const endsOtherwise = (seconds) => async (trial) => {
  const connection = await trial.connect();
  const known = life(trial, connection);
  assert.ok(known === null || Math.abs(known - seconds) > 5, `ends after ${known} s`);
};

/** For `plain`: is not connected, and says why in these words. */
export const failsWith = (words) => async (trial) => {
  const connection = await trial.connect();
  assert.notEqual(connection.status, 'connected');
  assert.match((await trial.notes()).join('\n'), words);
};
