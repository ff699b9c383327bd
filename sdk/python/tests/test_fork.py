"""A child process begins with what it may have."""

from __future__ import annotations

import os
import unittest

import connections_sdk as sdk
from case import Case, until


@unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
class Fork(Case):
    def in_child(self, code: str, **names: object) -> None:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                exec(code, names)
                status = 0
            finally:
                os._exit(status)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

    def test_a_child_waits_for_no_fetch_of_its_parent(self) -> None:
        self.server.delay = 0.5
        connector = self.app.connection({"zoom": {}}).get_connector("zoom")
        with connector._lock:
            flight = connector._launched(connector._token)
            until("under way", lambda: self.fetches == 1)
            self.in_child("assert connector.get_access_token()", connector=connector)
        flight.result()
        self.assertEqual(self.fetches, 2)

    def test_a_child_opens_lines_of_its_own(self) -> None:
        zoom = sdk.Client().connection("zoom")
        zoom.get("/x")
        self.in_child("assert zoom.get('/x').ok", zoom=zoom)
        zoom.get("/x")
        self.assertEqual(self.server.lines, 2)
