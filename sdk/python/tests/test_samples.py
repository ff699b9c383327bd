"""The documented ways in, as they are written."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import connections_sdk
from case import Case


class Samples(Case):
    def test_a_connector_by_its_configuration(self) -> None:
        app = connections_sdk.initialize()
        connector = app.connection(
            {
                "ConnectorName": {
                    "client_id": "add_client_id",
                    "client_secret": "add_client_secret",
                    "auth_url": "add_auth_url",
                    "refresh_url": "add_refresh_url",
                    "refresh_token": "add_refresh_token",
                }
            }
        ).get_connector("ConnectorName")
        access_token = connector.get_access_token()

        self.assertEqual(access_token, "canary-token-connector_1-1")
        register, ask = self.server.asked
        self.assertEqual((register.method, register.path), ("PUT", "/api/v1/connectors/ConnectorName"))
        self.assertEqual(
            register.json,
            {
                "client_id": "add_client_id",
                "client_secret": "add_client_secret",
                "auth_url": "add_auth_url",
                "refresh_url": "add_refresh_url",
                "refresh_token": "add_refresh_token",
            },
        )
        self.assertEqual((ask.method, ask.path), ("GET", "/api/v1/connections/connector_1/credentials?min_ttl=60"))

    def test_a_connector_by_link_name(self) -> None:
        connector = connections_sdk.initialize().connection({"zoom": {}}).get_connector("zoom")
        self.assertEqual(connector.get_access_token(), "canary-token-zoom-1")
        self.assertEqual(self.server.count("PUT"), 0)

    def test_the_direct_way(self) -> None:
        answer = connections_sdk.Client().connection("zoom").get("/users/me").raise_for_status()
        self.assertEqual(answer.json()["path"], "/api/v1/proxy/zoom/users/me")

    def test_what_the_readme_shows(self) -> None:
        readme = Path(__file__).parent.parent / "README.md"
        code = "".join(re.findall(r"```python\n(.+?)```", readme.read_text(encoding="utf-8"), re.DOTALL))
        with redirect_stdout(StringIO()):
            exec(code, {})
        asked = [f"{asked.method} {asked.path.partition('?')[0][8:]}" for asked in self.server.asked]
        self.assertEqual(
            asked,
            [
                "GET connections/zoom/credentials",
                "PUT connectors/ConnectorName",
                "GET connections/connector_1/credentials",
                "GET proxy/zoom/users/me",
                "POST proxy/zoom/users/me/meetings",
            ],
        )
