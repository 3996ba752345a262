"""Who reports is a copy of whom they report: ``python -m tests.benchmarks.reporters`` prints how often that is seen.

Invented owners, whom nobody protects, and the accounts that the simulation makes around them: of each pair, one
reports the other. A copy that reports its original should be called a copy; an original that reports its copy never.
The model learnt from the same simulation with other seeds, so this says what is caught, not what a field study would.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from classifier.accounts.account import Account, Pair, as_protected, as_reported
from classifier.model_store import ModelStore
from classifier.scoring.direction import agreed
from classifier.scoring.scorer import Scorer
from classifier.simulation.population import invent_registry
from classifier.simulation.simulate import simulate
from service.decisions.notices import ReporterSeen, copies, same_name

STRANGERS = 2_000


def pairs(owners: int, seed: int) -> Iterator[tuple[str, Account, Account]]:
    """Yield what a pair is, who reports, and who is reported."""
    people = invent_registry(owners, seed=seed).accounts
    for case in simulate(people, seed=seed):
        if case.account.platform:
            original = as_reported(case.protected)
            yield f"{case.label} reports the owner", case.account, original
            yield f"the owner reports {case.label}", original, case.account
    rng = random.Random(seed)  # noqa: S311 -- to be drawn again
    for _ in range(STRANGERS):
        one, other = rng.sample(list(people), 2)
        yield "a stranger reports a stranger", as_reported(one), as_reported(other)


def main() -> None:
    """Print, for each kind of pair, how often the signs agree on the reported one and how often a copy is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owners", type=int, default=150)
    parser.add_argument("--seed", type=int, default=4242)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        store = ModelStore(Path(home))
        store.first_start()
        stored = store.load()
        scorer = Scorer(stored.model, stored.model_id, invent_registry(300, seed=77))
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    times = []
    for kind, reporter, reported in pairs(given.owners, given.seed):
        began = perf_counter()
        towards = scorer.assess_against(reporter, [as_protected(reported)])
        times.append(perf_counter() - began)
        told = agreed(Pair(reporter, as_protected(reported))) > 0
        found[kind]["pairs"] += 1
        found[kind]["told apart"] += told
        found[kind]["same name"] += told and same_name(reporter, reported)
        found[kind]["seen"] += copies(ReporterSeen(towards, towards), reported)
    for kind, counts in sorted(found.items()):
        print(f"{kind:36} " + ", ".join(f"{name} {counts[name]:,}" for name in counts))
    times.sort()
    middle, late = (1e3 * times[int(share * len(times))] for share in (0.5, 0.99))
    print(f"milliseconds a pair: median {middle:.1f}, p99 {late:.1f}")


if __name__ == "__main__":
    main()
