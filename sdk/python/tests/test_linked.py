"""Calls that the server makes."""

from __future__ import annotations

import io
import socket
import threading
import time
from typing import Any

import connections_sdk as sdk
from case import Case
from connections_sdk.path import proxied
from contract import KEY, Reply


class Calls(Case):
    def setUp(self) -> None:
        super().setUp()
        self.zoom = sdk.Client().connection("zoom")

    def test_methods(self) -> None:
        for method in ("get", "post", "put", "patch", "delete"):
            answer = getattr(self.zoom, method)("/users/me")
            self.assertEqual((answer.status, answer.ok), (200, True))
            self.assertEqual(answer.json()["method"], method.upper())
        self.assertEqual(self.zoom.request("options", "/x").json()["method"], "OPTIONS")

    def test_query(self) -> None:
        params = {"page": 2, "tag": ["a b", "c"], "deep": True, "none": None}
        path = self.zoom.get("/users?active=1", params=params).json()["path"]
        self.assertEqual(path, "/api/v1/proxy/zoom/users?active=1&page=2&tag=a+b&tag=c&deep=true")
        path = self.zoom.get("users", params=[("a", 1), ("a", 2)]).json()["path"]
        self.assertEqual(path, "/api/v1/proxy/zoom/users?a=1&a=2")

    def test_bodies(self) -> None:
        for call, body, kind in (
            ({"json": {"topic": "ü"}}, '{"topic": "\\u00fc"}', "application/json"),
            ({"json": False}, "false", "application/json"),
            ({"data": {"a": "b c", "d": ["1", "2"]}}, "a=b+c&d=1&d=2", "application/x-www-form-urlencoded"),
            ({"data": b"\x00\xff"}, "\x00\xff", None),
            ({"data": "text"}, "text", None),
            ({"data": io.BytesIO(b"a file"), "headers": {"content-length": "6"}}, "a file", None),
            ({"json": 1, "headers": {"content-type": "application/vnd.api+json"}}, "1", "application/vnd.api+json"),
        ):
            seen = self.zoom.post("/x", **call).json()
            self.assertEqual((seen["body"], seen["headers"].get("content-type")), (body, kind))
        with self.assertRaisesRegex(sdk.ConfigurationError, "Both `json` and `data`"):
            self.zoom.post("/x", json={}, data=b"")

    def test_headers(self) -> None:
        headers = {"x-own": "1", "Accept": "text/csv"}
        seen = sdk.Client().connection("zoom", user="ada@example.com").get("/x", headers=headers).json()["headers"]
        self.assertEqual((seen["x-own"], seen["accept"]), ("1", "text/csv"))
        self.assertEqual(seen["x-connections-user"], "ada@example.com")
        self.assertEqual(seen["authorization"], f"Bearer {KEY}")
        self.assertRegex(seen["user-agent"], r"^connections-sdk-python/\d")
        self.assertNotIn("x-connections-user", self.zoom.get("/x").json()["headers"])
        with self.assertRaisesRegex(sdk.ConfigurationError, "Leave it out"):
            self.zoom.get("/x", headers={"authorization": "Bearer own"})

    def test_a_providers_answer_comes_back_whatever_its_status(self) -> None:
        for status in (301, 404, 422, 429, 503):
            answer = self.zoom.get(f"/x?status={status}")
            self.assertEqual((answer.status, answer.ok), (status, False))
            self.assertEqual(answer.headers["Location"], "/elsewhere")
        self.assertEqual(len(self.server.asked), 5, "nothing is followed or repeated")
        self.server.replies.append(Reply(204, b""))
        self.assertEqual(self.zoom.delete("/x").status, 204, "also where something on the way drops our header")
        with self.assertRaises(sdk.ProviderError) as caught:
            self.zoom.get("/x?status=404").raise_for_status()
        self.assertEqual((caught.exception.code, caught.exception.status), ("provider_error", 404))
        self.assertEqual(self.zoom.get("/x?status=301").raise_for_status().status, 301)

    def test_text(self) -> None:
        provider = {"connections-answer": "provider"}
        for charset, content in (("utf-8", "ü".encode()), ("iso-8859-1", b"\xfc"), ("nonsense", "ü".encode())):
            headers = {**provider, "content-type": f"text/plain; charset={charset}"}
            self.server.replies.append(Reply(200, content, headers))
            self.assertEqual(self.zoom.get("/x").text, "ü")

    def test_invoke(self) -> None:
        call = {"connection": "zoom", "url": "/users/{id}", "type": "GET", "parameters": {"id": 1}, "detailed": True}
        seen = sdk.Client().invoke(call)
        self.assertEqual(self.server.asked[0].json, call)
        self.assertEqual((seen.json()["method"], seen.json()["path"]), ("POST", "/api/v1/invoke"))

    def test_credentials(self) -> None:
        credentials = sdk.Client().connection("zoom", user="ada").credentials(min_ttl=600)
        self.assertEqual(self.server.asked[0].query, {"min_ttl": "600", "user": "ada"})
        self.assertEqual(credentials.headers, {"Authorization": f"Bearer {credentials.access_token}"})
        self.assertEqual(
            (credentials.link_name, credentials.account, credentials.version), ("zoom", "ada@example.com", 1)
        )
        self.zoom.credentials()
        self.assertEqual(self.fetches, 2, "always asked")

    def test_access_token_is_kept(self) -> None:
        self.assertEqual(len({sdk.Client().connection("zoom").access_token() for _ in range(5)}), 1)
        self.assertEqual(self.fetches, 1)


class Paths(Case):
    def test_no_part_becomes_another(self) -> None:
        for path, expected in (
            ("/a b/ü", "a%20b/%C3%BC"),
            ("/a%20b/100%", "a%20b/100%25"),
            ("/a#b?c#d", "a%23b?c%23d"),
            ("/a\\..\\b", "a%5C..%5Cb"),
            ("/a\r\nb", "a%0D%0Ab"),
            ("//evil.example", "/evil.example"),
            ("/me/messages/$value(x)?$top=1&q='a'", "me/messages/$value(x)?$top=1&q='a'"),
            ("", ""),
        ):
            self.assertEqual(proxied("zoom", path, None), f"/api/v1/proxy/zoom/{expected}")

    def test_none_leaves_the_connection(self) -> None:
        zoom = sdk.Client().connection("zoom")
        for path in ("/../x", "/a/..", "/./x", "/%2e%2E/x", "/a/.%2e?x", "..", "../../connections/zoom/credentials"):
            with self.assertRaisesRegex(sdk.ConfigurationError, "would leave the API"):
                zoom.get(path)
        with self.assertRaisesRegex(sdk.ConfigurationError, "whole address"):
            zoom.get("HTTPS://api.zoom.us/users")
        for name in ("", ".", "..", None):
            with self.assertRaisesRegex(sdk.ConfigurationError, "link name"):
                sdk.Client().connection(name)  # type: ignore[arg-type]
        self.assertEqual(self.server.asked, [])
        self.assertEqual(proxied("a/../b", "/x", None), "/api/v1/proxy/a%2F..%2Fb/x")


class Lines(Case):
    def test_an_answer_that_comes_before_the_body_was_read(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve() -> None:
            line, _ = listener.accept()
            line.recv(65536)
            body = b'{"code": "too_large", "detail": "Too large."}'
            head = f"HTTP/1.1 413 No\r\ncontent-type: application/problem+json\r\ncontent-length: {len(body)}\r\n\r\n"
            line.sendall(head.encode() + body)
            line.shutdown(socket.SHUT_WR)
            time.sleep(0.05)
            line.close()

        threading.Thread(target=serve, daemon=True).start()
        client = sdk.Client(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with self.assertRaises(sdk.TooLarge):
            client.connection("zoom").post("/x", data=bytes(50_000_000))

    def test_a_line_serves_one_call_after_another(self) -> None:
        zoom = sdk.Client().connection("zoom")
        for _ in range(5):
            zoom.get("/x")
        self.assertEqual(self.server.lines, 1)

    def test_a_line_that_the_server_has_closed_is_not_used(self) -> None:
        zoom = sdk.Client().connection("zoom")
        for closing in (Reply(200, {}, {"connection": "close"}), Reply(200, {}, {}, hangs_up=True)):
            for _ in range(5):
                self.server.replies.append(closing)
                self.assertEqual(zoom.post("/x").status, 200)
                time.sleep(0.05)
                self.assertEqual(zoom.post("/x").status, 200)
        self.assertEqual((len(self.server.asked), self.server.lines), (20, 11))

    def test_threads_do_not_share_one(self) -> None:
        zoom = sdk.Client().connection("zoom")
        self.server.delay = 0.05
        seen: list[Any] = []

        def call(number: int) -> None:
            seen.append(zoom.post("/x", data=str(number)).json()["body"] == str(number))

        threads = [threading.Thread(target=call, args=(number,)) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(seen, [True] * 30)
