"""The service for an hour at half of the load it can bear: ``python -m tests.benchmarks.soak --minutes 60``.

First 16 connections ask for checks as fast as they are answered, which tells the most it can do; then requests of all
kinds (``mix``) come at half of that rate, or at ``--rate``. A line every five minutes has the memory of each process of
the service (resident, and without what it maps from files), its open files and threads, the size of the database, the
times of the answers, and how many were no answer (5xx or none) or a refusal (4xx). The end says how memory grew over
the last two thirds, and whether that is flat. Uploads are scored by processes of their own, which are not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
from sqlalchemy import text

from classifier.storage.paths import DEFAULT_HOME
from service.records.database import open_database
from tests.benchmarks import load
from tests.benchmarks.mix import REVIEWERS, Answered, Mix
from tests.benchmarks.served import Home, Server, postgresql, prepared, running, service_command, sqlite
from tests.benchmarks.service import generator

# Seconds that the most it can do is looked for, and the connections that ask.
TRIED, CONNECTIONS = 10.0, 16
# Seconds between two looks at the processes.
SAMPLED = 10.0
# Memory that grows by less than this share of itself in an hour is called flat. This project's choice: at that pace it
# doubles within a day and a half at the earliest, and what caches and the registry's changes take is less than that.
FLAT = 0.02
_UNITS = 1024 * 1024


class Sample(NamedTuple):
    """What the processes of the service hold, each in order, at some second."""

    second: float
    resident: tuple[float, ...]
    anonymous: tuple[float, ...]
    files: int
    threads: int


class Part(NamedTuple):
    """Some minutes: their last sample, the answers' times, the database's size, and what was no answer or refused."""

    sample: Sample
    requests: int
    p50: float
    p99: float
    size: float
    failed: int
    refused: int


class Slope(NamedTuple):
    """MB an hour by which memory grew, the standard error of that, and where it began."""

    slope: float
    error: float
    began: float

    @property
    def is_flat(self) -> bool:
        """Tell whether memory grew by less than ``FLAT`` of itself in an hour, or no more than chance explains."""
        return self.slope < FLAT * self.began or self.slope < 2 * self.error


@dataclass
class Watch:
    """Looks at a server's processes every ``SAMPLED`` seconds, in a thread."""

    pid: int
    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin."""
        self._over, self._second = threading.Event(), 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with suppress(psutil.NoSuchProcess):  # one that ended while it was looked at
                self.samples.append(sample(self.pid, self._second))
            if self._over.wait(SAMPLED):
                return
            self._second += SAMPLED


def sample(pid: int, second: float) -> Sample:
    """Look at the processes of a service."""
    first = psutil.Process(pid)
    found = [first, *(one for one in first.children(recursive=True) if _serves(one))]
    memory = [one.memory_info() for one in found]
    return Sample(
        second,
        tuple(one.rss / _UNITS for one in memory),
        tuple((one.rss - one.shared) / _UNITS for one in memory),
        sum(one.num_fds() for one in found),
        sum(one.num_threads() for one in found),
    )


def _serves(process: psutil.Process) -> bool:
    command = " ".join(process.cmdline())
    return "service.uploads" not in command and "resource_tracker" not in command


def slope_of(samples: Sequence[Sample]) -> Slope:
    """Return how the memory of all processes together grew over the last two thirds: by least squares.

    Samples follow each other closely, so they are no independent ones: the error is that of medians of thirty.
    """
    later = samples[len(samples) // 3 :]
    groups = np.array_split(np.arange(len(later)), max(3, len(later) // 30))
    hours = np.array([np.mean([later[place].second for place in group]) / 3600 for group in groups if len(group)])
    memory = np.array([np.median([sum(later[place].anonymous) for place in group]) for group in groups if len(group)])
    if len(hours) < 3:
        return Slope(float("nan"), float("nan"), float("nan"))
    away = hours - hours.mean()
    slope = float(away @ memory / (away @ away))
    rest = memory - memory.mean() - slope * away
    error = float(np.sqrt(rest @ rest / (len(rest) - 2) / (away @ away)))
    return Slope(slope, error, float(memory.mean() + slope * away[0]))


def part_of(answers: Sequence[Answered], sample_: Sample, size: float) -> Part:
    """Sum up some minutes."""
    times = [one.seconds for one in answers if one.kind == "check"] or [float("nan")]
    p50, p99 = (float(np.percentile(times, percentile)) * 1e3 for percentile in (50, 99))
    failed = sum(one.status == 0 or one.status >= 500 for one in answers)
    return Part(sample_, len(answers), p50, p99, size, failed, sum(400 <= one.status < 500 for one in answers))


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


def soak(asked: argparse.Namespace, directory: Path, stack: ExitStack) -> tuple[list[Part], list[Sample], Mix]:
    """Run the service, print a line for each part, and return what was seen."""
    home = prepared(directory, asked.home, asked.protected, asked.seed)
    made = stack.enter_context(postgresql()) if asked.database == "postgresql" else lambda: sqlite(home)
    if made is None:
        raise SystemExit("PostgreSQL is not installed: pip install -e '.[dev]'")
    url = made()
    keys = {"agent": home.key(url), "admin": home.key(url, ["admin"], "carla")}
    keys |= {"person": home.key(url, ["agent", "reviewer"], "dana")}
    keys |= {name: home.key(url, ["reviewer"], name) for name in REVIEWERS}
    environment = home.environment(url) | {"DOUBLECHECK_PORT": "0", "DOUBLECHECK_WORKERS": str(asked.workers)}
    server = stack.enter_context(running(service_command(), environment, directory / "service.log"))
    rate = asked.rate or half_of_the_most(home, server, keys["agent"], asked.seconds, stack)
    print(f"{rate:,.0f} requests a second, {asked.workers} worker(s), {asked.database}", flush=True)
    mix = Mix(f"http://127.0.0.1:{server.port}", keys, home.bodies, asked.seed)
    return *_watched(mix, server, url, rate, asked), mix


def _watched(
    mix: Mix, server: Server, url: str, rate: float, asked: argparse.Namespace
) -> tuple[list[Part], list[Sample]]:
    parts: list[Part] = []
    watch = Watch(server.pid)

    async def report() -> None:
        seen = 0
        while True:
            await asyncio.sleep(asked.seconds * asked.every)
            answers, seen = mix.answers[seen:], len(mix.answers)
            size = await asyncio.to_thread(size_of, url)
            parts.append(part_of(answers, watch.samples[-1], size))
            print(line(len(parts) * asked.every, parts[-1]), flush=True)

    async def run() -> None:
        reporting = asyncio.create_task(report())
        await mix.run(asked.seconds * asked.minutes + 1, rate)  # one more, so that the last part is reported
        reporting.cancel()

    print(HEAD, flush=True)
    asyncio.run(run())
    watch.close()
    return parts, watch.samples


def half_of_the_most(home: Home, server: Server, key: str, seconds: float, stack: ExitStack) -> float:
    """Ask for checks as fast as they are answered; return half of that rate."""
    asks = stack.enter_context(generator())
    requests = [load.request_of("/v1/checks", body, key) for body in home.bodies]
    tried = asks.submit(load.closed, server.port, requests, CONNECTIONS, min(TRIED, seconds)).result()
    print(f"at most {tried.rate:,.0f} checks a second; half of that from now on", flush=True)
    return tried.rate / 2


HEAD = (
    f"{'minute':>6} {'RSS MB':>18} {'anonymous MB':>18} {'files':>6} {'threads':>8} {'database MB':>12} "
    f"{'requests':>9} {'p50 ms':>7} {'p99 ms':>7} {'failed':>7} {'refused':>8}"
)


def line(minute: int, part: Part) -> str:
    """Return a line of the table."""
    resident, anonymous = ("+".join(f"{one:.0f}" for one in each) for each in (part.sample.resident, part.sample[2]))
    return (
        f"{minute:6} {resident:>18} {anonymous:>18} {part.sample.files:6} {part.sample.threads:8} {part.size:12.1f} "
        f"{part.requests:9} {part.p50:7.1f} {part.p99:7.1f} {part.failed:7} {part.refused:8}"
    )


def summary(parts: Sequence[Part], samples: Sequence[Sample]) -> str:
    """Say how memory grew, whether that is flat, and how the last quarter's times compare with the first's."""
    grown, quarter = slope_of(samples), max(1, len(parts) // 4)
    p50, p99 = (
        np.median([getattr(one, name) for one in parts[-quarter:]])
        / np.median([getattr(one, name) for one in parts[:quarter]])
        for name in ("p50", "p99")
    )
    return (
        f"memory without mapped files over the last two thirds: {round(grown.slope, 1) + 0.0:+.1f} "
        f"(± {2 * grown.error:.1f}) MB an hour of {grown.began:.0f} MB: {'FLAT' if grown.is_flat else 'GROWS'}; "
        f"the last quarter over the first: p50 {p50:.2f}, p99 {p99:.2f}; "
        f"{sum(one.failed for one in parts)} of {sum(one.requests for one in parts)} requests failed"
    )


def kinds(answers: Sequence[Answered]) -> str:
    """Say how many requests of each kind had which status."""
    counted = Counter((one.kind, one.status) for one in answers)
    return ", ".join(f"{kind} {status}: {count}" for (kind, status), count in sorted(counted.items()))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60.0, help="in a minute: fewer to try it out")
    parser.add_argument("--every", type=int, default=5, help="minutes that a line sums up")
    parser.add_argument("--rate", type=float, help="requests a second; by default half of the most")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    parser.add_argument("--seed", type=int, default=20_261_124)
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME.expanduser(), help="whose model serves, untouched")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        parts, samples, mix = soak(asked, Path(made), stack)
        print(summary(parts, samples))
        print(kinds(mix.answers))


if __name__ == "__main__":
    main()
