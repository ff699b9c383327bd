"""Connectors outlive the objects that name them: a function may say who it is at every invocation and still
finds its token at hand.

Kept by server, key, name and everything in the configuration, never by name alone: two users under one name
have two connectors.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Optional

from .api import Api
from .configuration import Configuration
from .connector import Connector
from .fork import reset_after_fork
from .settings import Settings

#: The one that was used least recently goes first.
MOST = 1000

_Key = tuple[Settings, Configuration, Optional[str]]


class _Registry:
    def __init__(self) -> None:
        self._connectors: OrderedDict[_Key, Connector] = OrderedDict()
        self._after_fork()
        reset_after_fork(self)

    def _after_fork(self) -> None:
        self._lock = Lock()

    def connector(self, api: Api, configuration: Configuration, user: str | None = None) -> Connector:
        key = (api.settings, configuration, user)
        with self._lock:
            found = self._connectors.get(key) or Connector(api, configuration, user)
            self._connectors[key] = found
            self._connectors.move_to_end(key)
            if len(self._connectors) > MOST:
                self._connectors.popitem(last=False)
        return found


connector = _Registry().connector
