"""Where a function begins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .api import Api
from .configuration import ConnectorConfiguration
from .connection import Connection
from .settings import settings


class App:
    """A server and a function key. Made by :func:`initialize`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def connection(self, configurations: Mapping[str, ConnectorConfiguration | Mapping[str, Any]]) -> Connection:
        """Configures connectors: name to configuration, empty for the link name of an existing connection."""
        return Connection(self._api, configurations)

    def __repr__(self) -> str:
        return f"<App {self._api.settings.url}>"


def initialize(
    url: str | None = None,
    key: str | None = None,
    *,
    cache_file: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
) -> App:
    """Names the server and the function key, else CONNECTIONS_URL and CONNECTIONS_KEY do.

    ``cache_file`` (else CONNECTIONS_CACHE_FILE) is shared by processes of this machine and sealed with each
    connector's ``secret_key``. ``timeout``: seconds without a byte after which a call is given up.
    """
    return App(Api(settings(url, key, cache_file, timeout)))
