"""A server that speaks the documented contract over a real socket, and writes down what it is asked."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

KEY = "cnx_canary-function-key"


class Asked(NamedTuple):
    method: str
    path: str
    headers: Any
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Reply(NamedTuple):
    """An answer that is given in place of the usual one. Without a status the line is cut."""

    status: int | None = 200
    body: Any = None
    headers: dict[str, str] = {}
    #: Hangs up after the answer, without having said so.
    hangs_up: bool = False


def refusal(status: int, code: str, *, retry_after: str | None = None, **more: Any) -> Reply:
    headers = {"content-type": "application/problem+json; charset=utf-8"}
    if retry_after is not None:
        headers["retry-after"] = retry_after
    body = {"type": "about:blank", "title": "T", "status": status, "code": code, "detail": f"About {code}.", **more}
    return Reply(status, body, headers)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[Asked] = []
        self.lines = 0
        #: Link names of the connections that are there, by what made them.
        self.connectors: dict[tuple[str, str, str], str] = {}
        self.known = {"zoom"}
        self.versions: dict[str, int] = {}
        #: Given in this order before anything usual is.
        self.replies: deque[Reply] = deque()
        self.expires_in: float | None = 1000
        self.delay = 0.0
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no matter."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def count(self, method: str, part: str = "") -> int:
        return sum(asked.method == method and part in asked.path for asked in self.asked)

    def answer(self, asked: Asked) -> Reply:
        delay = self.delay
        try:
            return self._answer(asked)
        finally:
            time.sleep(delay)

    def _answer(self, asked: Asked) -> Reply:
        with self._lock:
            if self.replies:
                return self.replies.popleft()
            if asked.headers["authorization"] != f"Bearer {KEY}":
                return refusal(401, "invalid_key")
            parts = [unquote(part) for part in urlsplit(asked.path).path.split("/")[1:]]
            if asked.method == "PUT" and parts[:3] == ["api", "v1", "connectors"]:
                return self._connector(parts[3], asked.json)
            if parts[:3] == ["api", "v1", "connections"] and parts[4:] == ["credentials"]:
                return self._credentials(parts[3])
            if parts[:3] == ["api", "v1", "proxy"] or asked.path == "/api/v1/invoke":
                return self._echo(asked)
        return refusal(404, "unknown_path")

    def _connector(self, name: str, told: dict[str, Any]) -> Reply:
        identity = (name, told["client_id"], told["refresh_token"])
        created = identity not in self.connectors
        link_name = self.connectors.setdefault(identity, f"connector_{len(self.connectors) + 1}")
        self.known.add(link_name)
        body = {"name": name, "link_name": link_name, "status": "connected", "created": created}
        return Reply(201 if created else 200, body)

    def _credentials(self, link_name: str) -> Reply:
        if link_name not in self.known:
            return refusal(404, "unknown_connection")
        version = self.versions[link_name] = self.versions.get(link_name, 0) + 1
        token = f"canary-token-{link_name}-{version}"
        body = {
            "link_name": link_name,
            "service": "service",
            "status": "connected",
            "headers": {"Authorization": f"Bearer {token}"},
            "parameters": {},
            "access_token": token,
            "token_type": "Bearer",
            "expires_at": "2026-11-21T12:00:00Z",
            "expires_in": self.expires_in,
            "scopes": ["profile"],
            "account": "ada@example.com",
            "version": version,
            "a member of the future": True,
        }
        return Reply(200, body)

    @staticmethod
    def _echo(asked: Asked) -> Reply:
        body = {
            "method": asked.method,
            "path": asked.path,
            "headers": {name.lower(): value for name, value in asked.headers.items()},
            "body": asked.body.decode("latin-1"),
        }
        status = int(asked.query.get("status", 200))
        return Reply(status, body, {"connections-answer": "provider", "location": "/elsewhere"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.lines += 1

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        asked = Asked(self.command, self.path, self.headers, body)
        self.server.asked.append(asked)
        self._reply(self.server.answer(asked))

    def _reply(self, reply: Reply) -> None:
        if reply.status is None:
            self.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        headers = {"content-type": "application/json", **reply.headers, "content-length": str(len(content))}
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = self.close_connection or reply.hangs_up

    def log_message(self, *_: Any) -> None:
        pass
