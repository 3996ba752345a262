"""How often the gate refuses a model that differs from the serving one by its seed alone, and how long it takes.

``python -m tests.benchmarks.gate --seeds 4`` trains as many models of one small registry, asks the gate about every
ordered pair of them, and prints what it refuses, how far slices differ, and the seconds of one decision. The margins
of ``paired_bootstrap`` were chosen with seeds 5 to 8: what is told of them is measured with others.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from itertools import permutations
from statistics import median
from time import perf_counter
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm

from classifier.evaluation.evaluate import assess_labelled, labelled_cases
from classifier.promotion.gate import Finding, Measured, calibration, fewer_found, worse_slices
from classifier.promotion.measurements import GATE_SEED, IDENTITIES
from classifier.promotion.paired_bootstrap import MARGINS, Paired, calibration_worse, differences
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate
from classifier.simulation.population import invent_registry
from classifier.training.train import train


class Assessed(NamedTuple):
    """What one seed's model says of the gate's cases, and the seconds that took."""

    results: pd.DataFrame
    seconds: float


def assessed(seeds: range, protected: int) -> dict[int, Assessed]:
    """Return what each seed's model says of the gate's cases, and the cases' targets."""
    registry, held_out = invent_registry(protected, seed=5), invent_registry(IDENTITIES, GATE_SEED)
    cases = labelled_cases(simulate(held_out.accounts, seed=GATE_SEED))
    index, found = CandidateIndex(held_out), {}
    for seed in tqdm(seeds, desc="training", unit="model"):
        scorer = Scorer(train(registry, seed=seed).model, str(seed), index)
        started = perf_counter()
        found[seed] = Assessed(assess_labelled(scorer, cases), perf_counter() - started)
    return found


def lines(found: Mapping[int, Assessed]) -> Iterator[str]:
    """Yield what the gate says of every ordered pair, the largest differences, and the time of one decision."""
    refused, largest, seconds = 0, dict.fromkeys(MARGINS, 0.0), []
    for one, other in tqdm(list(permutations(found, 2)), desc="asking the gate", unit="pair"):
        pair = Paired(found[one].results, found[other].results, "simulated by the gate", simulated=True)
        started = perf_counter()
        measured = Measured(pair.source, differences(pair), calibration_worse(pair), simulated=True)
        reasons: list[Finding] = [*fewer_found(measured), *worse_slices(measured), *calibration(measured)]
        seconds.append(perf_counter() - started)
        refused += bool(reasons)
        yield from (f"seed {one} against {other}: {reason.code}: {reason.text}" for reason in reasons)
        for difference in measured.differences:
            beyond = difference.candidate - difference.serving
            largest[difference.harm] = max(largest[difference.harm], beyond)
    yield f"{refused} of {len(found) * (len(found) - 1)} pairs refused"
    yield "largest difference of a slice: " + ", ".join(f"{harm} {share:.1%}" for harm, share in largest.items())
    each, compared = median(one.seconds for one in found.values()), median(seconds)
    yield f"one decision: {2 * each + compared:.1f} s, twice {each:.1f} s to assess and {compared:.1f} s to compare"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=4, help="how many models")
    parser.add_argument("--first", type=int, default=9, help="the seed of the first")
    parser.add_argument("--protected", type=int, default=700, help="protected accounts that they learn from")
    given = parser.parse_args()
    for line in lines(assessed(range(given.first, given.first + given.seeds), given.protected)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
