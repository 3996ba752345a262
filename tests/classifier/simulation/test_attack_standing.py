"""Standing of impersonators: as often as was counted, and drawn together."""

from typing import Any

import numpy as np
import pytest

from classifier.simulation.attack_standing import Sort, standing
from classifier.simulation.genuine_standing import OBSERVED


def drawn(sort: Sort, number: int = 4_000) -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    return [standing(rng, {sort: 1.0}) for _ in range(number)]


def days(found: list[dict[str, Any]]) -> np.ndarray[Any, Any]:
    return np.array([(OBSERVED - one["created_at"]).days for one in found])


@pytest.mark.parametrize(("most", "share"), [(0, 0.38), (1, 0.58), (3, 0.76), (10, 0.945), (30, 0.99)])
def test_new_accounts_have_the_followers_that_were_counted(most: int, share: float) -> None:
    assert np.mean([one["followers"] <= most for one in drawn("new")]) == pytest.approx(share, abs=0.025)


@pytest.mark.parametrize(("below", "share"), [(3, 0.04), (7, 0.31), (14, 0.57), (30, 0.80), (90, 0.95), (365, 0.99)])
def test_new_accounts_have_the_age_that_was_counted(below: int, share: float) -> None:
    assert np.mean(days(drawn("new")) < below) == pytest.approx(share, abs=0.025)


def test_clones_of_ordinary_people_follow_thousands_and_few_follow_them() -> None:
    found = drawn("bulk", 500)
    assert np.median([one["followers"] for one in found]) == pytest.approx(57, rel=0.15)
    assert np.median([one["following"] for one in found]) == pytest.approx(2_320, rel=0.15)


def test_aged_accounts_are_years_old_and_prominent_ones_followed() -> None:
    assert 7 < np.median(days(drawn("aged", 800))) / 365 < 10
    assert np.median([one["followers"] for one in drawn("prominent", 500)]) > 30_000
    assert any(one["verified"] for one in drawn("prominent", 50))
    assert not any(one["verified"] for one in drawn("new", 500))


@pytest.mark.parametrize("sort", ["new", "small", "aged", "bulk", "prominent"])
def test_counts_are_counts_and_nobody_is_younger_than_a_day(sort: Sort) -> None:
    found = drawn(sort, 300)
    assert min(days(found)) >= 1
    assert all(one["observed_at"] == OBSERVED for one in found)
    assert all(
        type(one[name]) is int and one[name] >= 0 for one in found for name in ("followers", "following", "posts")
    )
