"""An access token, always at hand.

While the token is fresh, asking for it costs one look at the clock. Past its time of renewal the old one is
still given, and a new one is fetched behind. Whatever the number of callers, one fetch is under way.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import Future
from threading import Lock, Thread

from . import cache
from . import token as tokens
from .api import Api
from .configuration import Configuration
from .errors import ConnectionsError, Unavailable, UnknownConnection
from .fork import reset_after_fork
from .token import Token

#: Seconds after which a renewal that failed is tried again, while the old token lasts.
PAUSE = 5.0

_now = time.time


class Connector:
    """Safe to share between threads. Made by :meth:`Connection.get_connector`."""

    __slots__ = (
        "_api",
        "_cache",
        "_configuration",
        "_flight",
        "_link_name",
        "_lock",
        "_refused",
        "_token",
        "_user",
        "__weakref__",
    )

    def __init__(self, api: Api, configuration: Configuration, user: str | None = None) -> None:
        self._api = api
        self._configuration = configuration
        self._user = user
        self._cache = cache.of(api.settings, configuration)
        self._link_name = None if configuration.registers else configuration.name
        self._token = tokens.NONE
        self._refused: str | None = None
        self._after_fork()
        reset_after_fork(self)

    def _after_fork(self) -> None:
        """Leaves a fetch to whoever is waiting for it; after a fork its thread is not here."""
        self._lock = Lock()
        self._flight: Future[Token] | None = None

    @property
    def name(self) -> str:
        """The name under which it was configured."""
        return self._configuration.name

    def get_access_token(self) -> str:
        """An access token that works. Raises a subclass of :class:`ConnectionsError`."""
        token = self._token
        if token.since <= _now() < token.renew_at:
            return token.value
        return self._renewed()

    def invalidate(self, access_token: str | None = None) -> None:
        """Forgets the token, for a provider that refuses it before its time. The next call fetches.

        With the token that was refused, nothing happens where another caller has seen to it already.
        """
        with self._lock:
            if access_token not in (None, self._token.value):
                return
            self._refused = self._token.value or self._refused
            self._token = tokens.NONE
            self._flight = None

    def _renewed(self) -> str:
        with self._lock:
            now = _now()
            held = self._token
            if held.is_fresh(now):
                return held.value
            flight = self._flight or self._launched(held)
            if held.is_alive(now):
                return held.value
        return flight.result().value

    def _launched(self, held: Token) -> Future[Token]:
        """In a thread of its own: it goes on when a caller is interrupted, and a daemon ends with the process."""
        flight: Future[Token] = Future()
        self._flight = flight
        try:
            Thread(target=self._fly, args=(flight, held), name="connections-sdk", daemon=True).start()
        except RuntimeError:
            self._flight = None
            flight.set_exception(Unavailable("The process can start no thread at the moment. Try again."))
        return flight

    def _fly(self, flight: Future[Token], held: Token) -> None:
        try:
            token = self._obtained(held)
        except BaseException as error:
            self._land(flight, held.renewed_at(_now() + _pause(error)), self._refused)
            flight.set_exception(error)
        else:
            self._land(flight, token, None)
            flight.set_result(token)

    def _land(self, flight: Future[Token], token: Token, refused: str | None) -> None:
        """What was fetched before the token was invalidated is not kept."""
        with self._lock:
            if self._flight is flight:
                self._flight, self._token, self._refused = None, token, refused

    def _obtained(self, held: Token) -> Token:
        """From the cache file where another process has been quicker, else from the server."""
        shared = self._shared(held)
        if shared is not None:
            return shared
        with self._cache.fetching():
            shared = self._shared(held)
            if shared is not None:
                return shared
            token = self._fetched()
            self._cache.write(token)
            return token

    def _shared(self, held: Token) -> Token | None:
        """A token of the file that is better than the one in hand."""
        token = self._cache.read()
        now = _now()
        if token is None or token.value == self._refused:
            return None
        return token if token.is_fresh(now) or (token.is_alive(now) and not held.is_alive(now)) else None

    def _fetched(self) -> Token:
        if self._link_name is not None:
            try:
                return self._asked(self._link_name)
            except UnknownConnection:
                if not self._configuration.registers:
                    raise
        # Never told, or the connection was deleted meanwhile: the configuration makes it anew.
        self._link_name = self._api.register(self._configuration)
        return self._asked(self._link_name)

    def _asked(self, link_name: str) -> Token:
        now = _now()
        credentials = self._api.credentials(link_name, user=self._user)
        if not credentials.access_token:
            raise ConnectionsError(
                f"`{link_name}` has no access token: its service works with other credentials. "
                "Use Client().connection(...).credentials() instead.",
                code="no_access_token",
            )
        life = self._configuration.expires_in if credentials.expires_in is None else credentials.expires_in
        return tokens.issued(credentials.access_token, now, life, self._configuration.refresh_in)

    def __repr__(self) -> str:
        return f"<Connector {self.name}>"


def _pause(error: BaseException) -> float:
    told = getattr(error, "retry_after", None) or 0.0
    return max(PAUSE, told) * random.uniform(1, 1.2)
