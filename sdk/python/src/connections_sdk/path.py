"""Addresses of calls, so encoded that no part of one can become another part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Union
from urllib.parse import quote, urlencode

from .errors import ConfigurationError

Params = Union[Mapping[str, Any], Sequence[tuple[str, Any]]]

#: What RFC 3986 lets stand in a path, and in a query.
_PATH = "/:@!$&'()*+,;=~"
_QUERY = _PATH + "?"


def segment(name: str, what: str) -> str:
    """A name as one segment of a path."""
    if not isinstance(name, str) or name in ("", ".", ".."):
        raise ConfigurationError(f"The {what} is missing. It stands on the connection's page.")
    return quote(name, safe="")


def proxied(link_name: str, path: str, params: Params | None) -> str:
    """The address of a call through the server. ``path`` may be encoded already and may have a query."""
    if re.match(r"[a-z][a-z0-9+.-]*://", path, re.IGNORECASE):
        raise ConfigurationError("`path` is a whole address. Give what follows the service's API base URL: /users/me.")
    path, _, query = path.partition("?")
    encoded = _encoded(path[1:] if path.startswith("/") else path, _PATH)
    if any(part.lower().replace("%2e", ".") in (".", "..") for part in encoded.split("/")):
        raise ConfigurationError("`path` has a segment `.` or `..`, which would leave the API. Write the path out.")
    queries = [_encoded(query, _QUERY), urlencode(list(_pairs(params or {})))]
    query = "&".join(filter(None, queries))
    return f"/api/v1/proxy/{segment(link_name, 'link name')}/{encoded}" + (f"?{query}" if query else "")


def _pairs(params: Params) -> Iterator[tuple[str, str]]:
    """A list stands for several parameters of one name; what is None is left out."""
    for name, value in params.items() if isinstance(params, Mapping) else params:
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is not None:
                yield name, str(one).lower() if isinstance(one, bool) else str(one)


def _encoded(text: str, safe: str) -> str:
    """What is encoded already stays; a percent sign that encodes nothing is encoded itself."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=safe + "%"))
