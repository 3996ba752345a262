"""Paired differences: known values, the sides of an interval, and what clusters cost."""

import numpy as np
import pytest

from classifier.promotion.paired_shares import PairedShare


def share(only_candidate: int, only_serving: int, both: int = 0, n: int = 100, each: int = 1) -> PairedShare:
    """``n`` cases, ``each`` of them around one protected account."""
    candidate, serving = np.zeros(n, bool), np.zeros(n, bool)
    candidate[: only_candidate + both] = True
    serving[only_candidate : only_candidate + both] = True
    serving[n - only_serving :] = only_serving > 0
    return PairedShare.of(serving, candidate, np.arange(n) // each)


@pytest.mark.parametrize("bound", [-0.2, 0.02, 0.1, 0.4])
def test_the_statistic_is_tangos(bound: float) -> None:
    """It takes the likeliest shares of which the difference is ``bound``, found here by trying them."""
    more, less, n = 12, 2, 44
    q = np.linspace(max(0.0, -bound), (1 - abs(bound)) / 2 + max(0.0, -bound), 200_001)[1:-1]
    likelihood = more * np.log(q + bound) + less * np.log(q) + (n - more - less) * np.log1p(-2 * q - bound)
    best = q[np.nanargmax(likelihood)]
    expected = (more - less - n * bound) / np.sqrt(n * (2 * best + bound - bound**2))
    assert share(more, less, n=n)._score(bound) == pytest.approx(expected, abs=1e-3)


def test_exchanging_the_models_exchanges_the_sides() -> None:
    low, high = share(9, 3).interval()
    assert share(3, 9).interval() == pytest.approx((-high, -low), abs=1e-8)


def test_where_nothing_differs_the_bound_falls_with_the_number_of_cases() -> None:
    few, many = (share(0, 0, both=5, n=n).interval()[1] for n in (100, 1_000))
    assert few == pytest.approx(2.706 / 102.706, abs=1e-4)
    assert many == pytest.approx(2.706 / 1_002.706, abs=1e-4)


@pytest.mark.parametrize(("more", "fewer"), [(100, 0), (0, 100)])
def test_where_all_differ_one_side_is_the_end(more: int, fewer: int) -> None:
    low, high = share(more, fewer).interval()
    assert (high == 1.0) if more else (low == -1.0)
    assert -1.0 <= low < high <= 1.0


def test_cases_that_resemble_each_other_count_less() -> None:
    """Ten alike around each account are as one."""
    alone, alike = share(50, 0, n=500), share(50, 0, n=500, each=10)
    assert alone.effective == 500
    assert alike.effective == pytest.approx(50, rel=0.05)
    assert alike.interval()[0] < alone.interval()[0] < alone.interval()[1] < alike.interval()[1]


def test_chance_is_told_from_harm() -> None:
    assert share(30, 5, n=500).p_harm() < 0.001
    assert share(6, 5, n=500).p_harm() > 0.3
    assert share(5, 30, n=500).p_harm() > 0.99


def test_more_cases_notice_less() -> None:
    few, many = (share(n // 20, n // 20, n=n) for n in (200, 5_000))
    assert few.refused_at(0.03) < many.refused_at(0.03) < 0.03
    assert few.noticed_at(0.03) > many.noticed_at(0.03) > 0.03
    assert share(0, 0, n=20).noticed_at(0.03) > 0.3


def test_few_protected_accounts_say_nothing_of_others() -> None:
    assert not share(5, 5, n=100, each=10).is_enough
    assert share(5, 5, n=200, each=10).is_enough
