"""Everything that can go wrong, one class a code of the HTTP contract. No message holds a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ConnectionsError(Exception):
    """A failure with a stable ``code``.

    ``detail`` says what happened and what to do. ``status`` is the HTTP status where there was an answer.
    ``connect_url`` is the page on which a person mends it. ``retry_after`` counts seconds.
    ``errors`` lists ``{"field", "message"}`` where fields were wrong.
    """

    code = "unexpected_answer"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        status: int | None = None,
        connect_url: str | None = None,
        retry_after: float | None = None,
        errors: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.code = code or type(self).code
        self.status = status
        self.detail = detail
        self.connect_url = connect_url
        self.retry_after = retry_after
        self.errors = list(errors)
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        fields = [f"{error.get('field')}: {error.get('message')}" for error in self.errors]
        link = [f"Its page: {self.connect_url}"] if self.connect_url else []
        return " ".join([self.detail, *fields, *link])


class ConfigurationError(ConnectionsError):
    """What was given to the SDK is incomplete or wrong; nothing was sent."""

    code = "configuration"


class NetworkError(ConnectionsError):
    """The server cannot be reached, or the line broke before its answer was complete."""

    code = "network"


class InvalidKey(ConnectionsError):
    """The function key does not exist, is misspelt or was revoked."""

    code = "invalid_key"


class Forbidden(ConnectionsError):
    """The key, or the service's list of allowed hosts, does not permit this."""

    code = "forbidden_for_key"


class UnknownConnection(ConnectionsError):
    """No connection has this link name, or the key may not use it."""

    code = "unknown_connection"


class NeedsReauthorization(ConnectionsError):
    """A person has to consent once more, at ``connect_url``."""

    code = "needs_reauthorization"


class NotConnected(ConnectionsError):
    """Nobody has consented yet."""

    code = "not_connected"


class Disabled(ConnectionsError):
    """An administrator has disabled the connection."""

    code = "disabled"


class Revoked(ConnectionsError):
    """An administrator has revoked the connection."""

    code = "revoked"


class RateLimited(ConnectionsError):
    """Too many calls; ``retry_after`` says when to come back."""

    code = "rate_limited"


class ProviderError(ConnectionsError):
    """The provider refused."""

    code = "provider_error"


class ProviderUnavailable(ConnectionsError):
    """The provider does not answer at the moment."""

    code = "provider_unavailable"


class Invalid(ConnectionsError):
    """The request has wrong fields; ``errors`` names them."""

    code = "invalid"


class TooLarge(ConnectionsError):
    """The request or the answer is larger than the server allows."""

    code = "too_large"


class Unavailable(ConnectionsError):
    """The server cannot do its work at the moment."""

    code = "unavailable"


BY_CODE: dict[str, type[ConnectionsError]] = {
    "invalid_key": InvalidKey,
    "forbidden_for_key": Forbidden,
    "host_not_allowed": Forbidden,
    "not_permitted": Forbidden,
    "unknown_connection": UnknownConnection,
    "needs_reauthorization": NeedsReauthorization,
    "not_connected": NotConnected,
    "disabled": Disabled,
    "revoked": Revoked,
    "rate_limited": RateLimited,
    "provider_error": ProviderError,
    "provider_unavailable": ProviderUnavailable,
    "invalid": Invalid,
    "too_large": TooLarge,
    "answer_too_large": TooLarge,
    "unavailable": Unavailable,
}
