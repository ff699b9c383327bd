"""The two calls behind a connector. Both may be repeated without harm, and are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from . import credentials
from .configuration import Configuration
from .credentials import Credentials
from .errors import ConnectionsError
from .path import segment
from .problem import problem
from .retry import retried
from .settings import Settings
from .transport import Transport

#: Seconds that a credential has left at least; the server takes half of its life where that is less.
MIN_TTL = 60


class Api:
    """A server, as one function key sees it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.transport = Transport(settings)

    def register(self, configuration: Configuration) -> str:
        """Tells the server about a connector; gives the link name of its connection."""
        path = "/api/v1/connectors/" + segment(configuration.name, "connector's name")
        told = self._call("PUT", path, configuration.body(), configuration.secrets)
        link_name = told.get("link_name")
        if not isinstance(link_name, str) or not link_name:
            raise _strange()
        return link_name

    def credentials(self, link_name: str, min_ttl: int = MIN_TTL, user: str | None = None) -> Credentials:
        """The current credential of a connection."""
        query = {"min_ttl": str(min_ttl), **({"user": user} if user is not None else {})}
        path = f"/api/v1/connections/{segment(link_name, 'link name')}/credentials?{urlencode(query)}"
        return credentials.read({"link_name": link_name, **self._call("GET", path)})

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, secrets: Sequence[str] = ()
    ) -> dict[str, Any]:
        return retried(lambda: self._once(method, path, body, secrets))

    def _once(self, method: str, path: str, body: dict[str, Any] | None, secrets: Sequence[str]) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        answer = self.transport.send(method, path, headers=headers, body=content)
        if not answer.ok:
            raise problem(answer, (self.settings.key, *secrets))
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise _strange()
        return told


def _strange() -> ConnectionsError:
    return ConnectionsError("The answer is not one of a Connections server. Check CONNECTIONS_URL.")
