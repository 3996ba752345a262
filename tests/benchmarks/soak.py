"""The service for an hour at half of the load it can bear: ``python -m tests.benchmarks.soak --minutes 60``.

First 16 connections ask as fast as they are answered, which tells the most it can do; then requests come at half of
that rate. A line a minute has the server's resident memory, the times of the answers and the size of the database; the
end says how memory grew over the second half and how the last quarter differs from the first.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sqlalchemy import text

from classifier.storage.paths import DEFAULT_HOME
from service.records.database import open_database
from tests.benchmarks import load
from tests.benchmarks.served import postgresql, prepared, running, service_command, sqlite
from tests.benchmarks.service import generator

# Seconds that the most it can do is looked for, and the connections that ask.
TRIED, CONNECTIONS = 10.0, 16


class Minute(NamedTuple):
    """What was seen in a minute, or in what was asked for in place of one."""

    resident: float
    p50: float
    p99: float
    size: float
    failed: int


def soak(asked: argparse.Namespace, directory: Path, stack: ExitStack) -> list[Minute]:
    """Run the service and return what was seen."""
    home = prepared(directory, asked.home, asked.protected, asked.seed)
    made = stack.enter_context(postgresql()) if asked.database == "postgresql" else lambda: sqlite(home)
    if made is None:
        raise SystemExit("PostgreSQL is not installed: pip install -e '.[dev]'")
    url = made()
    requests = home.requests("/v1/checks", url)
    environment = home.environment(url) | {"DOUBLECHECK_PORT": "0"}
    server = stack.enter_context(running(service_command(), environment, directory / "service.log"))
    asks = stack.enter_context(generator())
    tried = asks.submit(load.closed, server.port, requests, CONNECTIONS, min(TRIED, asked.seconds)).result()
    print(f"at most {tried.rate:,.0f} checks a second; half of that from now on", flush=True)
    print(f"{'minute':>6} {'RSS MB':>8} {'p50 ms':>8} {'p99 ms':>8} {'database MB':>12} {'failed':>7}", flush=True)
    seen = []
    for number in range(asked.minutes):
        measured = asks.submit(load.steady, server.port, requests, CONNECTIONS, asked.seconds, tried.rate / 2).result()
        failed = len(measured.statuses) - measured.count(200)
        p50, p99 = (measured.milliseconds(percentile) for percentile in (50, 99))
        seen.append(Minute(server.resident(), p50, p99, size_of(url), failed))
        one = seen[-1]
        print(
            f"{number + 1:6} {one.resident:8.1f} {one.p50:8.2f} {one.p99:8.2f} {one.size:12.1f} {one.failed:7}",
            flush=True,
        )
    return seen


def size_of(url: str) -> float:
    """Return the size of a database in MB, SQLite's with its write-ahead log."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*")) / 1e6
    engine = open_database(url)
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    return float(size) / 1e6


def summary(seen: Sequence[Minute], seconds: float) -> str:
    """Say how memory grew over the second half, and the last quarter's medians over the first's."""
    half, quarter = len(seen) // 2, max(1, len(seen) // 4)
    later = [one.resident for one in seen[half:]]
    slope = float(np.polyfit(np.arange(len(later)), later, 1)[0]) * 3600 / seconds if len(later) > 1 else float("nan")
    memory, p50, p99 = (
        np.median([getattr(one, name) for one in seen[-quarter:]])
        / np.median([getattr(one, name) for one in seen[:quarter]])
        for name in ("resident", "p50", "p99")
    )
    return (
        f"memory over the second half: {round(slope, 1) + 0.0:+.1f} MB an hour; the last quarter over the first: "
        f"memory {memory:.3f}, p50 {p50:.2f}, p99 {p99:.2f}; {sum(one.failed for one in seen)} requests failed"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0, help="in a minute: fewer to try it out")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    parser.add_argument("--seed", type=int, default=20_261_124)
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        print(summary(soak(asked, Path(made), stack), asked.seconds))


if __name__ == "__main__":
    main()
