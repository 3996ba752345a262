"""The promise of R9 against known truth: draw accounts, certify, and look how often the bound is missed."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from classifier.certification.neyman_pearson import certify

RUNS = 2_000
Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]
Rate = Callable[[float], float]

# A coarse score: seven values with the shares below, most accounts at 0.
VALUES = np.array([0.0, 0.1, 0.4, 0.7, 0.9, 0.97, 1.0])
SHARES = np.array([0.6, 0.2, 0.1, 0.05, 0.02, 0.02, 0.01])


def uniform(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.random(n)


def skewed(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.random(n) ** 8


def tied(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.choice(VALUES, size=n, p=SHARES)


def true_rate(draw: Draw, threshold: float) -> float:
    """The share of all accounts, not only of those drawn, that score above ``threshold``."""
    if draw is tied:
        return float(SHARES[threshold < VALUES].sum())
    return 1.0 - (threshold ** (1 / 8) if draw is skewed else threshold)


def true_rates(draw: Draw, n: int, alpha: float, delta: float, runs: int = RUNS) -> NDArray[np.float64]:
    rng = np.random.default_rng([7, n])
    found = [certify(draw(rng, n), alpha=alpha, delta=delta, population="known") for _ in range(runs)]
    return np.array([true_rate(draw, one.threshold) for one in found if one is not None])


@pytest.mark.parametrize("draw", [uniform, skewed, tied])
@pytest.mark.parametrize(("n", "alpha", "delta"), [(299, 0.01, 0.05), (500, 0.05, 0.2)])
def test_the_bound_is_missed_no_more_often_than_promised(draw: Draw, n: int, alpha: float, delta: float) -> None:
    rates = true_rates(draw, n, alpha, delta)
    assert len(rates) == RUNS
    missed = int(np.sum(rates > alpha + 1e-12))
    assert missed <= binom.ppf(0.9999, RUNS, delta)


@pytest.mark.parametrize("draw", [uniform, skewed])
@pytest.mark.parametrize(("n", "alpha", "delta"), [(4_000, 0.05, 0.05), (2_000, 0.1, 0.2)])
def test_with_many_accounts_the_bound_is_used_and_not_merely_kept(
    draw: Draw, n: int, alpha: float, delta: float
) -> None:
    """A threshold of 1 would keep the promise too, and clear nothing."""
    rates = true_rates(draw, n, alpha, delta, runs=800)
    assert np.mean(rates > alpha) >= delta / 2
    assert np.median(rates) >= 0.75 * alpha


def test_scores_of_too_few_accounts_are_never_certified() -> None:
    assert len(true_rates(uniform, 298, 0.01, 0.05)) == 0
