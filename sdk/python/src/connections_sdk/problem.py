"""The server's own refusals (``application/problem+json``, RFC 9457) as errors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Callable

from .answer import Answer
from .errors import BY_CODE, ConnectionsError, RateLimited, Unavailable

Mask = Callable[[str], str]


def problem(answer: Answer, secrets: Iterable[str]) -> ConnectionsError:
    """The error that the answer reports. Should it repeat one of the secrets, that part is masked."""
    mask = _mask(secrets)
    retry_after = _seconds(answer.headers.get("retry-after"))
    told = _document(answer)
    if told is None:
        return _unexplained(answer, mask, retry_after)
    code = str(told.get("code") or ConnectionsError.code)
    link = told.get("connect_url")
    return BY_CODE.get(code, ConnectionsError)(
        mask(str(told.get("detail") or told.get("title") or f"The server answered {answer.status}.")),
        code=mask(code),
        status=answer.status,
        connect_url=mask(str(link)) if link else None,
        retry_after=retry_after,
        errors=_fields(told.get("errors"), mask),
    )


def _document(answer: Answer) -> dict[str, Any] | None:
    if answer.headers.get_content_type() != "application/problem+json":
        return None
    try:
        told = json.loads(answer.content)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _unexplained(answer: Answer, mask: Mask, retry_after: float | None) -> ConnectionsError:
    """Something that stands between here and the server has answered, or it is another server."""
    status = answer.status
    if status == 429:
        return RateLimited("There were too many calls. Wait a little.", status=status, retry_after=retry_after)
    if status in (502, 503, 504):
        sentence = f"The server is not available at the moment (status {status}). Try again shortly."
        return Unavailable(sentence, status=status, retry_after=retry_after)
    if 300 <= status < 400:
        to = mask(answer.headers.get("location") or "another address")
        sentence = f"The server redirects to {to}. The key is not sent there; correct CONNECTIONS_URL."
        return ConnectionsError(sentence, status=status)
    sentence = f"The answer (status {status}) is not one of a Connections server. Check CONNECTIONS_URL."
    return ConnectionsError(sentence, status=status)


def _mask(secrets: Iterable[str]) -> Mask:
    # The longest first: one may be part of another.
    found = sorted(filter(None, secrets), key=len, reverse=True)

    def mask(text: str) -> str:
        for secret in found:
            text = text.replace(secret, "***")
        return text

    return mask


def _fields(given: Any, mask: Mask) -> list[dict[str, Any]]:
    entries = given if isinstance(given, list) else []
    return [
        {name: mask(value) if isinstance(value, str) else value for name, value in entry.items()}
        for entry in entries
        if isinstance(entry, dict)
    ]


def _seconds(header: str | None) -> float | None:
    """RFC 9110, 10.2.3: seconds, or a date."""
    text = (header or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=timezone.utc)
    return max(0.0, (then - datetime.now(timezone.utc)).total_seconds())
