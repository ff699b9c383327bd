"""A lock between processes: a file that exists while somebody holds it. Both SDKs understand each other's.

It saves work and guards nothing: whoever has waited long enough goes on without it.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: Seconds to wait for another holder.
PATIENCE = 30.0
#: Seconds after which a lock is a left-over, whoever made it.
OLDEST = 120.0
_EVERY = 0.025


@contextmanager
def lock(path: str) -> Iterator[None]:
    """Holds the lock meanwhile, or does without where it cannot be had."""
    mine = _taken(path)
    try:
        yield
    finally:
        if mine is not None and _read(path) == mine:
            _remove(path)


def _taken(path: str) -> str | None:
    mine = f"{os.getpid()} {socket.gethostname()} {secrets.token_hex(8)}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with open(path, "x", encoding="utf-8", opener=_private) as file:
                file.write(mine)
            return mine
        except FileExistsError:
            _break_left_over(path)
            time.sleep(_EVERY)
        except OSError:
            return None
    return None


def _break_left_over(path: str) -> None:
    left = _left_over(path)
    if left is None:
        return
    # Of several who break it, one succeeds in moving it away; what proves to be a new lock is put back.
    grave = f"{path}.{secrets.token_hex(8)}"
    try:
        os.rename(path, grave)
        if _read(grave) != left:
            os.link(grave, path)
    except OSError:
        pass
    _remove(grave)


def _left_over(path: str) -> str | None:
    """What the lock says, where its holder has ended without removing it."""
    held = _read(path)
    try:
        age = time.time() - os.stat(path).st_mtime
    except OSError:
        return None
    if held is None or age > OLDEST:
        return held
    pid, _, rest = held.partition(" ")
    here = rest.partition(" ")[0] == socket.gethostname()
    return held if here and pid.isdigit() and not _runs(int(pid)) else None


def _runs(pid: int) -> bool:
    if os.name == "nt":  # There, signal 0 ends the process.
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1000)
    except OSError:
        return None


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
