"""The direct way: calls made by the server, credentials on request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .answer import Answer
from .api import Api
from .linked import LinkedConnection, passed
from .settings import settings


class Client:
    """A server and a function key, from arguments or from CONNECTIONS_URL and CONNECTIONS_KEY.

    Safe to share between threads. ``timeout``: seconds without a byte after which a call is given up.
    """

    def __init__(self, url: str | None = None, key: str | None = None, *, timeout: float | None = None) -> None:
        self._api = Api(settings(url, key, timeout=timeout))

    def connection(self, link_name: str, *, user: str | None = None) -> LinkedConnection:
        """The connection of this link name; ``user`` where each login user has credentials of their own."""
        return LinkedConnection(self._api, link_name, user)

    def invoke(self, request: Mapping[str, Any], *, timeout: float | None = None) -> Answer:
        """Has one call made, described as ``POST /api/v1/invoke`` wants it. It is never repeated."""
        headers = {"Content-Type": "application/json"}
        body = json.dumps(dict(request)).encode()
        answer = self._api.transport.send("POST", "/api/v1/invoke", headers=headers, body=body, timeout=timeout)
        return passed(answer, self._api)

    def __repr__(self) -> str:
        return f"<Client {self._api.settings.url}>"
