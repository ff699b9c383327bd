"""Calls that change nothing when they are repeated are repeated: a few times, for a short while."""

from __future__ import annotations

import random
import time
from typing import Callable, TypeVar

from .errors import NetworkError, ProviderUnavailable, RateLimited, Unavailable

Result = TypeVar("Result")

TRIES = 3
#: Seconds within which the last try begins.
BUDGET = 10.0
_FIRST_PAUSE = 0.2


def retried(call: Callable[[], Result]) -> Result:
    """The result of the first try that succeeds, or the error of the last one.

    The server's ``Retry-After`` is kept; one that is longer than the budget ends the matter at once.
    """
    deadline = time.monotonic() + BUDGET
    for attempt in range(1, TRIES + 1):
        try:
            return call()
        except (NetworkError, RateLimited, Unavailable, ProviderUnavailable) as error:
            pause = _pause(attempt, error.retry_after)
            if attempt == TRIES or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _pause(attempt: int, retry_after: float | None) -> float:
    """Never earlier than told, and never all callers at once."""
    least = _FIRST_PAUSE * 2 ** (attempt - 1) if retry_after is None else retry_after
    return least + random.uniform(0, _FIRST_PAUSE + least / 10)
