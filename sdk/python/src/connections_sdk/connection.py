"""A set of connectors, configured by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import registry
from .api import Api
from .configuration import parse
from .connector import Connector
from .errors import ConfigurationError


class Connection:
    """Made by :meth:`App.connection`. Every configuration is checked at once; nothing is sent yet."""

    def __init__(self, api: Api, configurations: Mapping[str, Mapping[str, Any]]) -> None:
        if not isinstance(configurations, Mapping):
            raise ConfigurationError("Give a dictionary: each connector's name with its configuration.")
        self._connectors: dict[str, Connector] = {
            name: registry.connector(api, parse(name, given)) for name, given in configurations.items()
        }

    def get_connector(self, name: str) -> Connector:
        """The connector of this name. Raises :class:`ConfigurationError` where none was configured."""
        try:
            return self._connectors[name]
        except KeyError:
            known = ", ".join(f"`{name}`" for name in self._connectors) or "none"
            raise ConfigurationError(f"No connector is named `{name}`. Configured here: {known}.") from None

    def __repr__(self) -> str:
        return f"<Connection {', '.join(self._connectors)}>"
