"""Open lines to the server, kept for the next call."""

from __future__ import annotations

import selectors
import ssl
import time
from collections import deque
from http.client import HTTPConnection, HTTPSConnection
from socket import socket
from urllib.parse import urlsplit

from .fork import reset_after_fork

#: Seconds that a line waits for its next call. Shorter than any server's patience: a call that is not
#: repeated must not find that the other side has just hung up.
IDLE = 4.0
#: Seconds until a line must stand.
CONNECT = 5.0


class Pool:
    """Lines to one origin, for any number of threads. Each line serves one call at a time."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._tls: ssl.SSLContext | None = ssl.create_default_context() if parts.scheme == "https" else None
        self._idle: deque[tuple[float, HTTPConnection]] = deque()
        reset_after_fork(self)

    def _after_fork(self) -> None:
        """Closes the idle lines without a word on them: after a fork they are the parent's."""
        while self._idle:
            self._idle.pop()[1].close()

    def take(self, timeout: float) -> HTTPConnection:
        """A line that stands; ``timeout`` is for its reads and writes. Raises ``OSError``."""
        line = self._kept() or self._opened()
        line.sock.settimeout(timeout)
        return line

    def give(self, line: HTTPConnection) -> None:
        """Keeps a line whose answer was read to its end, unless that answer closed it."""
        if line.sock is not None:
            self._idle.append((time.monotonic() + IDLE, line))

    def _kept(self) -> HTTPConnection | None:
        while True:
            try:
                until, line = self._idle.pop()
            except IndexError:
                return None
            if time.monotonic() < until and not _speaks(line.sock):
                return line
            line.close()

    def _opened(self) -> HTTPConnection:
        if self._tls is None:
            line = HTTPConnection(self._host, self._port, timeout=CONNECT)
        else:
            line = HTTPSConnection(self._host, self._port, timeout=CONNECT, context=self._tls)
        try:
            line.connect()
        except BaseException:
            line.close()
            raise
        return line

    def __del__(self) -> None:
        if "_idle" in self.__dict__:
            self._after_fork()


def _speaks(sock: socket) -> bool:
    """Nobody was asked anything: whatever can be read says that the line has ended."""
    kind = getattr(selectors, "PollSelector", selectors.SelectSelector)
    with kind() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))
