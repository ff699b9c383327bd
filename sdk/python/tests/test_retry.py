"""What may be repeated is, within bounds; what may not be is not."""

from __future__ import annotations

import time
from unittest import mock

import connections_sdk as sdk
from case import Case
from connections_sdk import retry
from contract import Reply, refusal


class Retries(Case):
    def test_trouble_that_passes_is_not_seen(self) -> None:
        self.impatient()
        for trouble in (
            Reply(None),
            refusal(503, "unavailable"),
            refusal(503, "provider_unavailable", retry_after="0"),
            refusal(429, "rate_limited", retry_after="0"),
            Reply(502, b"bad gateway"),
        ):
            self.server.asked.clear()
            self.server.replies.extend([trouble, trouble])
            self.assertTrue(self.connector(refresh_token=f"r{id(trouble)}").get_access_token())
            self.assertEqual((self.server.count("PUT"), self.fetches), (3, 1), trouble)
            self.server.asked.clear()
            self.server.replies.extend([trouble, trouble])
            self.assertTrue(sdk.Client().connection("zoom").credentials().access_token)
            self.assertEqual(self.fetches, 3, trouble)

    def test_three_tries_and_no_more(self) -> None:
        self.impatient()
        self.server.replies.extend([Reply(None)] * 9)
        with self.assertRaises(sdk.NetworkError):
            sdk.Client().connection("zoom").credentials()
        self.assertEqual(self.fetches, 3)

    def test_retry_after_is_kept(self) -> None:
        self.server.replies.append(refusal(429, "rate_limited", retry_after="1"))
        began = time.monotonic()
        sdk.Client().connection("zoom").credentials()
        self.assertTrue(1 <= time.monotonic() - began < 3)

    def test_a_long_wait_is_the_callers_own_matter(self) -> None:
        self.server.replies.append(refusal(503, "provider_unavailable", retry_after="30"))
        began = time.monotonic()
        with self.assertRaises(sdk.ProviderUnavailable) as caught:
            sdk.Client().connection("zoom").credentials()
        self.assertEqual((self.fetches, caught.exception.retry_after), (1, 30))
        self.assertLess(time.monotonic() - began, 2)

    def test_no_try_begins_when_the_time_is_over(self) -> None:
        self.server.replies.extend([Reply(None)] * 9)
        with mock.patch.object(retry, "BUDGET", 0.0), self.assertRaises(sdk.NetworkError):
            sdk.Client().connection("zoom").credentials()
        self.assertEqual(self.fetches, 1)

    def test_refusals_are_not_tried_again(self) -> None:
        for status, code in ((401, "invalid_key"), (424, "revoked"), (502, "provider_error"), (422, "invalid")):
            self.server.asked.clear()
            self.server.replies.append(refusal(status, code))
            with self.assertRaises(sdk.ConnectionsError):
                sdk.Client().connection("zoom").credentials()
            self.assertEqual(self.fetches, 1, code)

    def test_calls_are_never_repeated(self) -> None:
        client = sdk.Client()
        for trouble in (Reply(None), refusal(503, "unavailable", retry_after="0"), refusal(429, "rate_limited")):
            for call in (
                lambda: client.connection("zoom").get("/me"),
                lambda: client.connection("zoom").put("/me", json={}),
                lambda: client.invoke({"connection": "zoom"}),
            ):
                self.server.asked.clear()
                self.server.replies.append(trouble)
                with self.assertRaises(sdk.ConnectionsError):
                    call()
                self.assertEqual(len(self.server.asked), 1)
                self.server.replies.clear()
