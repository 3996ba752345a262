"""The bound of a sample is the exact one, and covers as often as it says."""

import numpy as np
import pytest
from scipy.stats import binom

from classifier.certification.observed_bound import observed_bound


@pytest.mark.parametrize(("errors", "n"), [(0, 1), (0, 100), (1, 20), (7, 300), (99, 100)])
def test_at_the_bound_so_few_errors_have_the_probability_delta(errors: int, n: int) -> None:
    assert binom.cdf(errors, n, observed_bound(errors, n, delta=0.05)) == pytest.approx(0.05)


def test_nothing_seen_and_nothing_right_bound_nothing() -> None:
    assert observed_bound(0, 0) == observed_bound(3, 3) == 1.0


@pytest.mark.parametrize(("errors", "n", "delta"), [(-1, 5, 0.05), (6, 5, 0.05), (1, 5, 0.0), (1, 5, 1.0)])
def test_what_is_no_sample_is_refused(errors: int, n: int, delta: float) -> None:
    with pytest.raises(ValueError, match="must lie"):
        observed_bound(errors, n, delta=delta)


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.05, 0.3])
@pytest.mark.parametrize("n", [20, 400])
def test_it_covers_the_true_rate_in_95_of_100_repetitions(rate: float, n: int) -> None:
    """By simulation: never less often than promised, but for the chance of the simulation itself."""
    runs = 4_000
    drawn = np.random.default_rng(19).binomial(n, rate, size=runs)
    bounds = {errors: observed_bound(errors, n) for errors in set(drawn.tolist())}
    missed = sum(bounds[errors] < rate for errors in drawn.tolist())
    assert missed <= binom.ppf(0.9999, runs, 0.05)
