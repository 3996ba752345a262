"""The monitor's promise against known truth: years of daily looks at accounts whose rate of mistakes is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from classifier.certification.monitoring import Observed, examine
from classifier.certification.monitoring.error_bound import DELTA, evidence
from classifier.certification.neyman_pearson import Certificate

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


# --- and no single person's word withdraws it ------------------------------------------------------------------------

HIGH = Certificate(alpha=0.01, delta=0.05, n=300, errors=0, threshold=0.9, population="invented")
ALIKE, UNEVEN, TWO = (1, 1, 1), (7, 2, 1), (1, 1)


def withdrawn_share(
    rate: float, known: int, shares: tuple[int, ...], runs: int, seed: int, *, liar: bool = False
) -> tuple[float, float]:
    """Return how often a certificate is withdrawn, and how often it would be if nobody asked who says so.

    Parameters
    ----------
    shares : tuple of int
        Of the work, by person.
    liar : bool
        Whether the first person calls everything a mistake.
    """
    rng = np.random.default_rng([seed, known])
    withdrawn = broken = 0
    for _ in range(runs):
        people = rng.choice(len(shares), size=known, p=np.array(shares) / sum(shares))
        errors = (rng.random(known) < rate) | (liar & (people == 0))
        cases = [
            Observed(
                str(number), "high", is_impersonation=True, probability=0.95 if error else 0.2, is_attack=False,
                said_by=frozenset({str(person)}),
            )
            for number, (error, person) in enumerate(zip(errors, people, strict=True))
        ]  # fmt: skip
        [tier] = examine("0123", {"high": HIGH}, recent=[], known=cases).tiers
        assert tier.bound is not None
        withdrawn += tier.state == "withdrawn"
        broken += tier.bound.is_broken
    return withdrawn / runs, broken / runs


@pytest.mark.parametrize("shares", [ALIKE, UNEVEN, TWO])
def test_one_person_who_calls_everything_a_mistake_withdraws_a_bound_that_holds_no_more_often_than_promised(
    shares: tuple[int, ...],
) -> None:
    withdrawn, without_the_rule = withdrawn_share(HIGH.alpha, 300, shares, 300, 5, liar=True)
    assert withdrawn <= binom.ppf(0.9999, 300, DELTA) / 300
    assert without_the_rule == 1.0


@pytest.mark.parametrize(
    ("times", "shares", "known"), [(10, ALIKE, 180), (10, TWO, 180), (10, UNEVEN, 300), (3, ALIKE, 1_800)]
)
def test_a_bound_that_does_not_hold_is_still_withdrawn_by_several_people(
    times: int, shares: tuple[int, ...], known: int
) -> None:
    assert withdrawn_share(times * HIGH.alpha, known, shares, 100, 6)[0] > 0.9
