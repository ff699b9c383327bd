"""What the server gives for a link name."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Credentials:
    """A credential, ready to use: send ``headers`` and ``parameters`` with a call.

    ``expires_in`` counts seconds from the answer, ``expires_at`` is RFC 3339; both are None where the
    provider names no end. ``version`` grows with every renewal. The secret parts do not print.
    """

    link_name: str
    service: str | None = None
    status: str | None = None
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    parameters: dict[str, str] = field(default_factory=dict, repr=False)
    access_token: str | None = field(default=None, repr=False)
    token_type: str | None = None
    expires_at: str | None = None
    expires_in: float | None = None
    scopes: list[str] = field(default_factory=list)
    account: str | None = None
    version: int | None = None


_NAMES = {field.name for field in fields(Credentials)}


def read(answer: dict[str, Any]) -> Credentials:
    """From the answer's JSON. Members that are not known here yet are left out."""
    return Credentials(**{name: answer[name] for name in _NAMES if answer.get(name) is not None})
