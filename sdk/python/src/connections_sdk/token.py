"""An access token and its times, in seconds since 1970 by this machine's clock.

The server tells how long a token lasts, not only until when: its clock and ours need not agree.
"""

from __future__ import annotations

#: A token of unknown life is asked for again after so many seconds: it may have been revoked.
UNKNOWN_LIFE = 3600.0
#: Of a token's life, the part after which it is renewed behind the caller's back.
RENEW_AT = 0.8
#: Seconds before its end at which a token counts as ended, but never more than a tenth of its life.
MARGIN = 10.0


class Token:
    """Immutable. Fresh until ``renew_at``, alive until ``ends_at``."""

    __slots__ = ("value", "since", "renew_at", "ends_at")

    def __init__(self, value: str, since: float, renew_at: float, ends_at: float) -> None:
        self.value = value
        self.since = since
        self.renew_at = renew_at
        self.ends_at = ends_at

    def is_fresh(self, now: float) -> bool:
        """Whether it can be used as it is. A clock that was set back makes it not so."""
        return self.since <= now < self.renew_at

    def is_alive(self, now: float) -> bool:
        """Whether it still works."""
        return self.since <= now < self.ends_at

    def renewed_at(self, then: float) -> Token:
        """The same token, with another time for its renewal."""
        return Token(self.value, self.since, min(then, self.ends_at), self.ends_at)

    def __repr__(self) -> str:
        return "<Token>"


#: In place of a token that is not there.
NONE = Token("", float("inf"), 0.0, 0.0)


def issued(value: str, now: float, expires_in: float | None, refresh_in: float | None) -> Token:
    """A token that was asked for at ``now``. ``refresh_in``: renew after so many seconds, where configured."""
    life = UNKNOWN_LIFE if expires_in is None else max(0.0, expires_in)
    usable = life - min(MARGIN, life / 10)
    renew = life * RENEW_AT if refresh_in is None else float(refresh_in)
    return Token(value, now, now + min(renew, usable), now + usable)
