/** Calls that change nothing when they are repeated are repeated: a few times, for a short while. */

import { setTimeout as pause } from 'node:timers/promises';

import { NetworkError, ProviderUnavailable, RateLimited, Unavailable } from './errors.js';

const TRIES = 3;
/** Milliseconds within which the last try begins. */
const BUDGET = 10_000;
const FIRST_PAUSE = 200;
const PASSING = [NetworkError, RateLimited, Unavailable, ProviderUnavailable];

/**
 * The result of the first try that succeeds, or the error of the last one. The server's `Retry-After` is kept; one that
 * is longer than the budget ends the matter at once.
 */
export async function retried(call) {
  const deadline = performance.now() + BUDGET;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const wait = pauseAfter(attempt, error.retry_after);
      const passing = PASSING.some((kind) => error instanceof kind);
      if (!passing || attempt === TRIES || performance.now() + wait > deadline) throw error;
      await pause(wait);
    }
  }
}

/** Never earlier than told, and never all callers at once. */
function pauseAfter(attempt, retryAfter) {
  const least = retryAfter === undefined ? FIRST_PAUSE * 2 ** (attempt - 1) : retryAfter * 1000;
  return least + Math.random() * (FIRST_PAUSE + least / 10);
}
