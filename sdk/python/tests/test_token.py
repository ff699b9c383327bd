"""Times of a token."""

from __future__ import annotations

import unittest

from connections_sdk.token import NONE, issued


class Times(unittest.TestCase):
    def test_renewed_at_four_fifths_and_ended_a_little_early(self) -> None:
        for life, renew_at, ends_at in ((3600, 2880, 3590), (60, 48, 54), (4, 3.2, 3.6), (0, 0, 0), (-5, 0, 0)):
            token = issued("t", 1000, life, None)
            self.assertAlmostEqual(token.renew_at, 1000 + renew_at)
            self.assertAlmostEqual(token.ends_at, 1000 + ends_at)

    def test_refresh_in_is_never_later_than_the_end(self) -> None:
        self.assertEqual(issued("t", 0, 3600, 60).renew_at, 60)
        self.assertEqual(issued("t", 0, 3600, 9999).renew_at, 3590)

    def test_an_unknown_life_is_an_hour(self) -> None:
        self.assertEqual(issued("t", 0, None, None).ends_at, 3590)

    def test_fresh_alive_ended(self) -> None:
        token = issued("t", 1000, 100, None)
        times = (999, 1000, 1079, 1081, 1089, 1091)
        self.assertEqual([token.is_fresh(now) for now in times], [False, True, True, False, False, False])
        self.assertEqual([token.is_alive(now) for now in times], [False, True, True, True, True, False])
        self.assertFalse(NONE.is_fresh(0) or NONE.is_alive(0) or NONE.renewed_at(9e9).is_alive(1e9))

    def test_it_does_not_print(self) -> None:
        self.assertNotIn("canary", repr(issued("canary", 0, 1, None)))
