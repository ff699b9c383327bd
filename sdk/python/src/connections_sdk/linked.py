"""A connection, known by its link name."""

from __future__ import annotations

import json as encoding
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlencode

from . import registry
from .answer import Answer
from .api import MIN_TTL, Api
from .configuration import link
from .credentials import Credentials
from .errors import ConfigurationError
from .path import Params, proxied, segment
from .problem import problem

if TYPE_CHECKING:
    # Needed by type checkers alone, and these bring it along.
    from typing_extensions import Unpack


class Call(TypedDict, total=False):
    """What may go with a call; see :meth:`LinkedConnection.request`."""

    params: Params | None
    headers: Mapping[str, str] | None
    json: Any
    data: Any
    timeout: float | None


class LinkedConnection:
    """Made by :meth:`Client.connection`. Its calls go through the server, which adds the credential.

    A provider's answer comes back whatever its status; only what the server itself refuses is raised, as a
    subclass of :class:`ConnectionsError`. No call is ever repeated.
    """

    __slots__ = ("_api", "_link_name", "_user")

    def __init__(self, api: Api, link_name: str, user: str | None) -> None:
        segment(link_name, "link name")
        self._api = api
        self._link_name = link_name
        self._user = user

    def get(self, path: str, **call: Unpack[Call]) -> Answer:
        """See :meth:`request`."""
        return self.request("GET", path, **call)

    def post(self, path: str, **call: Unpack[Call]) -> Answer:
        """See :meth:`request`."""
        return self.request("POST", path, **call)

    def put(self, path: str, **call: Unpack[Call]) -> Answer:
        """See :meth:`request`."""
        return self.request("PUT", path, **call)

    def patch(self, path: str, **call: Unpack[Call]) -> Answer:
        """See :meth:`request`."""
        return self.request("PATCH", path, **call)

    def delete(self, path: str, **call: Unpack[Call]) -> Answer:
        """See :meth:`request`."""
        return self.request("DELETE", path, **call)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Any = None,
        timeout: float | None = None,
    ) -> Answer:
        """Has a call made. ``path`` follows the service's API base URL.

        ``params`` are added to the query. The body is ``json``, or ``data``: bytes, text, an open file, or a
        dictionary, which is sent as a form. ``timeout``: seconds without a byte.
        """
        content, kind = _body(json, data)
        sent = {**({"Content-Type": kind} if kind else {}), **(headers or {})}
        if self._user is not None:
            sent["X-Connections-User"] = self._user
        target = proxied(self._link_name, path, params)
        answer = self._api.transport.send(method.upper(), target, headers=sent, body=content, timeout=timeout)
        return passed(answer, self._api)

    def credentials(self, min_ttl: int = MIN_TTL) -> Credentials:
        """Asks the server for the current credential, with at least ``min_ttl`` seconds left."""
        return self._api.credentials(self._link_name, min_ttl, self._user)

    def access_token(self) -> str:
        """An access token, kept at hand and renewed like a connector's."""
        return registry.connector(self._api, link(self._link_name), self._user).get_access_token()

    def __repr__(self) -> str:
        return f"<LinkedConnection {self._link_name}>"


def passed(answer: Answer, api: Api) -> Answer:
    """The provider's answer; the server's own refusal is raised."""
    if answer.status < 300 or answer.headers.get("connections-answer") == "provider":
        return answer
    raise problem(answer, (api.settings.key,))


def _body(json: Any, data: Any) -> tuple[Any, str | None]:
    """What is sent, and what kind of content it is."""
    if json is not None and data is not None:
        raise ConfigurationError("Both `json` and `data` are given. A call has one body.")
    if json is not None:
        return encoding.dumps(json).encode(), "application/json"
    if isinstance(data, Mapping):
        return urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded"
    if isinstance(data, str):
        return data.encode(), None
    return data, None
