"""What scoring an upload costs the checks beside it: ``python -m tests.benchmarks.uploads``.

Checks come one by one at a fixed rate, in turn while nothing else is done and while an upload is scored, and are
recorded in SQLite. Before that, a small upload tells the time from sending a file to its answers.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from classifier.storage.paths import DEFAULT_HOME
from service.auth.api_keys import Caller
from service.uploads.jobs import Job, Jobs
from service.utils.clock import utc_now
from tests.benchmarks import load
from tests.benchmarks.load import Measured
from tests.benchmarks.served import Home, prepared, running, service_command, sqlite
from tests.benchmarks.service import generator

CALLER = Caller("0" * 16, "benchmark", frozenset({"agent"}))
PATIENCE = 600.0


class Round(NamedTuple):
    """Checks while nothing else is done and while an upload is scored, and how many rows of it were each second."""

    quiet: Measured
    busy: Measured
    rate: float


class Bench(NamedTuple):
    """The seconds until a small upload was done, and the rounds."""

    seconds: float
    rounds: list[Round]


def measure(asked: argparse.Namespace, directory: Path, stack: ExitStack) -> Bench:
    """Run the service and return what was seen."""
    home = prepared(directory, asked.home, asked.protected, asked.seed)
    url = sqlite(home)
    requests = home.requests("/v1/checks", url)
    environment = home.environment(url) | {"DOUBLECHECK_PORT": "0"}
    server = stack.enter_context(running(service_command(), environment, directory / "service.log"))
    asks, jobs = stack.enter_context(generator()), Jobs(home.path)

    def checks() -> Measured:
        return asks.submit(load.steady, server.port, requests, 1, asked.seconds, asked.rate).result()

    began = time.perf_counter()
    small = _upload(jobs, home, asked.small)
    _until(lambda: jobs.state(small).name == "done", "is done")
    seconds = time.perf_counter() - began
    return Bench(seconds, [_round(jobs, home, asked.rows, checks) for _ in range(asked.rounds)])


def _round(jobs: Jobs, home: Home, rows: int, checks: Callable[[], Measured]) -> Round:
    quiet = checks()
    job = _upload(jobs, home, rows)
    _until(lambda: _scored(job) > 0, "begins")
    before, began = _scored(job), time.perf_counter()
    busy = checks()
    rate = (_scored(job) - before) / (time.perf_counter() - began)
    if job.has_ended():
        raise SystemExit("the upload was done too soon: give it more --rows")
    jobs.remove(job)
    _until(lambda: not jobs.turn(), "stops")
    return Round(quiet, busy, rate)


def _upload(jobs: Jobs, home: Home, rows: int) -> Job:
    accounts = [json.loads(body)["account"] for body in home.bodies]
    lines = (json.dumps(accounts[row % len(accounts)] | {"account_id": str(row)}) for row in range(rows))
    return jobs.add(io.BytesIO("\n".join(lines).encode()), "reports.jsonl", CALLER, at=utc_now())


def _scored(job: Job) -> int:
    return int((job.read("progress.json") or {"rows": 0})["rows"])


def _until(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"the upload never {what}")
        time.sleep(0.05)


def lines(bench: Bench, small: int) -> list[str]:
    """Return the result for people."""
    found = [f"{small:,} rows: {bench.seconds:.1f} s from upload to answers"]
    for number, one in enumerate(bench.rounds, start=1):
        times = (one.quiet.milliseconds(50), one.busy.milliseconds(50), one.quiet.milliseconds(99))
        found.append(
            f"round {number}: check p50 {times[0]:.2f} ms quiet, {times[1]:.2f} ms beside an upload; "
            f"p99 {times[2]:.2f}, {one.busy.milliseconds(99):.2f}; {one.rate:,.0f} rows a second"
        )
    ratio = np.median([one.busy.milliseconds(50) / one.quiet.milliseconds(50) for one in bench.rounds])
    return [*found, f"the median check takes {ratio:.2f} times as long beside an upload"]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0, help="that checks are asked, quiet and busy")
    parser.add_argument("--rate", type=float, default=20.0, help="checks a second")
    parser.add_argument("--rows", type=int, default=100_000, help="of the uploads beside checks")
    parser.add_argument("--small", type=int, default=2_000, help="rows of the small upload")
    parser.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    parser.add_argument("--seed", type=int, default=20_261_124)
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        print("\n".join(lines(measure(asked, Path(made), stack), asked.small)))


if __name__ == "__main__":
    main()
