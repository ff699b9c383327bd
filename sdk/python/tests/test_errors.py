"""What the server refuses, in classes and words; and no secret anywhere."""

from __future__ import annotations

import io
import json
import pickle
import traceback
from contextlib import redirect_stderr
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import connections_sdk as sdk
from case import CANARIES, Case, configuration
from contract import KEY, Reply, refusal

CLASSES = {
    "invalid_key": sdk.InvalidKey,
    "forbidden_for_key": sdk.Forbidden,
    "host_not_allowed": sdk.Forbidden,
    "not_permitted": sdk.Forbidden,
    "unknown_connection": sdk.UnknownConnection,
    "needs_reauthorization": sdk.NeedsReauthorization,
    "not_connected": sdk.NotConnected,
    "disabled": sdk.Disabled,
    "revoked": sdk.Revoked,
    "rate_limited": sdk.RateLimited,
    "provider_error": sdk.ProviderError,
    "provider_unavailable": sdk.ProviderUnavailable,
    "invalid": sdk.Invalid,
    "too_large": sdk.TooLarge,
    "answer_too_large": sdk.TooLarge,
    "unavailable": sdk.Unavailable,
    "scope_missing": sdk.ConnectionsError,
}


class Problems(Case):
    def caught(self, reply: Reply) -> sdk.ConnectionsError:
        self.server.replies.append(reply)
        with self.assertRaises(sdk.ConnectionsError) as caught:
            sdk.Client().connection("zoom").get("/me")
        return caught.exception

    def test_each_code_has_its_class(self) -> None:
        for code, kind in CLASSES.items():
            error = self.caught(refusal(424, code))
            self.assertIs(type(error), kind, code)
            self.assertEqual((error.code, error.status, error.detail), (code, 424, f"About {code}."))
            self.assertIsNone(error.connect_url)
            self.assertIsNone(error.retry_after)

    def test_the_page_that_mends_it_is_in_the_message(self) -> None:
        link = "https://connect.example/setup/connections/zoom"
        error = self.caught(refusal(424, "needs_reauthorization", connect_url=link))
        self.assertEqual(error.connect_url, link)
        self.assertEqual(str(error), f"About needs_reauthorization. Its page: {link}")

    def test_wrong_fields_are_in_the_message(self) -> None:
        errors = [{"field": "url", "message": "Type the full URL."}]
        error = self.caught(refusal(422, "invalid", errors=errors))
        self.assertEqual(error.errors, errors)
        self.assertEqual(str(error), "About invalid. url: Type the full URL.")

    def test_retry_after(self) -> None:
        soon = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=60), usegmt=True)
        past = "Wed, 21 Oct 2015 07:28:00 GMT"
        for text, least, most in (("7", 7, 7), (soon, 50, 60), (past, 0, 0)):
            error = self.caught(refusal(429, "rate_limited", retry_after=text))
            self.assertTrue(least <= (error.retry_after or 0.0) <= most, (text, error.retry_after))
        self.assertIsNone(self.caught(refusal(429, "rate_limited", retry_after="soon")).retry_after)

    def test_answers_of_others(self) -> None:
        for status, kind, words in (
            (503, sdk.Unavailable, "not available"),
            (502, sdk.Unavailable, "not available"),
            (429, sdk.RateLimited, "too many"),
            (404, sdk.ConnectionsError, "Check CONNECTIONS_URL"),
            (500, sdk.ConnectionsError, "Check CONNECTIONS_URL"),
        ):
            for content_type, body in (("text/html", b"<h1>no</h1>"), ("application/problem+json", b"[1")):
                error = self.caught(Reply(status, body, {"content-type": content_type}))
                self.assertIs(type(error), kind)
                self.assertRegex(str(error), words)

    def test_a_redirect_is_told_and_not_followed(self) -> None:
        error = self.caught(Reply(301, b"", {"location": f"{self.server.url}/elsewhere"}))
        self.assertIn(f"redirects to {self.server.url}/elsewhere", str(error))
        self.assertEqual(len(self.server.asked), 1)

    def test_an_error_survives_its_way_to_another_process(self) -> None:
        error = self.caught(refusal(424, "revoked", connect_url="https://x.example", retry_after="3"))
        other = pickle.loads(pickle.dumps(error))
        self.assertIs(type(other), sdk.Revoked)
        self.assertEqual((str(other), other.connect_url, other.retry_after), (str(error), "https://x.example", 3.0))


class Network(Case):
    def test_nobody_listens(self) -> None:
        self.server.stop()
        with self.assertRaisesRegex(
            sdk.NetworkError, f"{self.server.url} gave no answer .Connection refused"
        ) as caught:
            sdk.Client().connection("zoom").post("/me")
        self.assertEqual((caught.exception.code, caught.exception.status), ("network", None))

    def test_the_line_is_cut(self) -> None:
        self.server.replies.append(Reply(None))
        with self.assertRaisesRegex(sdk.NetworkError, "gave no answer"):
            sdk.Client().connection("zoom").post("/me")

    def test_no_answer_in_time(self) -> None:
        self.server.delay = 1.0
        for client, call in ((sdk.Client(timeout=0.05), {}), (sdk.Client(), {"timeout": 0.05})):
            with self.assertRaisesRegex(sdk.NetworkError, "timed out"):
                client.connection("zoom").get("/me", **call)


class Silence(Case):
    """Whatever can be printed is looked through for everything that is secret."""

    def assert_silent(self, *things: Any) -> None:
        secrets = [KEY, *CANARIES.values(), "canary-token"]
        for thing in things:
            told = [repr(thing), str(thing), json.dumps(thing, default=_members)]
            if isinstance(thing, BaseException):
                told.append("".join(traceback.format_exception(type(thing), thing, thing.__traceback__)))
            for secret in secrets:
                self.assertNotIn(secret, " ".join(told), type(thing))

    def test_of_what_works(self) -> None:
        connection = self.app.connection({"C": configuration()})
        connector = connection.get_connector("C")
        connector.get_access_token()
        client = sdk.Client()
        linked = client.connection("zoom")
        self.assert_silent(self.app, connection, connector, client, linked)
        credentials = linked.credentials()
        self.assertIn("canary-token", credentials.access_token or "")
        self.assertNotIn("canary", f"{credentials!r} {credentials}")
        self.assertNotIn("canary", repr(linked.get("/me")))

    def test_of_errors(self) -> None:
        self.impatient()
        # A provider's own words may repeat what it was sent.
        words = f"No: {KEY} {' '.join(CANARIES.values())}"
        errors = [{"field": words, "message": words}]
        for code in CLASSES:
            self.server.replies.append(refusal(400, code, detail=words, errors=errors, connect_url=f"https://x/{KEY}"))
            # What is tried again meets the same answer.
            self.server.replies.extend([self.server.replies[-1]] * 2)
            with self.assertRaises(sdk.ConnectionsError) as caught:
                self.connector().get_access_token()
            self.assertIn("***", str(caught.exception))
            self.assert_silent(caught.exception)
            self.server.replies.clear()

    def test_of_network_errors(self) -> None:
        self.server.stop()
        with self.assertRaises(sdk.NetworkError) as caught:
            sdk.Client().invoke({"connection": "zoom"})
        self.assert_silent(caught.exception)

    def test_of_the_standard_streams(self) -> None:
        stream = io.StringIO()
        with redirect_stderr(stream):
            self.connector().get_access_token()
        self.assertEqual(stream.getvalue(), "")


def _members(thing: Any) -> Any:
    """What a generous serializer would find: public names and plain members."""
    found = {name: getattr(thing, name, None) for name in dir(thing) if not name.startswith("_")}
    return {
        name: value if isinstance(value, (str, int, float, list, dict)) else repr(value)
        for name, value in found.items()
    }
