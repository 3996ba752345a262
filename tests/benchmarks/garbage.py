"""How long Python's collections of garbage stop a service: ``python -m tests.benchmarks.garbage`` prints it.

Reported accounts are scored by sixteens over a registry, in this process: first as Python collects by itself, then as
it does once ``service.server.garbage`` has said what stays. Each half scores other accounts, so that protected accounts
are met for the first time in both.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from classifier.accounts.account import Account
from classifier.model_store import ModelStore
from classifier.scoring.scorer import Scorer
from classifier.storage.home import load_index, registry_store
from classifier.storage.paths import DEFAULT_HOME
from service.server.garbage import spare_what_stays
from service.utils.clock import utc_now
from tests.benchmarks.served import draw_reported, prepared

TOGETHER = 16


@contextmanager
def pauses() -> Iterator[list[float]]:
    """Collect the seconds of each collection while the context lasts."""
    found, began = list[float](), 0.0

    def watch(phase: str, _: dict[str, Any]) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
        else:
            found.append(time.perf_counter() - began)

    gc.callbacks.append(watch)
    try:
        yield found
    finally:
        gc.callbacks.remove(watch)


def measured(scorer: Scorer, accounts: Sequence[Account]) -> str:
    """Score accounts, and return what collections took meanwhile."""
    started = time.perf_counter()
    with pauses() as found:
        for start in range(0, len(accounts), TOGETHER):
            scorer.assess_many(accounts[start : start + TOGETHER])
    share = sum(found) / (time.perf_counter() - started)
    long = sum(seconds > 0.1 for seconds in found)
    return f"longest {max(found, default=0.0) * 1e3:6.1f} ms, {long} above 100 ms, {share:5.1%} of the time"


def main(arguments: Sequence[str] | None = None) -> None:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    made.add_argument("--seed", type=int, default=20_261_124)
    asked = made.parse_args(arguments)
    with tempfile.TemporaryDirectory() as directory:
        home = prepared(Path(directory), DEFAULT_HOME.expanduser(), asked.protected, asked.seed).path
        stored = ModelStore(home).load()
        scorer = Scorer(stored.model, stored.model_id, load_index(home, None, now=utc_now()))
        accounts = draw_reported(list(registry_store(home).open().index.registry.accounts), asked.seed + 1)
        half = len(accounts) // 2
        scorer.assess_many(accounts[:TOGETHER])
        print(f"{asked.protected:,} protected accounts, {half:,} reported ones each, by {TOGETHER}")
        print(f"as Python collects:    {measured(scorer, accounts[:half])}")
        spare_what_stays()
        print(f"once it was told what stays: {measured(scorer, accounts[half:])}")


if __name__ == "__main__":
    main()
