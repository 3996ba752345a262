"""What sharing commits gives: ``python -m tests.benchmarks.commits`` prints durable entries a second.

Each is a unit of work in the committer that adds one entry to the log, on a SQLite file that is flushed at each
commit, as in the service. As many units as the table says wait at once. A commit takes one of them, or as many as
the service lets share it. Both have their turn in each round; printed are medians, and the least and most of the
rounds.

Last, a session of the console is looked up in the same kind of database, which each page costs once.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from service.auth.api_keys import Caller, create_key
from service.auth.sessions import Sessions, SessionTimes
from service.records import group_commit
from service.records.database import default_url, open_database
from service.records.group_commit import GroupCommitter
from service.records.transaction import Answer, Transaction, Unit
from service.signing import Signer, clearance_keys

WAITING = (1, 16, 64)


def now() -> datetime:
    return datetime.now(UTC)


def entry(transaction: Transaction) -> Answer:
    transaction.log("noted", "benchmark", actor="agent-1")
    return Answer("")


async def rate(committer: GroupCommitter, waiting: int, entries: int) -> float:
    """Entries a second when each of ``waiting`` asks again as soon as it was answered."""

    async def ask(times: int) -> None:
        for _ in range(times):
            await committer.answer(Unit(entry))

    began = time.perf_counter()
    await asyncio.gather(*(ask(entries // waiting) for _ in range(waiting)))
    return entries // waiting * waiting / (time.perf_counter() - began)


async def look_up(engine: Engine, committer: GroupCommitter, times: int) -> float:
    """Milliseconds of one look-up of a session, the median."""
    key = await committer.answer(Unit(lambda transaction: Answer(create_key(transaction, "maria", ["reviewer"]))))
    caller = Caller(key.body.split("_")[1], "maria", frozenset({"reviewer"}))
    found = Sessions(engine, committer, SessionTimes(), clock=now)
    token, took = await found.begin(caller), []
    for _ in range(times):
        began = time.perf_counter()
        await found.find(token)
        took.append(time.perf_counter() - began)
    return median(took) * 1_000


def measure(together: int, waiting: int, entries: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        engine, signer = open_database(default_url(Path(directory))), Signer(clearance_keys(Path(directory)))
        shared, group_commit.TOGETHER = group_commit.TOGETHER, together
        committer = GroupCommitter(engine, signer, now=now, waiting=2 * max(WAITING))
        try:
            return asyncio.run(rate(committer, waiting, entries))
        finally:
            group_commit.TOGETHER = shared
            committer.close()
            engine.dispose()


def measure_look_up(times: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        engine, signer = open_database(default_url(Path(directory))), Signer(clearance_keys(Path(directory)))
        committer = GroupCommitter(engine, signer, now=now, waiting=2)
        try:
            return asyncio.run(look_up(engine, committer, times))
        finally:
            committer.close()
            engine.dispose()


def spread(rates: Sequence[float]) -> str:
    return f"{median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'waiting at once':>16} {'a commit each':>24} {'commits shared':>24} {'ratio':>8}")
    for waiting in WAITING:
        pairs = [
            (measure(1, waiting, options.entries), measure(group_commit.TOGETHER, waiting, options.entries))
            for _ in range(options.rounds)
        ]
        alone, shared = (spread(column) for column in zip(*pairs, strict=True))
        print(f"{waiting:16} {alone:>24} {shared:>24} {median(both / one for one, both in pairs):8.1f}")
    print(f"a session looked up: {measure_look_up(options.entries):.2f} ms")


if __name__ == "__main__":
    main()
