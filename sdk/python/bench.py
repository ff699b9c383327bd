"""How long a cached access token takes: ``PYTHONPATH=src python bench.py``. Prints JSON, in microseconds a call."""

from __future__ import annotations

import json
import platform
import statistics
import sys
import timeit
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tests"))

import connections_sdk
from contract import KEY, Server

SAMPLES = 25
CALLS = 100_000


def main() -> None:
    server = Server()
    connector = connections_sdk.initialize(server.url, KEY).connection({"zoom": {}}).get_connector("zoom")
    connector.get_access_token()
    times = timeit.repeat(connector.get_access_token, repeat=SAMPLES, number=CALLS)
    server.stop()
    each = sorted(time / CALLS * 1e6 for time in times)
    low, _, high = statistics.quantiles(each, n=4)
    figures = {"median": statistics.median(each), "quartiles": [low, high], "min": each[0], "max": each[-1]}
    print(
        json.dumps(
            {
                "what": "cached get_access_token()",
                "unit": "microseconds",
                **{name: _rounded(value) for name, value in figures.items()},
                "samples": SAMPLES,
                "calls_a_sample": CALLS,
                "runtime": f"Python {platform.python_version()}",
            }
        )
    )


def _rounded(value: float | list[float]) -> float | list[float]:
    return [round(one, 4) for one in value] if isinstance(value, list) else round(value, 4)


if __name__ == "__main__":
    main()
