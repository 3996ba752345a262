"""How often the gate refuses a model that differs from the serving one by its seed alone, and how long it takes.

``python -m tests.benchmarks.gate --seeds 4`` trains as many models of one small registry, asks the gate about every
ordered pair of them, and prints what it refuses, how far slices and the answers to questions differ, and the seconds of
one decision. The margins of ``paired_bootstrap`` and ``questions`` were chosen with seeds 5 to 8: what is told of them
is measured with others.
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

from classifier.evaluation.evaluate import assess_labelled_beside
from classifier.promotion.gate import Finding, calibration, harms, worse_slices
from classifier.promotion.measurements import compared, gate_cases
from classifier.promotion.paired_bootstrap import MARGINS, Paired
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.simulation.population import invent_registry
from classifier.training.train import train


class Assessed(NamedTuple):
    """What each seed's model says of the gate's cases, the largest alpha of them, and the seconds that two take."""

    results: Mapping[int, pd.DataFrame]
    alpha: float
    seconds: float


def assessed(seeds: range, protected: int) -> Assessed:
    """Train a model of each seed and ask all of them about the gate's cases."""
    registry = invent_registry(protected, seed=5)
    models = [train(registry, seed=seed).model for seed in tqdm(seeds, desc="training", unit="model")]
    started = perf_counter()
    held_out, cases = gate_cases()
    index = CandidateIndex(held_out)
    scorers = [Scorer(model, str(seed), index) for seed, model in zip(seeds, models, strict=True)]
    assess_labelled_beside(scorers[:2], cases)
    seconds = perf_counter() - started
    alpha = max(certificate.alpha for model in models for certificate in model.certificates.values())
    return Assessed(dict(zip(seeds, assess_labelled_beside(scorers, cases), strict=True)), alpha, seconds)


def lines(found: Assessed) -> Iterator[str]:
    """Yield what the gate says of every ordered pair, the largest differences, and the time of one decision."""
    refused, largest, seconds = 0, dict.fromkeys(MARGINS, 0.0), []
    questions: dict[str, list[float]] = {}
    pairs = list(permutations(found.results, 2))
    for one, other in tqdm(pairs, desc="asking the gate", unit="pair"):
        pair = Paired(found.results[one], found.results[other], "simulated by the gate", simulated=True)
        started = perf_counter()
        measured = compared(pair, alpha=found.alpha)
        reasons: list[Finding] = [*harms(measured), *worse_slices(measured), *calibration(measured)]
        seconds.append(perf_counter() - started)
        refused += bool(reasons)
        yield from (f"seed {one} against {other}: {reason.code}: {reason.text}" for reason in reasons)
        for difference in measured.differences:
            beyond = difference.candidate - difference.serving
            largest[difference.harm] = max(largest[difference.harm], beyond)
        for answer in measured.answers:
            questions.setdefault(answer.question, []).append(answer.candidate - answer.serving)
    yield f"{refused} of {len(pairs)} pairs refused"
    yield "largest difference of a slice: " + ", ".join(f"{harm} {share:.1%}" for harm, share in largest.items())
    yield from (f"largest difference in {text}: {max(shares):.2%}" for text, shares in questions.items())
    yield (
        f"one decision: {found.seconds + median(seconds):.1f} s, {found.seconds:.1f} s to assess and "
        f"{median(seconds):.1f} s to compare"
    )


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
