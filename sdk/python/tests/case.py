"""What the tests have in common: a server, an app, a clock that is told the time."""

from __future__ import annotations

import os
import time
import unittest
from typing import Any, Callable
from unittest import mock

import connections_sdk
import contract

CANARIES = {
    "client_secret": "canary-client-secret",
    "refresh_token": "canary-refresh-token",
    "secret_key": "canary-secret-key",
}


def configuration(**changes: Any) -> dict[str, Any]:
    """A connector's configuration."""
    return {
        "client_id": "client",
        "auth_url": "https://provider.example/authorize",
        "refresh_url": "https://provider.example/token",
        **CANARIES,
        **changes,
    }


def until(what: str, ask: Callable[[], Any], within: float = 10.0) -> None:
    deadline = time.monotonic() + within
    while not ask():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within} s")
        time.sleep(0.005)


class Clock:
    """Time stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


class Case(unittest.TestCase):
    def setUp(self) -> None:
        self.server = contract.Server()
        self.addCleanup(self.server.stop)
        environment = {"CONNECTIONS_URL": self.server.url, "CONNECTIONS_KEY": contract.KEY}
        patched = mock.patch.dict(os.environ, environment)
        patched.start()
        self.addCleanup(patched.stop)
        os.environ.pop("CONNECTIONS_CACHE_FILE", None)
        self.app = connections_sdk.initialize()

    def clock(self) -> Clock:
        clock = Clock()
        patched = mock.patch("connections_sdk.connector._now", clock)
        patched.start()
        self.addCleanup(patched.stop)
        return clock

    def impatient(self) -> None:
        """Tries again almost at once."""
        patched = mock.patch("connections_sdk.retry._FIRST_PAUSE", 0.01)
        patched.start()
        self.addCleanup(patched.stop)

    def connector(self, name: str = "ConnectorName", **changes: Any) -> connections_sdk.Connector:
        return self.app.connection({name: configuration(**changes)}).get_connector(name)

    @property
    def fetches(self) -> int:
        return self.server.count("GET", "/credentials")
