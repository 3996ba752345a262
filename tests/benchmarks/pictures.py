"""What pictures cost and what they add: ``python -m tests.benchmarks.pictures [--each N] [--seed N]`` prints it.

The cost is that of one hash, of a JPEG of 400 by 400 as X serves avatars. What the evidence adds is told by simulated
accounts around an invented registry, each asked twice: with the hash of its picture and without it. Attackers copy the
picture and the name under an unrelated handle; genuine accounts show the same picture too: second accounts, fans,
people who admire somebody.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from classifier.labels.labelled_case import Case
from classifier.model_store import ModelStore
from classifier.pictures import hash_picture
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate
from classifier.simulation.genuine_standing import OBSERVED
from classifier.simulation.population import invent_registry
from classifier.storage.paths import DEFAULT_HOME

PROTECTED = 200
FAMILIES = ("clone", "namesake", "secondary", "fan", "admirer")
BATCH = 200


def jpeg(seed: int, side: int = 400) -> bytes:
    """A picture like no other, as a platform would serve it."""
    rng = np.random.default_rng(seed)
    cells = Image.fromarray(rng.integers(0, 256, (12, 12, 3), np.uint8))
    file = io.BytesIO()
    cells.resize((side, side), Image.Resampling.BICUBIC).save(file, "JPEG", quality=85)
    return file.getvalue()


def milliseconds(number: int) -> list[float]:
    """How long each of so many pictures took, by the processor's clock."""
    pictures = [jpeg(seed) for seed in range(number)]
    hash_picture(pictures[0])  # the libraries are imported with the first
    taken = []
    for picture in pictures:
        start = time.process_time()
        hash_picture(picture)
        taken.append(1_000 * (time.process_time() - start))
    return taken


def with_same_picture(cases: Sequence[Case]) -> Iterator[tuple[str, Case]]:
    """Yield the cases by what is asked of them; of genuine families those that show the protected account's picture."""
    for case in cases:
        theirs, ours = case.protected.avatar_pdq, case.account.avatar_pdq
        if theirs is None or ours is None:
            continue
        apart = (int(theirs, 16) ^ int(ours, 16)).bit_count()
        if case.family == "namesake":
            yield "namesake, picture of its own", case
        elif apart <= 31:
            yield f"{case.family}, {'same hash' if apart == 0 else 'near hash'}", case


def called(scorer: Scorer, cases: Sequence[Case]) -> tuple[float, float]:
    """The shares that are called impersonation of the right account, and that would be cleared for suspension."""
    right = cleared = 0
    for start in range(0, len(cases), BATCH):
        batch = cases[start : start + BATCH]
        for case, found in zip(batch, scorer.assess_many([one.account for one in batch]), strict=True):
            right += found.relation == "impersonation" and found.target == case.protected
            cleared += decide(found, "suspend", None, now=OBSERVED, policy=Policy()).verdict == "cleared"
    return right / len(cases), cleared / len(cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=4, help="cases of each family and protected account")
    parser.add_argument("--seed", type=int, default=31)
    asked = parser.parse_args()
    print(f"hashing a JPEG of 400 x 400: median {statistics.median(milliseconds(60)):.1f} ms of processor time")
    stored = ModelStore(Path(os.environ.get("DOUBLECHECK_HOME", DEFAULT_HOME)).expanduser()).load()
    registry = invent_registry(PROTECTED, seed=asked.seed)
    scorer = Scorer(stored.model, stored.model_id, registry)
    groups: dict[str, list[Case]] = {}
    cases = list(simulate(registry.accounts, seed=asked.seed, families=FAMILIES, each=asked.each))
    for name, case in with_same_picture(cases):
        groups.setdefault(name, []).append(case)
    print(f"model {stored.model_id}, {PROTECTED} protected accounts; called impersonation (would be cleared)")
    for name, known in sorted(groups.items()):
        bare = [replace(case, account=replace(case.account, avatar_pdq=None)) for case in known]
        without, with_it = called(scorer, bare), called(scorer, known)
        print(
            f"  {name:30} {len(known):5,} cases: without the picture {without[0]:6.1%} ({without[1]:5.1%}), "
            f"with it {with_it[0]:6.1%} ({with_it[1]:5.1%})"
        )


if __name__ == "__main__":
    main()
