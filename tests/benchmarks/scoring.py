"""What scoring costs: ``python -m tests.benchmarks.scoring`` prints milliseconds an account, by batch and by kind.

Time of the processor, one thread, invented protected accounts, the model in force (``DOUBLECHECK_HOME``; the default
one is trained first), without evidence, as in bulk. *Met* are accounts whose candidates were compared before, so that
they are packed; *new* are those of which nothing is kept. *Again* is the last batch size with each account reported
four times, by audiences of another size. Of several runs the fastest counts: what slows one down is somebody else's
work.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifier.accounts.account import Account
from classifier.model_store import ModelStore, StoredModel
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.simulation import FAMILIES, simulate
from classifier.simulation.population import invent_registry
from classifier.storage.paths import DEFAULT_HOME

SIZES = (1, 16, 64, 500)
ACCOUNTS, RUNS = 640, 5


def drawn(registry: Registry, families: Sequence[str], seed: int) -> list[Account]:
    """Return so many simulated accounts, in any order."""
    rng = np.random.default_rng(seed)
    some = [registry.accounts[row] for row in rng.integers(len(registry), size=ACCOUNTS).tolist()]
    accounts = [case.account for case in simulate(some, seed=seed, families=families)]
    return [accounts[place] for place in rng.permutation(len(accounts))[:ACCOUNTS].tolist()]


def milliseconds(scorer: Scorer, accounts: Sequence[Account], size: int) -> float:
    """Return what an account costs in batches of a size."""
    start = time.process_time()
    for first in range(0, len(accounts), size):
        scorer.assess_many(accounts[first : first + size], explain=False)
    return (time.process_time() - start) / len(accounts) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--protected", type=int, default=100_000, help="protected accounts")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    home = Path(os.environ.get("DOUBLECHECK_HOME", DEFAULT_HOME)).expanduser()
    stored = ModelStore(home).load()
    registry = invent_registry(options.protected, seed=options.seed)
    index = CandidateIndex(registry)
    kinds = {"simulated": drawn(registry, FAMILIES, 1), "ordinary": drawn(registry, ["ordinary"], 1)}
    # Compiles what is not yet.
    Scorer(stored.model, stored.model_id, index).assess_many(drawn(registry, ["handle_variant"], 2))
    print(f"ms an account, {options.protected:,} protected, batches of", *SIZES, sep="  ")
    for kind, accounts in kinds.items():
        fresh = [milliseconds(_unmet(stored, index), accounts, size) for size in SIZES]
        scorer = Scorer(stored.model, stored.model_id, index)
        scorer.assess_many(accounts)
        met = [min(milliseconds(scorer, accounts, size) for _ in range(RUNS)) for size in SIZES]
        reports = [replace(account, followers=audience) for account in accounts for audience in (None, 5, 500, 50_000)]
        again = [min(milliseconds(scorer, reports, SIZES[-1]) for _ in range(RUNS))]
        for state, found in (("new", fresh), ("met", met), ("again", again)):
            print(f"{kind:<10}{state:<6}", *(f"{one:6.3f}" for one in found), sep="  ")


def _unmet(stored: StoredModel, index: CandidateIndex) -> Scorer:
    """Return a scorer that has met no account."""
    return Scorer(stored.model, stored.model_id, CandidateIndex.restored(index.registry, index.indexes))


if __name__ == "__main__":
    main()
