// Waiting for a condition, never for a time.

import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is truthy, and gives it; an error counts as "not yet". */
export async function until(what, ask, { within = 30_000, every = 50 } = {}) {
  const deadline = Date.now() + within;
  let last;
  do {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(every);
  } while (Date.now() < deadline);
  throw new Error(`${what}: not within ${within / 1000} s`, { cause: last });
}
