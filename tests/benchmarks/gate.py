"""How often the gate refuses a model that differs from the serving one by its seed alone.

``python -m tests.benchmarks.gate --seeds 4`` trains as many models of one small registry, asks the gate about every
ordered pair of them, and prints what it refuses and how far slices differ.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from itertools import permutations

import pandas as pd
from tqdm import tqdm

from classifier.candidates import CandidateIndex
from classifier.evaluation import assess_labelled, labelled_cases
from classifier.invention import invent_registry
from classifier.models.comparison import GATE_SEED, IDENTITIES
from classifier.models.gate import Measured, calibration, fewer_found, worse_slices
from classifier.models.paired import MARGINS, Paired, calibration_worse, differences
from classifier.scoring import Scorer
from classifier.simulation import simulate
from classifier.training import train

PROTECTED = 700


def assessed(seeds: int) -> tuple[dict[int, pd.DataFrame], list[str]]:
    """Return what each seed's model says of the gate's cases, and the cases' targets."""
    registry, held_out = invent_registry(PROTECTED, seed=5), invent_registry(IDENTITIES, GATE_SEED)
    cases = labelled_cases(simulate(held_out.accounts, seed=GATE_SEED))
    index = CandidateIndex(held_out)
    return {
        seed: assess_labelled(Scorer(train(registry, seed=seed).model, str(seed), index), cases)
        for seed in tqdm(range(5, 5 + seeds), desc="training", unit="model")
    }, [case.target for case in cases]


def lines(found: Mapping[int, pd.DataFrame], identities: list[str]) -> Iterator[str]:
    """Yield what the gate says of every ordered pair, and the largest differences."""
    refused, largest = 0, dict.fromkeys(MARGINS, 0.0)
    for one, other in permutations(found, 2):
        pair = Paired(found[one], found[other], identities, "simulated by the gate", simulated=True)
        measured = Measured(pair.source, differences(pair), calibration_worse(pair), simulated=True)
        reasons = [*fewer_found(measured), *worse_slices(measured), *calibration(measured)]
        refused += bool(reasons)
        yield from (f"seed {one} against {other}: {reason.text}" for reason in reasons)
        for difference in measured.differences:
            beyond = difference.candidate - difference.serving
            largest[difference.harm] = max(largest[difference.harm], beyond)
    yield f"{refused} of {len(found) * (len(found) - 1)} pairs refused"
    yield "largest difference of a slice: " + ", ".join(f"{harm} {share:.1%}" for harm, share in largest.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=4)
    for line in lines(*assessed(parser.parse_args().seeds)):
        print(line)


if __name__ == "__main__":
    main()
