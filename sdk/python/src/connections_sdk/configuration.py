"""A connector's configuration, parsed once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, Union

from .errors import ConfigurationError

Seconds = Union[int, float, str]


class ConnectorConfiguration(TypedDict, total=False):
    """What may stand under a connector's name. An empty one names an existing connection by its link name."""

    client_id: str
    client_secret: str
    auth_url: str
    refresh_url: str
    #: From the provider, with the first access token. The server keeps it and renews it where it rotates.
    refresh_token: str
    #: Seconds after which a token is renewed, though it may last longer.
    refresh_in: Seconds
    #: Seconds that a token lasts, where the provider does not say.
    expires_in: Seconds
    #: Seals the cache file. It never leaves the process.
    secret_key: str


#: Together they make a connector; one alone makes nothing.
_TOGETHER = ("client_id", "client_secret", "auth_url", "refresh_url", "refresh_token")
_SECONDS = ("refresh_in", "expires_in")
#: More than anybody means, and safe in every language.
_LONGEST = 2**31
_KEYS = (*_TOGETHER, *_SECONDS, "secret_key")


@dataclass(frozen=True, repr=False)
class Configuration:
    """Checked. Either all of client, URLs and refresh token are there, or none."""

    __slots__ = ("name", *_KEYS)

    name: str
    client_id: str | None
    client_secret: str | None
    auth_url: str | None
    refresh_url: str | None
    refresh_token: str | None
    refresh_in: int | None
    expires_in: int | None
    secret_key: str | None

    @property
    def registers(self) -> bool:
        """Whether the server is told about it, rather than knowing it already by its link name."""
        return self.refresh_token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(filter(None, (self.client_secret, self.refresh_token, self.secret_key)))

    def __repr__(self) -> str:
        return f"<Configuration {self.name}>"

    def body(self) -> dict[str, Any]:
        """What the server is told: everything but ``secret_key``."""
        told = {name: getattr(self, name) for name in (*_TOGETHER, *_SECONDS)}
        return {name: value for name, value in told.items() if value is not None}

    def fingerprint(self, *context: str) -> str:
        """SHA-256 over all that makes it this one, in this context. Both SDKs come to the same one."""
        values = [getattr(self, name) for name in (*_TOGETHER, *_SECONDS)]
        text = json.dumps([*context, self.name, *values], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link(name: str) -> Configuration:
    """The configuration of a connection that is there already."""
    return parse(name, {})


def parse(name: str, given: Mapping[str, Any]) -> Configuration:
    """Raises :class:`ConfigurationError`, which names the key and the remedy and repeats no value."""
    if not isinstance(name, str) or name in ("", ".", ".."):
        raise ConfigurationError("A connector's name is missing. Use the name as the key of its configuration.")
    if not isinstance(given, Mapping):
        raise ConfigurationError(f"The configuration of `{name}` is not a dictionary. Leave it empty for a link name.")
    for key in given:
        if key not in _KEYS:
            raise ConfigurationError(f"`{name}` has an unknown key `{key}`. The keys are: {', '.join(_KEYS)}.")
    _complete(name, given)
    values: dict[str, Any] = {key: _text(name, key, given.get(key)) for key in (*_TOGETHER, "secret_key")}
    values.update({key: _seconds(name, key, given.get(key)) for key in _SECONDS})
    return Configuration(name=name, **values)


def _complete(name: str, given: Mapping[str, Any]) -> None:
    missing = [key for key in _TOGETHER if given.get(key) is None]
    if missing and len(missing) < len(_TOGETHER):
        raise ConfigurationError(
            f"`{name}` lacks `{missing[0]}`. Give all of {', '.join(_TOGETHER)}, "
            "or none of them to use an existing connection by its link name."
        )


def _text(name: str, key: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"`{key}` of `{name}` is empty or not text. Give it as a string.")
    return value


def _seconds(name: str, key: str, value: Any) -> int | None:
    """A number, or a string that holds one."""
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,10}\s*", value):
        value = int(value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 1 <= value <= _LONGEST or value != int(value):
        raise ConfigurationError(f"`{key}` of `{name}` is not a number of seconds. Give a whole number from 1 on.")
    return int(value)
