"""The monitor's promise against known truth: years of daily looks at accounts whose rate of mistakes is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from classifier.certification.monitoring.error_bound import DELTA, evidence

RUNS = 2_000


def first_withdrawals(alpha: float, rates: NDArray[np.float64], runs: int, seed: int) -> NDArray[np.int_]:
    """Return, for each history, after how many genuine accounts it was withdrawn; 0 where it never was."""
    errors = np.random.default_rng(seed).random((runs, len(rates))) < rates
    reached = evidence(errors, alpha) >= 1 / DELTA
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1, 0)


@pytest.mark.parametrize(("alpha", "known"), [(0.01, 4_000), (0.05, 2_000)])
def test_a_bound_that_just_holds_is_withdrawn_no_more_often_than_promised(alpha: float, known: int) -> None:
    """A look after each of ``known`` accounts: more than ten years of one a day."""
    withdrawn = int(np.sum(first_withdrawals(alpha, np.full(known, alpha), RUNS, 1) > 0))
    assert withdrawn <= binom.ppf(0.9999, RUNS, DELTA)


def test_nor_where_the_rate_changes_with_the_seasons_below_the_bound() -> None:
    rates = 0.01 * (0.5 + 0.5 * np.sin(np.arange(4_000) / 100))
    withdrawn = int(np.sum(first_withdrawals(0.01, rates, RUNS, 2) > 0))
    assert withdrawn <= binom.ppf(0.9999, RUNS, DELTA)


@pytest.mark.parametrize(
    ("alpha", "times", "half", "nine_in_ten"), [(0.01, 3, 300, 800), (0.01, 10, 40, 90), (0.001, 10, 320, 850)]
)
def test_a_bound_that_does_not_hold_is_withdrawn_soon(alpha: float, times: int, half: int, nine_in_ten: int) -> None:
    found = first_withdrawals(alpha, np.full(3_000, times * alpha), 500, 3)
    assert np.mean((found > 0) & (found <= half)) > 0.5
    assert np.mean((found > 0) & (found <= nine_in_ten)) > 0.9


def test_after_years_in_order_it_takes_few_more() -> None:
    rates = np.concatenate([np.full(1_000, 0.005), np.full(400, 0.1)])
    found = first_withdrawals(0.01, rates, 500, 4)
    assert np.median(found) < 1_000 + 130
