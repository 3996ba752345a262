"""What retraining takes: ``python -m tests.benchmarks.training`` trains on 200,000 labelled pairs and times each stage.

The labelled pairs are simulated around the accounts that are fitted and calibrated on (others would be left out), kept
in a file and read from it, as ``doublecheck train --pairs`` does; the simulated part of training comes on top. Printed
are seconds and rows a second of each stage and the peak of memory, and beside them, from the same run, two peers:
features by their definitions, pair by pair, and scikit-learn's gradient boosting on the same matrix.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from classifier.accounts.account import canonical
from classifier.accounts.normal_forms import View
from classifier.features import compute
from classifier.labels.dataset import read_labels
from classifier.model.pair_model import PairModel
from classifier.registry.registry import Registry
from classifier.simulation import CASES_EACH, Case, simulate
from classifier.simulation.population import invent_registry
from classifier.training import train as training
from classifier.training.pairs import LabelledPairs, split_identities
from classifier.training.train import SPLIT, train
from classifier.utils.progress import Stages
from tests.real_data import NOW

# Pairs that the peer of features compares: it takes some milliseconds each.
COMPARED = 2_000


TIMES: dict[str, float] = {}


class Timed(Stages):
    """Prints what each stage took and how many it did; keeps the seconds."""

    @contextmanager
    def stage(self, name: str, total: int, unit: str) -> Iterator[Callable[[], object]]:
        begun, count = time.perf_counter(), 0
        with super().stage(name, total, unit) as done:

            def counted() -> None:
                nonlocal count
                count += 1
                done()

            yield counted
        TIMES[name] = TIMES.get(name, 0.0) + said(name, begun, count, unit)


def said(name: str, begun: float, count: int, unit: str) -> float:
    seconds = time.perf_counter() - begun
    print(
        f"  {name:28} {seconds:7.1f} s  {count:9,} {unit}s  {count / seconds:11,.0f} a second  peak {peak():6,.0f} MB"
    )
    return seconds


def peak() -> float:
    """The most memory that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def labelled(registry: Registry, seed: int, count: int) -> Iterator[Case]:
    """Cases around the accounts that training fits and calibrates on."""
    accounts = [one for part in split_identities(registry, SPLIT, seed=seed)[:2] for one in part.accounts]
    rounds = (simulate(accounts, seed=seed + 100 + number) for number in range(count // len(accounts) + 1))
    return islice(chain.from_iterable(rounds), count)


def write(path: Path, cases: Iterator[Case]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for case in cases:
            row = canonical(case.account) | {"target_handle": case.protected.handle, "label": case.label}
            file.write(json.dumps(row) + "\n")


def peers(fit_on: LabelledPairs, cases: list[Case], seed: int) -> None:
    def pairs() -> list[tuple[View, View]]:
        known = {id(case.protected): View(case.protected) for case in cases}
        return [(View(case.account), known[id(case.protected)]) for case in cases]

    begun = time.perf_counter()
    compute(pairs())
    said("features of pairs", begun, len(cases), "pair")
    begun = time.perf_counter()
    with threadpool_limits(1):
        HistGradientBoostingClassifier(max_iter=400, early_stopping=False, random_state=seed).fit(
            fit_on.values, fit_on.labels == "impersonation"
        )
    boosting = said("scikit-learn's boosting", begun, len(fit_on.labels), "pair")
    print(f"our head of impersonation: {TIMES['fitting'] / boosting:.2f} of the time of scikit-learn's boosting")
    print(f"all of comparing: {TIMES['comparing'] / boosting:.1f} times the time of scikit-learn's boosting")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200_000)
    parser.add_argument("--identities", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=23)
    asked = parser.parse_args()
    registry = invent_registry(asked.identities, seed=asked.seed)
    print(f"{asked.pairs:,} labelled pairs, {asked.identities:,} protected accounts, {CASES_EACH} simulated cases each")
    seen: list[LabelledPairs] = []
    fit = training._fit

    def fitted(fit_on: LabelledPairs, calibrate_on: LabelledPairs, *rest: object) -> PairModel:
        seen.extend((fit_on, calibrate_on))
        return fit(fit_on, calibrate_on, *rest)  # type: ignore[arg-type]

    training.Stages, training._fit = Timed, fitted  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "pairs.jsonl"
        write(path, tqdm(labelled(registry, asked.seed, asked.pairs), total=asked.pairs, desc="making", disable=None))
        print(f"  {'before':28} {'':33} {'':20} peak {peak():6,.0f} MB")
        whole = begun = time.perf_counter()
        given = read_labels([path], registry, now=NOW)
        said("reading", begun, len(given), "row")
    begun = time.perf_counter()
    made = train(registry, given=given, seed=asked.seed, progress=False)
    said("training in all", begun, len(given), "pair")
    pairs = sum(len(part.labels) for part in seen)
    print(f"reading and training: {(time.perf_counter() - whole) / 60:.1f} minutes, {pairs:,} pairs compared")
    print(f"certificates: {', '.join(made.model.certificates) or 'none'}; {made.facts['metrics']}")
    peers(seen[0], list(given.cases[:COMPARED]), asked.seed)


if __name__ == "__main__":
    main()
