"""What a child process must not inherit: locks that a thread of its parent held, and the parent's sockets."""

from __future__ import annotations

import os
from typing import Any
from weakref import WeakSet

_all: WeakSet[Any] = WeakSet()


def reset_after_fork(thing: Any) -> None:
    """Calls ``thing._after_fork()`` in every child of this process, as long as the thing is in use."""
    _all.add(thing)


def _in_child() -> None:
    for thing in list(_all):
        thing._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
