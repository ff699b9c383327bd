/**
 * An access token and its times, in milliseconds since 1970 by this machine's clock.
 *
 * The server tells how long a token lasts, not only until when: its clock and ours need not agree.
 */

/** A token of unknown life is asked for again after so many seconds: it may have been revoked. */
const UNKNOWN_LIFE = 3600;
/** Of a token's life, the part after which it is renewed behind the caller's back. */
const RENEW_AT = 0.8;
/** Seconds before its end at which a token counts as ended, but never more than a tenth of its life. */
const MARGIN = 10;

/** Immutable. Fresh until `renewAt`, alive until `endsAt`. */
export class Token {
  constructor(value, since, renewAt, endsAt) {
    this.value = value;
    this.since = since;
    this.renewAt = renewAt;
    this.endsAt = endsAt;
    /** Made once, since it is what callers get. */
    this.promise = Promise.resolve(value);
  }

  /** Whether it can be used as it is. A clock that was set back makes it not so. */
  isFresh(now) {
    return this.since <= now && now < this.renewAt;
  }

  /** Whether it still works. */
  isAlive(now) {
    return this.since <= now && now < this.endsAt;
  }

  /** The same token, with another time for its renewal. */
  renewedAt(then) {
    return new Token(this.value, this.since, Math.min(then, this.endsAt), this.endsAt);
  }
}

/** In place of a token that is not there. */
export const NONE = new Token('', Infinity, 0, 0);

/** A token that was asked for at `now`. Seconds; `refreshIn`: renew after so many, where configured. */
export function issued(value, now, expiresIn, refreshIn) {
  const life = Math.max(0, expiresIn ?? UNKNOWN_LIFE);
  const usable = life - Math.min(MARGIN, life / 10);
  const renew = refreshIn ?? life * RENEW_AT;
  return new Token(value, now, now + Math.min(renew, usable) * 1000, now + usable * 1000);
}
