"""One request, one answer. Follows no redirect, so that the key goes nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from . import __version__
from .answer import Answer
from .errors import ConfigurationError, NetworkError
from .pool import Pool
from .settings import Settings

_AGENT = f"connections-sdk-python/{__version__}"


class Transport:
    """Sends requests with the key to one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._base = urlsplit(settings.url).path
        self._pool = Pool(settings.url)

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        timeout: float | None = None,
    ) -> Answer:
        """``path`` is encoded and begins with a slash. Raises :class:`NetworkError`."""
        sent = _headers(headers, self._settings.key)
        try:
            line = self._pool.take(timeout or self._settings.timeout)
            try:
                self._put(line, method, self._base + path, body, sent)
                response = line.getresponse()
                answer = Answer(response.status, response.headers, response.read())
            except BaseException:
                line.close()
                raise
        except (OSError, HTTPException) as error:
            raise NetworkError(self._sentence(error)) from error
        self._pool.give(line)
        return answer

    @staticmethod
    def _put(line: HTTPConnection, method: str, target: str, body: Any, headers: Mapping[str, str]) -> None:
        # A server that has heard enough hangs up; its answer (413, say) can be read.
        with suppress(BrokenPipeError):
            line.request(method, target, body, headers)

    def _sentence(self, error: Exception) -> str:
        why = getattr(error, "strerror", None) or (str(error) if isinstance(error, OSError) else "")
        why = why or type(error).__name__
        return f"The server at {self._settings.url} gave no answer ({why}). Check the address and that it runs."


def _headers(given: Mapping[str, str] | None, key: str) -> Mapping[str, str]:
    headers = {"User-Agent": _AGENT, "Accept": "*/*"}
    for name, value in (given or {}).items():
        if name.lower() == "authorization":
            raise ConfigurationError("`headers` has Authorization. Leave it out: the server adds the credential.")
        for known in [other for other in headers if other.lower() == name.lower()]:
            del headers[known]
        headers[name] = value
    return {**headers, "Authorization": f"Bearer {key}"}
