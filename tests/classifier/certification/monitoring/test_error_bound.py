"""The error bound, watched: it withdraws what does not hold, and nearly never what does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.certification.monitoring.error_bound import DELTA, evidence, watch_bound

alphas = st.sampled_from([0.001, 0.01, 0.05, 0.3])


def test_nothing_known_says_nothing() -> None:
    found = watch_bound([], 0.01)
    assert (found.genuine, found.errors, found.evidence, found.highest, found.is_broken) == (0, 0, 1.0, 1.0, False)


@given(alpha=alphas, before=st.integers(0, 50), after=st.integers(0, 50))
def test_one_mistake_alone_never_withdraws(alpha: float, before: int, after: int) -> None:
    found = watch_bound([False] * before + [True] + [False] * after, alpha)
    assert not found.is_broken
    assert found.highest <= 10.0


@given(alpha=alphas, history=st.lists(st.booleans(), max_size=60))
def test_the_bet_is_fair_at_the_bound_and_loses_below_it(alpha: float, history: list[bool]) -> None:
    """The supermartingale itself: what the capital is worth after one more account, on average, is what it was."""
    before = evidence(history, alpha)[-1] if history else 1.0
    if_none, if_error = (evidence([*history, one], alpha)[-1] for one in (False, True))
    average = (1 - alpha) * if_none + alpha * if_error
    assert average <= before * (1 + 1e-9)
    if if_error < 1e11:  # what is beyond is not counted any more
        assert average == pytest.approx(before, rel=1e-9)
        assert if_none < before < if_error


@given(alpha=alphas, history=st.lists(st.booleans(), min_size=1, max_size=60), place=st.integers(0, 59))
def test_one_mistake_more_is_never_less_evidence(alpha: float, history: list[bool], place: int) -> None:
    worse = list(history)
    worse[place % len(history)] = True
    assert watch_bound(worse, alpha).highest >= watch_bound(history, alpha).highest


def test_what_was_withdrawn_once_stays_so() -> None:
    """Whoever had looked on that day would have withdrawn it."""
    found = watch_bound([True, True] + [False] * 5_000, 0.01)
    assert found.evidence < 1.0
    assert found.is_broken


def test_figures_stay_finite() -> None:
    assert np.isfinite(evidence([True] * 2_000, 0.001)).all()


@pytest.mark.parametrize("alpha", [0.0, 1.0, -1.0, float("nan")])
def test_a_bound_that_is_none_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha"):
        watch_bound([True], alpha)


def test_years_without_a_mistake_do_not_hide_the_day_on_which_they_begin() -> None:
    """Capital that was staked at the beginning is lost by then; what begins later is not."""
    good = [False] * 3_000
    assert watch_bound([*good, *([False] * 9 + [True]) * 20], 0.01).is_broken
    assert DELTA == 0.05
