"""The cache file, shared by processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any

import connections_sdk as sdk
from case import CANARIES, Case, configuration, until
from connections_sdk import cache, lock
from connections_sdk.api import Api
from connections_sdk.configuration import parse
from connections_sdk.connector import Connector
from connections_sdk.settings import settings
from contract import KEY

try:
    import cryptography  # noqa: F401
except ImportError:
    raise unittest.SkipTest("install cryptography to test the cache file") from None

PROCESS = """
import json, sys
import connections_sdk
given = json.load(sys.stdin)
app = connections_sdk.initialize(given["url"], given["key"], cache_file=given["file"])
connector = app.connection({"C": given["configuration"]}).get_connector("C")
print(connector.get_access_token())
"""


class Files(Case):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "tokens")

    def fresh(self, name: str = "C", key: str = KEY, **changes: Any) -> Connector:
        """As a process that has just started has it: nothing in memory."""
        api = Api(settings(self.server.url, key, self.file))
        return Connector(api, parse(name, configuration(**changes)))

    def start(self) -> subprocess.Popen[str]:
        given = {"url": self.server.url, "key": KEY, "file": str(self.file), "configuration": configuration()}
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdin
        process.stdin.write(json.dumps(given))
        process.stdin.close()
        return process

    def printed(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout
        with process, process.stdout:
            return process.stdout.read().strip()


class Shared(Files):
    def test_processes_fetch_once(self) -> None:
        self.server.delay = 0.3
        processes = [self.start() for _ in range(4)]
        tokens = [self.printed(process) for process in processes]
        self.assertEqual(tokens, ["canary-token-connector_1-1"] * 4)
        self.assertEqual((self.server.count("PUT"), self.fetches), (1, 1))
        self.assertEqual(os.listdir(self.file.parent), [self.file.name], "no lock and no draft is left")

    def test_it_is_private_and_holds_no_secret_in_the_clear(self) -> None:
        self.fresh().get_access_token()
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        content = self.file.read_text()
        for secret in (KEY, *CANARIES.values(), "canary-token", "client", "provider.example"):
            self.assertNotIn(secret, content)

    def test_a_key_is_derived_once_and_a_nonce_serves_once(self) -> None:
        connector, entries = self.fresh(), []
        for _ in range(2):
            connector.get_access_token()
            connector.invalidate()
            entries.extend(json.loads(self.file.read_text())["entries"].values())
        one, other = entries
        self.assertEqual(one["salt"], other["salt"])
        self.assertNotEqual(one["nonce"], other["nonce"])

    def test_by_the_environment(self) -> None:
        os.environ["CONNECTIONS_CACHE_FILE"] = str(self.file)
        app = sdk.initialize()
        app.connection({"zoom": {"secret_key": "s"}, "C": configuration()})
        app.connection({"zoom": {}}).get_connector("zoom").get_access_token()
        sdk.Client().connection("zoom").access_token()
        self.assertFalse(self.file.exists(), "without a secret_key nothing is written")
        app.connection({"C": configuration()}).get_connector("C").get_access_token()
        self.assertTrue(self.file.exists())

    def test_a_renewal_by_one_process_serves_the_others(self) -> None:
        clock = self.clock()
        one, other = self.fresh(), self.fresh()
        first = one.get_access_token()
        self.assertEqual(other.get_access_token(), first)
        clock.now += 991
        second = one.get_access_token()
        self.assertEqual(other.get_access_token(), second)
        self.assertNotEqual(first, second)
        self.assertEqual(self.fetches, 2)

    def test_a_renewal_behind_does_not_take_the_old_token_for_a_new_one(self) -> None:
        clock = self.clock()
        connector = self.fresh()
        first = connector.get_access_token()
        clock.now += 801
        self.assertEqual(connector.get_access_token(), first)
        until("renewed", lambda: connector.get_access_token() != first)

    def test_an_old_token_of_the_file_serves_while_a_new_one_is_fetched(self) -> None:
        clock = self.clock()
        first = self.fresh().get_access_token()
        clock.now += 900
        self.assertEqual(self.fresh().get_access_token(), first)

    def test_an_invalidated_token_does_not_come_back_from_the_file(self) -> None:
        one, other = self.fresh(), self.fresh()
        first = one.get_access_token()
        one.invalidate()
        one.invalidate()
        second = one.get_access_token()
        self.assertNotEqual(first, second)
        self.assertEqual(self.fetches, 2)
        other.get_access_token()
        other.invalidate()
        self.assertEqual(self.fetches, 2)
        self.assertNotEqual(other.get_access_token(), second)

    def test_connectors_share_the_file(self) -> None:
        names = ["A", "B", "C"]
        threads = [threading.Thread(target=self.fresh(name).get_access_token) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.fetches, 3)
        for name in names:
            self.fresh(name).get_access_token()
        self.assertEqual(self.fetches, 3)

    def test_what_has_ended_is_left_out(self) -> None:
        self.server.expires_in = 0.5
        self.fresh("A").get_access_token()
        time.sleep(0.6)
        self.fresh("B").get_access_token()
        self.assertEqual(len(json.loads(self.file.read_text())["entries"]), 1)


class Foreign(Files):
    def test_another_key_name_configuration_or_server_finds_nothing(self) -> None:
        self.fresh().get_access_token()
        for changes in (
            {"name": "D"},
            {"refresh_token": "another"},
            {"client_secret": "another"},
            {"refresh_in": 5},
            {"secret_key": "another"},
        ):
            self.fresh().get_access_token()
            before = self.fetches
            self.fresh(**changes).get_access_token()
            self.assertEqual(self.fetches, before + 1, changes)
        with self.assertRaises(sdk.InvalidKey):
            self.fresh(key="cnx_another").get_access_token()
        api = Api(settings(self.server.url.replace("127.0.0.1", "localhost"), KEY, self.file))
        self.fresh().get_access_token()
        before = self.fetches
        Connector(api, parse("C", configuration())).get_access_token()
        self.assertEqual(self.fetches, before + 1)

    def test_an_entry_does_not_open_in_anothers_place(self) -> None:
        self.fresh("A").get_access_token()
        self.fresh("B").get_access_token()
        content = json.loads(self.file.read_text())
        one, other = content["entries"]
        content["entries"] = {one: content["entries"][other], other: content["entries"][one]}
        self.file.write_text(json.dumps(content))
        self.assertEqual(self.fresh("A").get_access_token(), "canary-token-connector_1-2")

    def test_whatever_cannot_be_read_counts_as_absent(self) -> None:
        self.fresh().get_access_token()
        good = json.loads(self.file.read_text())
        (id,) = good["entries"]
        entry = good["entries"][id]
        sealed = entry["sealed"]
        flipped = ("B" if sealed[0] == "A" else "A") + sealed[1:]
        entries: list[Any] = [
            {**entry, "sealed": flipped},
            {**entry, "sealed": sealed[:-8]},
            {**entry, "sealed": ""},
            {**entry, "salt": "AA=="},
            {**entry, "nonce": 7},
            {},
            None,
            "x",
        ]
        contents = [json.dumps({**good, "entries": {id: changed}}).encode() for changed in entries]
        contents += [b"", b"\x00\xff", b"[]", b"{}", b'{"format":"other","entries":{}}', b"[" * 100_000]
        contents += [json.dumps({**good, "entries": []}).encode(), json.dumps(good).encode() + b" " * (5 * 1024 * 1024)]
        for content in contents:
            self.file.write_bytes(content)
            before = self.fetches
            self.fresh().get_access_token()
            self.assertEqual(self.fetches, before + 1, content[:200])
            self.fresh().get_access_token()
            self.assertEqual(self.fetches, before + 1, "and is written anew")

    def test_a_file_that_cannot_be_written_is_told_and_breaks_nothing(self) -> None:
        self.file = self.file / "no folder" / "tokens"
        with self.assertLogs("connections_sdk", "WARNING") as logged:
            self.assertTrue(self.fresh().get_access_token())
        self.assertIn("cannot be written (No such file or directory)", logged.output[0])
        self.assertNotIn("canary", logged.output[0])


class Locks(Files):
    def setUp(self) -> None:
        super().setUp()
        self.path = f"{self.file}.lock"

    def test_one_at_a_time(self) -> None:
        inside: list[int] = []
        most: list[int] = []

        def work() -> None:
            with lock.lock(self.path):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.01)
                inside.pop()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(most, [1] * 8)
        self.assertFalse(os.path.exists(self.path))

    def test_the_lock_of_a_process_that_was_killed_is_broken(self) -> None:
        code = f"from connections_sdk.lock import lock\nimport os\nwith lock({self.path!r}): os._exit(0)"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)
        self.assertTrue(os.path.exists(self.path))
        began = time.monotonic()
        with lock.lock(self.path):
            self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(os.listdir(self.file.parent), [])

    def test_a_very_old_lock_is_broken_whoever_made_it(self) -> None:
        Path(self.path).write_text("1 elsewhere 00")
        long_ago = time.time() - lock.OLDEST - 5
        os.utime(self.path, (long_ago, long_ago))
        with lock.lock(self.path):
            self.assertIn(str(os.getpid()), Path(self.path).read_text())

    def test_whoever_has_waited_long_enough_goes_on_without_it(self) -> None:
        Path(self.path).write_text("1 elsewhere 00")
        with unittest.mock.patch.object(lock, "PATIENCE", 0.1), lock.lock(self.path):
            pass
        self.assertEqual(Path(self.path).read_text(), "1 elsewhere 00", "it stays its holder's")


class WithoutCipher(Files):
    def test_the_remedy_is_named(self) -> None:
        modules = {"cryptography": None, "cryptography.exceptions": None, "connections_sdk.seal": None}
        refused = self.assertRaisesRegex(sdk.ConfigurationError, r"Install connections-sdk\[cache\]")
        with unittest.mock.patch.dict(sys.modules, modules), refused:
            cache.of(settings(self.server.url, KEY, self.file), parse("C", configuration()))
