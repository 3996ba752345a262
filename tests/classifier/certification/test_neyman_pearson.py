import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from classifier.certification.neyman_pearson import Certificate, certify, smallest_sample

rates = st.floats(0.001, 0.999)
scores = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0]), max_size=300)


def certificate(threshold: float) -> Certificate:
    return Certificate(alpha=0.01, delta=0.05, n=299, errors=0, threshold=threshold, population="invented")


@given(rates, rates)
def test_the_smallest_sample_is_the_smallest_that_suffices(alpha: float, delta: float) -> None:
    n = smallest_sample(alpha, delta)
    assert n * math.log1p(-alpha) <= math.log(delta) * (1 - 1e-12)
    assert n == 1 or (n - 1) * math.log1p(-alpha) > math.log(delta) * (1 + 1e-12)


@given(rates, rates, st.integers(-3, 3))
def test_below_the_smallest_sample_there_is_no_certificate(alpha: float, delta: float, difference: int) -> None:
    n = min(2_000, max(0, smallest_sample(alpha, delta) + difference))
    found = certify([0.5] * n, alpha=alpha, delta=delta, population="invented")
    assert (found is not None) == (n >= smallest_sample(alpha, delta))


@pytest.mark.parametrize("alpha", [0.1, 0.2, 0.25, 0.3, 0.5, 0.01])
def test_the_smallest_sample_certifies_its_highest_score_only(alpha: float) -> None:
    """Also where (1 - alpha)^n is delta to the last bit, and rounding could make every rank look too low."""
    for n in range(1, 60):
        delta = (1 - alpha) ** n
        needed = smallest_sample(alpha, delta)
        found = certify(np.linspace(0.0, 0.9, needed), alpha=alpha, delta=delta, population="invented")
        assert found is not None
        assert found.threshold == (0.9 if needed > 1 else 0.0)


@given(scores, rates, rates)
def test_the_threshold_is_the_lowest_score_that_keeps_the_promise(
    given_scores: list[float], alpha: float, delta: float
) -> None:
    """The k-th smallest of n uniform scores follows Beta(k, n - k + 1): the promise, by another way than the code's."""
    distinct = (np.argsort(np.argsort(given_scores, kind="stable")) + 0.5) / max(1, len(given_scores))
    found = certify(distinct, alpha=alpha, delta=delta, population="invented")
    if found is None:
        assert len(given_scores) < smallest_sample(alpha, delta)
        return
    rank = found.n - found.errors
    assert beta.cdf(1 - alpha, rank, found.errors + 1) <= delta * (1 + 1e-9)
    assert rank == 1 or beta.cdf(1 - alpha, rank - 1, found.errors + 2) > delta * (1 - 1e-9)


@given(scores, rates, rates)
def test_the_errors_are_the_scores_the_certificate_covers(
    given_scores: list[float], alpha: float, delta: float
) -> None:
    found = certify(given_scores, alpha=alpha, delta=delta, population="invented")
    if found is not None:
        assert found.threshold in given_scores
        assert found.errors == sum(map(found.covers, given_scores))
        assert found.n == len(given_scores)


@given(st.permutations([i / 40 for i in range(41)]))
def test_the_order_of_the_scores_does_not_matter(shuffled: list[float]) -> None:
    certified = certify(shuffled, alpha=0.2, delta=0.1, population="invented")
    assert certified == certify(sorted(shuffled), alpha=0.2, delta=0.1, population="invented")


def test_more_accounts_with_the_same_scores_never_raise_the_threshold() -> None:
    once = np.linspace(0, 1, 500)
    thresholds = [
        certify(np.repeat(once, times), alpha=0.01, delta=0.05, population="invented") for times in (1, 2, 5, 20)
    ]
    found = [one.threshold for one in thresholds if one is not None]
    assert len(found) == 4
    assert found == sorted(found, reverse=True)
    assert found[-1] < found[0]


@pytest.mark.parametrize("wrong", [math.nan, -0.1, 1.1, math.inf, -math.inf])
def test_a_score_that_is_no_probability_is_refused_even_among_many(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"number in \[0, 1\]"):
        certify([0.5] * 1_000 + [wrong], alpha=0.01, delta=0.05, population="invented")


@pytest.mark.parametrize(("alpha", "delta"), [(0, 0.05), (1, 0.05), (0.01, 0), (0.01, 1), (math.nan, 0.05), (-1, 2)])
def test_rates_that_promise_nothing_are_refused(alpha: float, delta: float) -> None:
    with pytest.raises(ValueError, match="alpha and delta"):
        smallest_sample(alpha, delta)
    with pytest.raises(ValueError, match="alpha and delta"):
        certify([0.5] * 1_000, alpha=alpha, delta=delta, population="invented")


@given(st.floats(0, 1), st.floats())
def test_a_certificate_covers_only_probabilities_strictly_above_its_threshold(
    threshold: float, probability: float
) -> None:
    assert certificate(threshold).covers(probability) == (threshold < probability <= 1.0)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 1.0000001, -0.5])
def test_what_is_no_probability_is_not_covered(wrong: float) -> None:
    assert not certificate(0.0).covers(wrong)


def test_a_threshold_that_is_not_a_number_covers_nothing() -> None:
    assert not certificate(math.nan).covers(1.0)
