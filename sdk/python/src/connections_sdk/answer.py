"""What came back from a call."""

from __future__ import annotations

import json
from http.client import HTTPMessage
from typing import Any

from .errors import ProviderError


class Answer:
    """A provider's answer, whatever its status.

    ``status`` is a number, ``headers`` ignore case and may be asked with ``get`` and ``get_all``,
    ``content`` is the body in bytes.
    """

    __slots__ = ("status", "headers", "content")

    def __init__(self, status: int, headers: HTTPMessage, content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.content = content

    @property
    def ok(self) -> bool:
        """Whether the status says success (2xx)."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body in the character set that the answer names, else UTF-8."""
        charset = self.headers.get_content_charset("utf-8")
        try:
            return self.content.decode(charset, "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body, parsed. Raises ``ValueError`` where it is not JSON."""
        return json.loads(self.content)

    def raise_for_status(self) -> Answer:
        """Itself, or :class:`ProviderError` where the provider answered 4xx or 5xx."""
        if self.status >= 400:
            raise ProviderError(f"The provider answered {self.status}.", status=self.status)
        return self

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"
