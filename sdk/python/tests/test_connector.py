"""An access token, always at hand."""

from __future__ import annotations

import threading
from typing import Any

import connections_sdk
from case import Case, configuration, until
from connections_sdk import NeedsReauthorization, UnknownConnection
from connections_sdk import connector as module
from contract import Reply, refusal


class Parallel(Case):
    def test_a_hundred_callers_cause_one_fetch(self) -> None:
        self.server.delay = 0.1
        barrier = threading.Barrier(100)
        tokens: list[str] = []

        def call() -> None:
            # Each names the connector itself, as each invocation of a function does.
            connector = connections_sdk.initialize().connection({"C": configuration()}).get_connector("C")
            barrier.wait()
            tokens.append(connector.get_access_token())

        threads = [threading.Thread(target=call) for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(tokens, ["canary-token-connector_1-1"] * 100)
        self.assertEqual((self.server.count("PUT"), self.fetches), (1, 1))

    def test_all_waiting_callers_get_the_error_and_the_next_one_tries_again(self) -> None:
        self.server.delay = 0.1
        self.server.replies.append(refusal(424, "not_connected"))
        connector = self.app.connection({"zoom": {}}).get_connector("zoom")
        errors: list[BaseException] = []

        def call() -> None:
            try:
                connector.get_access_token()
            except connections_sdk.NotConnected as error:
                errors.append(error)

        threads = [threading.Thread(target=call) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(errors), self.fetches), (10, 1))
        self.assertEqual(connector.get_access_token(), "canary-token-zoom-1")


class Renewal(Case):
    def test_cached_then_renewed_behind_then_fetched(self) -> None:
        clock = self.clock()
        connector = self.connector()
        first = connector.get_access_token()
        clock.now += 799
        self.assertEqual(connector.get_access_token(), first)
        self.assertEqual(self.fetches, 1, "fresh for four fifths of its life")
        self.server.delay = 0.05
        clock.now += 2
        self.assertEqual([connector.get_access_token() for _ in range(20)], [first] * 20, "nobody waits")
        until("renewed", lambda: connector.get_access_token() != first)
        self.assertEqual(self.fetches, 2, "one fetch behind")
        clock.now += 991
        self.assertEqual(connector.get_access_token(), "canary-token-connector_1-3", "ended, so it is waited for")
        self.assertEqual(self.server.count("PUT"), 1, "registered once")

    def test_refresh_in_comes_before_the_end(self) -> None:
        clock = self.clock()
        connector = self.connector(refresh_in="100")
        first = connector.get_access_token()
        clock.now += 99
        self.assertEqual(connector.get_access_token(), first)
        self.assertEqual(self.fetches, 1)
        clock.now += 2
        self.assertEqual(connector.get_access_token(), first)
        until("renewed", lambda: connector.get_access_token() != first)

    def test_expires_in_serves_where_the_provider_names_no_end(self) -> None:
        clock = self.clock()
        self.server.expires_in = None
        connector = self.connector(expires_in=50)
        first = connector.get_access_token()
        clock.now += 46
        self.assertNotEqual(connector.get_access_token(), first)

    def test_a_failing_renewal_breaks_nobody_and_is_not_repeated_at_once(self) -> None:
        clock = self.clock()
        connector = self.connector()
        first = connector.get_access_token()
        self.server.replies.extend([refusal(424, "needs_reauthorization")] * 2)
        clock.now += 801
        self.assertEqual(connector.get_access_token(), first)
        until("failed", lambda: connector._token.renew_at > clock.now)
        self.assertEqual([connector.get_access_token() for _ in range(10)], [first] * 10)
        self.assertEqual(self.fetches, 2)
        clock.now += module.PAUSE * 1.2 + 1
        self.assertEqual(connector.get_access_token(), first)
        until("tried again", lambda: self.fetches == 3 and connector._token.renew_at > clock.now)
        self.server.replies.append(refusal(424, "needs_reauthorization"))
        clock.now += 190
        with self.assertRaises(NeedsReauthorization):
            connector.get_access_token()
        self.assertNotEqual(connector.get_access_token(), first, "the server has come back")

    def test_a_clock_that_was_set_back_makes_a_token_unknown(self) -> None:
        clock = self.clock()
        connector = self.connector()
        connector.get_access_token()
        clock.now -= 3600
        connector.get_access_token()
        self.assertEqual(self.fetches, 2)


class Invalidate(Case):
    def test_the_next_call_fetches(self) -> None:
        connector = self.connector()
        first = connector.get_access_token()
        connector.invalidate()
        self.assertNotEqual(connector.get_access_token(), first)
        self.assertEqual((self.server.count("PUT"), self.fetches), (1, 2))

    def test_many_callers_who_were_refused_cause_one_fetch(self) -> None:
        connector = self.connector()
        first = connector.get_access_token()
        connector.invalidate("another token")
        self.assertEqual(connector.get_access_token(), first)
        for _ in range(10):
            connector.invalidate(first)
            self.assertNotEqual(connector.get_access_token(), first)
        self.assertEqual(self.fetches, 2)

    def test_a_fetch_from_before_is_not_kept(self) -> None:
        connector = self.connector()
        self.server.delay = 0.2
        early: list[str] = []
        thread = threading.Thread(target=lambda: early.append(connector.get_access_token()))
        thread.start()
        until("under way", lambda: self.fetches == 1)
        self.server.delay = 0
        connector.invalidate()
        late = connector.get_access_token()
        thread.join()
        self.assertNotEqual(early, [late])
        self.assertEqual(connector.get_access_token(), late)


class Apart(Case):
    def test_two_users_under_one_name_never_mix(self) -> None:
        users = [self.connector(refresh_token=f"refresh-{user}") for user in ("ada", "grace")]
        tokens = [user.get_access_token() for user in users]
        self.assertEqual(tokens, ["canary-token-connector_1-1", "canary-token-connector_2-1"])
        self.assertEqual([user.get_access_token() for user in users], tokens)
        again = self.connector(refresh_token="refresh-ada")
        self.assertEqual(again.get_access_token(), tokens[0])
        self.assertEqual((self.server.count("PUT"), self.fetches), (2, 2))

    def test_two_keys_never_mix(self) -> None:
        self.app.connection({"zoom": {}}).get_connector("zoom").get_access_token()
        other = connections_sdk.initialize(key="cnx_other").connection({"zoom": {}}).get_connector("zoom")
        with self.assertRaises(connections_sdk.InvalidKey):
            other.get_access_token()

    def test_two_login_users_never_mix(self) -> None:
        client = connections_sdk.Client()
        tokens = [client.connection("zoom", user=user).access_token() for user in ("ada", "grace", "ada")]
        self.assertEqual(tokens[0], tokens[2])
        self.assertNotEqual(tokens[0], tokens[1])
        self.assertEqual([asked.query.get("user") for asked in self.server.asked], ["ada", "grace"])


class Registration(Case):
    def test_a_connection_that_was_deleted_is_made_anew(self) -> None:
        connector = self.connector()
        connector.get_access_token()
        self.server.connectors.clear()
        self.server.known.clear()
        connector.invalidate()
        connector.get_access_token()
        self.assertEqual(self.server.count("PUT"), 2)

    def test_an_unknown_link_name_is_told(self) -> None:
        with self.assertRaises(UnknownConnection):
            self.app.connection({"nowhere": {}}).get_connector("nowhere").get_access_token()
        self.assertEqual(self.fetches, 1)

    def test_a_name_is_one_segment(self) -> None:
        self.connector("Zoho CRM/über?").get_access_token()
        self.assertEqual(self.server.asked[0].path, "/api/v1/connectors/Zoho%20CRM%2F%C3%BCber%3F")

    def test_a_service_without_tokens_is_told(self) -> None:
        self.server.replies.append(Reply(200, {"link_name": "zoom", "headers": {"x-api-key": "v"}}))
        with self.assertRaises(connections_sdk.ConnectionsError) as caught:
            self.app.connection({"zoom": {}}).get_connector("zoom").get_access_token()
        self.assertEqual(caught.exception.code, "no_access_token")

    def test_an_answer_that_is_none_of_ours(self) -> None:
        answers: list[Any] = [b"<html>canary-token</html>", [1], {"link_name": 7}]
        for body in answers:
            self.server.replies.append(Reply(200, body))
            with self.subTest(body=body), self.assertRaises(connections_sdk.ConnectionsError) as caught:
                self.connector().get_access_token()
            self.assertEqual(caught.exception.code, "unexpected_answer")
            self.assertNotIn("canary", repr(caught.exception.__context__) + str(caught.exception))
