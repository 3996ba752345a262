"""Which way to certify a threshold: ``python -m tests.benchmarks.thresholds`` prints how each keeps the same promise.

Genuine accounts and attacks get scores from distributions that are known, so that the true share of genuine accounts
above a threshold, and of attacks found by it, can be computed. The promise: at most ``alpha`` of the genuine accounts
score above the threshold, missed with a probability of at most ``delta``. Printed for each way: how often there was a
threshold, how often its promise was missed, the mean share of attacks it finds, and milliseconds a threshold.

Compared are the order statistic of this project (``neyman_pearson.certify``) and, where ``mapie`` is installed, its
``BinaryClassificationController`` over 100 thresholds as it comes, and over 1,000 fixed thresholds tested in order.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from classifier.certification.neyman_pearson import certify

Scores = NDArray[np.float64]
Way = Callable[[Scores, float, float], float | None]

# Genuine scores are U to the 8th, attack scores 1 - U to the 4th, U uniform: most far from the threshold, some not.
GENUINE_POWER, ATTACK_POWER = 8, 4
SETTINGS = ((299, 0.01, 0.05), (4_760, 0.01, 0.05), (4_760, 0.001, 0.05))


def order_statistic(genuine: Scores, alpha: float, delta: float) -> float | None:
    certificate = certify(genuine, alpha=alpha, delta=delta, population="known")
    return None if certificate is None else certificate.threshold


def controller(thresholds: Scores, fwer_method: str) -> Way:
    """MAPIE's controller of the false positive rate. It needs an attack among the accounts; one that scores 1."""
    from mapie.risk_control import BinaryClassificationController  # noqa: PLC0415 - it need not be installed

    def way(genuine: Scores, alpha: float, delta: float) -> float | None:
        found = BinaryClassificationController(
            predict_function=lambda scores: np.column_stack([1 - scores, scores]),
            risk="fpr",
            target_level=alpha,
            confidence_level=1 - delta,
            list_predict_params=thresholds,
            fwer_method=fwer_method,
        ).calibrate(np.append(genuine, 1.0), np.append(np.zeros(len(genuine), dtype=int), 1))
        return None if found.best_predict_param is None else float(found.best_predict_param)

    return way


def ways() -> dict[str, Way]:
    compared: dict[str, Way] = {"order statistic": order_statistic}
    if find_spec("mapie"):
        compared["MAPIE, as it comes"] = controller(np.linspace(0, 0.99, 100), "bonferroni_holm")
        compared["MAPIE, 1,000 in order"] = controller(np.linspace(0.9, 1, 1_000), "fixed_sequence")
    return compared


def measure(way: Way, n: int, alpha: float, delta: float, runs: int) -> str:
    rng = np.random.default_rng([11, n])
    drawn = [rng.random(n) ** GENUINE_POWER for _ in range(runs)]
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MAPIE warns when no threshold holds, which is counted here
        found = [way(scores, alpha, delta) for scores in drawn]
    milliseconds = (time.perf_counter() - began) * 1_000 / runs
    thresholds = np.array([threshold for threshold in found if threshold is not None])
    if not len(thresholds):
        return f"{0:9.3f} {'-':>7} {'-':>9} {milliseconds:9.2f}"
    missed = (1 - thresholds ** (1 / GENUINE_POWER) > alpha + 1e-12).mean()
    attacks = ((1 - thresholds) ** (1 / ATTACK_POWER)).mean()
    return f"{len(thresholds) / runs:9.3f} {missed:7.3f} {attacks:9.3f} {milliseconds:9.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=500)
    runs = parser.parse_args().runs
    for n, alpha, delta in SETTINGS:
        print(f"n {n:,}, alpha {alpha:.1%}, delta {delta:.0%}      certified  missed   attacks        ms")
        for name, way in ways().items():
            print(f"  {name:36} {measure(way, n, alpha, delta, runs)}")


if __name__ == "__main__":
    main()
