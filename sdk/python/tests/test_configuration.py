"""What is given is checked at once, and an error names the key and the remedy."""

from __future__ import annotations

import os
from typing import Any
from unittest import mock

import connections_sdk
from case import CANARIES, Case, configuration
from connections_sdk import ConfigurationError
from connections_sdk.configuration import parse


class Keys(Case):
    def refused(self, given: Any, words: str) -> None:
        with self.assertRaisesRegex(ConfigurationError, words) as caught:
            self.app.connection({"C": given})
        self.assertEqual(caught.exception.code, "configuration")
        for secret in CANARIES.values():
            self.assertNotIn(secret, str(caught.exception))
        self.assertEqual(self.server.asked, [])

    def test_unknown(self) -> None:
        self.refused(configuration(refresh_tokn="x"), "unknown key `refresh_tokn`.+refresh_token")

    def test_missing(self) -> None:
        for key in ("client_id", "client_secret", "auth_url", "refresh_url", "refresh_token"):
            given = configuration()
            del given[key]
            self.refused(given, f"`C` lacks `{key}`. Give all of")
            self.refused(configuration(**{key: None}), f"`C` lacks `{key}`. Give all of")

    def test_no_text(self) -> None:
        for value in ("", "  ", 7, ["x"]):
            self.refused(configuration(client_id=value), "`client_id` of `C` is empty or not text")

    def test_no_seconds(self) -> None:
        for value in ("", "soon", 0, -1, "-1", 1.5, True, float("nan"), float("inf"), [], "99999999999"):
            self.refused(configuration(refresh_in=value), "`refresh_in` of `C` is not a number of seconds")

    def test_no_dictionary(self) -> None:
        self.refused("x", "`C` is not a dictionary")
        for given in ([], None):
            with self.assertRaises(ConfigurationError):
                self.app.connection(given)  # type: ignore[arg-type]

    def test_seconds_may_be_text(self) -> None:
        for value in (3300, "3300", " 3300 ", 3300.0):
            self.assertEqual(parse("C", configuration(expires_in=value)).expires_in, 3300)

    def test_what_the_server_is_told(self) -> None:
        self.connector(refresh_in="60", expires_in=3600).get_access_token()
        told = self.server.asked[0].json
        self.assertEqual((told["refresh_in"], told["expires_in"]), (60, 3600))
        self.assertNotIn("secret_key", told)
        for asked in self.server.asked:
            self.assertNotIn(CANARIES["secret_key"], f"{asked}", "it never leaves the process")

    def test_an_unknown_connector(self) -> None:
        connection = self.app.connection({"C": configuration(), "zoom": {}})
        with self.assertRaisesRegex(ConfigurationError, "No connector is named `D`. Configured here: `C`, `zoom`."):
            connection.get_connector("D")

    def test_the_fingerprint_is_the_one_of_the_other_language(self) -> None:
        made = parse('Zoho \u00fc\u2028"\\\n', configuration(refresh_in=5))
        expected = "b0b447674ad344e3e9333c467d331a7e7ffaf9a3ab41120820a67586f8f443bb"
        self.assertEqual(made.fingerprint("key"), expected)
        self.assertNotEqual(made.fingerprint("other key"), expected)


class Settings(Case):
    def test_missing(self) -> None:
        for variable, words in (
            ("CONNECTIONS_URL", "`url` is missing.+set CONNECTIONS_URL"),
            ("CONNECTIONS_KEY", "`key` is missing.+set CONNECTIONS_KEY"),
        ):
            for value in ("", "  "):
                with mock.patch.dict(os.environ, {variable: value}):
                    for begin in (connections_sdk.initialize, connections_sdk.Client):
                        with self.assertRaisesRegex(ConfigurationError, words):
                            begin()

    def test_addresses(self) -> None:
        for url in ("connect.example", "ftp://connect.example", "https://", "https://a.example:x", "https://ü.example"):
            with self.assertRaisesRegex(ConfigurationError, "not a full address"):
                connections_sdk.initialize(url)
        for url in ("https://me:secret@a.example", "https://a.example/?x=1", "https://a.example/#x"):
            with self.assertRaisesRegex(ConfigurationError, "more than a host and a path") as caught:
                connections_sdk.initialize(url)
            self.assertNotIn("secret", str(caught.exception))

    def test_a_key_that_was_copied_badly(self) -> None:
        with self.assertRaisesRegex(ConfigurationError, "characters that no function key has") as caught:
            connections_sdk.initialize(key="cnx_canary\r\nX: y")
        self.assertNotIn("canary", str(caught.exception))

    def test_a_line_break_at_the_end_and_a_slash_do_not_matter(self) -> None:
        with mock.patch.dict(os.environ, {"CONNECTIONS_KEY": os.environ["CONNECTIONS_KEY"] + "\n"}):
            app = connections_sdk.initialize(self.server.url + "/")
        app.connection({"zoom": {}}).get_connector("zoom").get_access_token()
        self.assertEqual(self.server.asked[0].path, "/api/v1/connections/zoom/credentials?min_ttl=60")

    def test_a_server_below_a_path(self) -> None:
        client = connections_sdk.Client(self.server.url + "/connect")
        with self.assertRaises(connections_sdk.ConnectionsError):
            client.connection("zoom").get("/me")
        self.assertEqual(self.server.asked[0].path, "/connect/api/v1/proxy/zoom/me")

    def test_no_timeout(self) -> None:
        for value in (0, -1, "5", True):
            with self.assertRaisesRegex(ConfigurationError, "`timeout`"):
                connections_sdk.Client(timeout=value)  # type: ignore[arg-type]
