"""The cache file: tokens that the processes of a machine share, so that one of them fetches.

JSON, the same in both SDKs: ``{"format": …, "entries": {id: {"salt", "nonce", "sealed", "ends_at"}}}``. Each
entry is sealed with its connector's ``secret_key`` and bound to server, name and fingerprint, from which its id
comes. The function key is part of the fingerprint. Whatever cannot be opened counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import time
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from .configuration import Configuration
from .errors import ConfigurationError
from .lock import lock
from .settings import Settings
from .token import Token

if TYPE_CHECKING:
    from .seal import Sealer

FORMAT = "connections-cache-1"
#: A larger file is not ours.
_LARGEST = 4 * 1024 * 1024
_TIMES = ("since", "renew_at", "ends_at")

_log = logging.getLogger("connections_sdk")


class NoCache:
    """Without a file, or without a key to seal it."""

    def read(self) -> Token | None:
        return None

    def write(self, token: Token) -> None:
        pass

    def fetching(self) -> AbstractContextManager[None]:
        return nullcontext()


class Cache:
    """One connector's entry in the file."""

    def __init__(self, path: str, sealer: Sealer, url: str, name: str, fingerprint: str) -> None:
        place = json.dumps([FORMAT, url, name, fingerprint], ensure_ascii=False, separators=(",", ":"))
        self._path = path
        self._sealer = sealer
        self._place = place.encode("utf-8", "surrogatepass")
        self._id = hashlib.sha256(self._place).hexdigest()

    def read(self) -> Token | None:
        """The token that was written last, which may have ended."""
        entry = self._entries().get(self._id)
        plain = None if entry is None else self._sealer.open(entry, self._place)
        try:
            return None if plain is None else _token(json.loads(plain))
        except (KeyError, TypeError, ValueError):
            return None

    def write(self, token: Token) -> None:
        """Replaces the file as a whole; entries that have ended are left out."""
        plain = {"access_token": token.value, **{name: getattr(token, name) for name in _TIMES}}
        entry: dict[str, Any] = self._sealer.seal(json.dumps(plain).encode(), self._place)
        entry["ends_at"] = token.ends_at
        try:
            with lock(self._path + ".lock"):
                entries = {**self._entries(), self._id: entry}
                kept = {id: entry for id, entry in entries.items() if _lasts(entry)}
                _replace(self._path, json.dumps({"format": FORMAT, "entries": kept}))
        except OSError as error:
            _log.warning("The cache file %s cannot be written (%s). Tokens stay in memory.", self._path, error.strerror)

    def fetching(self) -> AbstractContextManager[None]:
        """Held while this connector's token is fetched: other processes wait and then find it in the file."""
        return lock(f"{self._path}.{self._id[:16]}.lock")

    def _entries(self) -> dict[str, Any]:
        try:
            with open(self._path, "rb") as file:
                content = file.read(_LARGEST + 1)
            found = json.loads(content) if len(content) <= _LARGEST else None
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            return {}
        entries = found.get("entries")
        return entries if isinstance(entries, dict) else {}


def of(settings: Settings, configuration: Configuration) -> Cache | NoCache:
    """A connector's part of the file. Raises :class:`ConfigurationError` where the cipher is not installed."""
    if settings.cache_file is None or configuration.secret_key is None:
        return NoCache()
    try:
        from .seal import Sealer
    except ImportError:
        sentence = (
            "A cache file needs the package cryptography. Install connections-sdk[cache], or leave `cache_file` out."
        )
        raise ConfigurationError(sentence) from None
    sealer = Sealer(configuration.secret_key)
    fingerprint = configuration.fingerprint(settings.key)
    return Cache(settings.cache_file, sealer, settings.url, configuration.name, fingerprint)


def _token(plain: dict[str, Any]) -> Token:
    return Token(str(plain["access_token"]), *(float(plain[name]) for name in _TIMES))


def _lasts(entry: Any) -> bool:
    ends_at = entry.get("ends_at") if isinstance(entry, dict) else None
    return isinstance(ends_at, (int, float)) and ends_at > time.time()


def _replace(path: str, text: str) -> None:
    """Whoever reads meanwhile sees the old file or the new one, never a part."""
    draft = f"{path}.{secrets.token_hex(8)}"
    try:
        with open(draft, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.unlink(draft)
        raise
