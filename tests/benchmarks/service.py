"""What a check costs, next to bare FastAPI: ``python -m tests.benchmarks.service`` prints the figures.

Each row is a server in a process of its own on this machine, with one worker (uvloop, httptools, no access log), asked
by a generator in another (``load``). In each round every row has its turn, on an empty database, and is compared with
bare FastAPI of the same round; the table has medians over the rounds.

- bare ...: see ``applications``.
- check, not recorded: all but the record, see ``applications``.
- check, SQLite and check, PostgreSQL: ``doublecheck serve`` with its default settings, but no quota is ever reached;
  ``POST /v1/checks``. Both databases flush each commit to the disk.
- cdist and a pipeline: what somebody would build instead, see ``fuzzy``; not recorded either.
- log entry: one durable log entry on SQLite and nothing else, see ``applications``.
- MLServer: a bare model call, see ``mlserver``. Only with ``--mlserver PYTHON``: an interpreter that has it, or of
  which an environment that has it is made.

Accounts: half are simulated around protected ones, of every family, half are strangers (``served.draw_reported``).

Each row is asked by 1, 16 and 64 connections at once, then by 16 at half of the rate that they reached. Last, four
times as many connections as checks may wait ask the service; those that are refused ask again at once. Processor time
is that of the server's and the generator's process over the time measured, and the server's for each request, which a
busy machine disturbs least; a database server's is in neither.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from classifier.storage.paths import DEFAULT_HOME
from service.settings import Settings
from tests.benchmarks import load, mlserver
from tests.benchmarks.applications import PATH
from tests.benchmarks.served import (
    Home,
    Server,
    application_command,
    durable_write,
    postgresql,
    prepared,
    running,
    service_command,
    sqlite,
)

CONNECTIONS = (1, 16, 64)
BASE = "bare"
OVERLOAD = 4 * Settings.model_fields["max_waiting"].default
# Row, title, application; None is the service itself.
ROWS: dict[str, tuple[str, str | None]] = {
    BASE: ("bare FastAPI", "bare"),
    "bare-dict": ("bare, body a dict", "bare-dict"),
    "bare-model": ("bare, answer encoded", "bare-model"),
    "unrecorded": ("check, not recorded", "unrecorded"),
    "sqlite": ("check, SQLite", None),
    "postgresql": ("check, PostgreSQL", None),
    "fuzzy": ("cdist and a pipeline", "fuzzy"),
    "log": ("log entry", "log"),
    "mlserver": ("MLServer, model only", None),
}
Asked = tuple[Server, Sequence[bytes]]
Start = Callable[[], AbstractContextManager[Asked]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one row measured in one round under one load, in the columns of the table."""

    rate: float
    p50: float
    p99: float
    server: float
    each: float
    generator: float
    failed: int


@dataclass(slots=True)
class Bench:
    """Runs rows and keeps what they measured, by row and load, a result for each round."""

    generator: Executor
    seconds: float
    results: defaultdict[tuple[str, str], list[Result]]
    overloads: defaultdict[str, list[load.Measured]]

    def row(self, name: str, start: Start) -> None:
        """Measure one row."""
        with start() as (server, requests):
            self._ask(load.closed, server, requests, 16, max(0.3, self.seconds / 5))  # to warm up
            for connections in CONNECTIONS:
                self._keep(name, f"{connections}", server, load.closed, requests, connections, self.seconds)
            half = self.results[name, "16"][-1].rate / 2
            self._keep(name, "half", server, load.steady, requests, 16, self.seconds, half)
            if ROWS[name][0].startswith("check, ") and name != "unrecorded":
                self.overloads[name].append(self._ask(load.closed, server, requests, OVERLOAD, self.seconds))

    def _keep(self, name: str, kind: str, server: Server, *call: Any) -> None:
        before = server.cpu()
        measured = self._ask(call[0], server, *call[1:])
        used = (server.cpu() - before) / measured.lasted
        failed = len(measured.statuses) - measured.count(200)
        p50, p99 = (measured.milliseconds(percentile) for percentile in (50, 99))
        each = used / measured.rate * 1e3
        result = Result(measured.rate, p50, p99, used, each, measured.cpu / measured.lasted, failed)
        self.results[name, kind].append(result)

    def _ask(self, call: Callable[..., load.Measured], server: Server, *rest: Any) -> load.Measured:
        return self.generator.submit(call, server.port, *rest).result()


def starts(home: Home, directory: Path, database: Callable[[], str] | None, python: Path | None) -> dict[str, Start]:
    """Return how to start the server of each row that can be run."""

    @contextmanager
    def ours(name: str) -> Iterator[Asked]:
        application = ROWS[name][1]
        url = database() if name == "postgresql" and database else sqlite(home)
        requests = home.requests(PATH if application else "/v1/checks", url)
        command = application_command(application) if application else service_command()
        environment = home.environment(url) | {"DOUBLECHECK_PORT": "0"}
        with running(command, environment, directory / f"{name}.log") as server:
            yield server, requests

    @contextmanager
    def theirs() -> Iterator[Asked]:
        assert python
        with mlserver.running(python, directory) as server:
            yield server, mlserver.requests()

    able: dict[str, Start] = {name: lambda name=name: ours(name) for name in ROWS}  # type: ignore[misc]
    able["mlserver"] = theirs
    missing = {"postgresql": database is None, "mlserver": python is None}
    return {name: start for name, start in able.items() if not missing.get(name)}


def table(bench: Bench) -> Iterator[str]:
    """Yield the table's lines: medians over the rounds."""
    yield (
        f"{'':21} {'connections':>12} {'req/s':>8} {'of bare':>8} {'p50 ms':>8} {'p99 ms':>8} {'p99/p50':>8} "
        f"{'x bare p50':>10} {'CPU server':>10} {'ms each':>8} {'generator':>10}"
    )
    for (name, kind), results in bench.results.items():
        base = bench.results.get((BASE, kind), results if name == BASE else [])
        ratio = _median([one.rate / other.rate for one, other in zip(results, base, strict=False)])
        slower = _median([one.p50 / other.p50 for one, other in zip(results, base, strict=False)])
        of_bare = f"{ratio:8.1%}" if kind != "half" else f"{'':8}"
        rate, p50, p99, server, each, generator, failed = (
            _median([getattr(one, field) for one in results]) for field in Result.__slots__
        )
        tail = _median([one.p99 / one.p50 for one in results])
        yield (
            f"{ROWS[name][0]:21} {'16, half load' if kind == 'half' else kind:>13}{rate:8,.0f} {of_bare} {p50:8.2f} "
            f"{p99:8.2f} {tail:8.1f} {slower:10.1f} {server:10.0%} {each:8.2f} {generator:10.0%}"
            + (f"  {failed:.0f} FAILED" if failed else "")
        )


def overloaded(bench: Bench) -> Iterator[str]:
    """Yield a line for each row that was asked too much."""
    for name, rounds in bench.overloads.items():
        answered, refused, slow, slow_503 = (
            _median([value(one) for one in rounds])
            for value in (
                lambda one: one.rate,
                lambda one: one.count(503) / one.lasted,
                lambda one: one.milliseconds(99),
                lambda one: one.milliseconds(99, 503),
            )
        )
        other = sum(len(one.statuses) - one.count(200) - one.count(503) for one in rounds)
        yield (
            f"{ROWS[name][0]:21} {OVERLOAD:,} connections: {answered:,.0f} answered a second, p99 {slow:,.0f} ms; "
            f"{refused:,.0f} refused (503) a second, p99 {slow_503:,.0f} ms; {other} of neither"
        )


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else float("nan")


def generator() -> ProcessPoolExecutor:
    """Return the process that asks."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def measure(asked: argparse.Namespace, directory: Path, stack: ExitStack) -> Bench:
    """Measure all rows that are asked for, in rounds."""
    home = prepared(directory, asked.home, asked.protected, asked.seed)
    named = [name for name in ROWS if not asked.only or name in asked.only or name == BASE]
    database = stack.enter_context(postgresql()) if "postgresql" in named else None
    able = starts(home, directory, database, python_of(asked, directory) if "mlserver" in named else None)
    bench = Bench(stack.enter_context(generator()), asked.seconds, defaultdict(list), defaultdict(list))
    turns = [name for name in named if name in able]
    for name in tqdm(turns * asked.rounds, unit="row", disable=None):
        bench.row(name, able[name])
    return bench


def python_of(asked: argparse.Namespace, directory: Path) -> Path | None:
    """Return the interpreter that has MLServer, or say why there is none."""
    if asked.mlserver is None:
        return None
    try:
        return mlserver.installed(asked.mlserver, directory)
    except mlserver.UnavailableError as error:
        print(f"{ROWS['mlserver'][0]}: cannot be installed: {error}")
        return None


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    made.add_argument("--rounds", type=int, default=3)
    made.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    made.add_argument("--seed", type=int, default=20_261_124)
    made.add_argument("--only", nargs="+", choices=ROWS, help="rows; bare FastAPI is always one")
    made.add_argument("--mlserver", metavar="PYTHON", help="an interpreter that has MLServer, or may be given it")
    made.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    asked = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        directory = Path(made)
        print(
            f"{os.cpu_count()} processors, a durable write of 4 KB takes {durable_write(directory):.2f} ms; "
            f"{asked.protected:,} protected accounts, {asked.rounds} rounds of {asked.seconds:g} s each",
            flush=True,
        )
        bench = measure(asked, directory, stack)
        for line in (*table(bench), *overloaded(bench)):
            print(line)


if __name__ == "__main__":
    main()
