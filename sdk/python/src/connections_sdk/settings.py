"""Which server, with which key: from arguments, else from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from .errors import ConfigurationError

#: Seconds without a byte after which a call is given up.
TIMEOUT = 30.0


@dataclass(frozen=True, repr=False)
class Settings:
    """Checked. ``url`` has no slash at its end."""

    __slots__ = ("url", "key", "cache_file", "timeout")

    url: str
    key: str
    cache_file: str | None
    timeout: float

    def __repr__(self) -> str:
        return f"<Settings {self.url}>"


def settings(
    url: str | None = None,
    key: str | None = None,
    cache_file: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
) -> Settings:
    """What is not given comes from CONNECTIONS_URL, CONNECTIONS_KEY and CONNECTIONS_CACHE_FILE.

    Raises :class:`ConfigurationError`, which names the setting and the remedy.
    """
    file = os.environ.get("CONNECTIONS_CACHE_FILE") if cache_file is None else os.fspath(cache_file)
    return Settings(
        _url(_given(url, "url", "CONNECTIONS_URL", "the address of your Connections server")),
        _key(_given(key, "key", "CONNECTIONS_KEY", "a function key (Setup > Function keys)")),
        os.path.abspath(file) if file else None,
        _timeout(timeout),
    )


def _given(value: str | None, argument: str, variable: str, what: str) -> str:
    text = os.environ.get(variable, "") if value is None else value
    text = text.strip() if isinstance(text, str) else ""
    if not text:
        raise ConfigurationError(f"`{argument}` is missing. Pass {what} as `{argument}`, or set {variable}.")
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or not text.isascii():
        raise ConfigurationError("`url` is not a full address. Write it like https://connect.example.com.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationError("`url` has more than a host and a path. Write it like https://connect.example.com.")
    return text.rstrip("/?#")


def _key(text: str) -> str:
    if not all("!" <= character <= "~" for character in text):
        raise ConfigurationError(
            "`key` has characters that no function key has. Copy it once more: cnx_ and 49 characters."
        )
    return text


def _timeout(seconds: float | None) -> float:
    if seconds is None:
        return TIMEOUT
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
        raise ConfigurationError("`timeout` is not a number of seconds above 0.")
    return float(seconds)
