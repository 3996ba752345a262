"""Standing of genuine accounts: as counted, with the new and the tiny ones that nobody collects."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from classifier.simulation.genuine_standing import (
    ANEW,
    DESK,
    KNOWN,
    NEW_DAYS,
    OBSERVED,
    PEOPLE,
    TINY_FOLLOWERS,
    Standing,
    standing,
)


def drawn(kind: Standing, number: int = 3_000) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    found = [standing(rng, kind) for _ in range(number)]
    ages = [(one["observed_at"] - one["created_at"]).days for one in found]
    return {name: np.array([one[name] for one in found]) for name in ("followers", "verified")} | {
        "days": np.array(ages)
    }


@pytest.mark.parametrize("kind", [PEOPLE, KNOWN, DESK, ANEW])
def test_as_many_are_new_as_said_and_none_is_older_than_the_platform(kind: Standing) -> None:
    found = drawn(kind)
    assert np.mean(found["days"] <= NEW_DAYS) == pytest.approx(kind.new, abs=0.04)
    assert found["days"].min() >= 1
    assert OBSERVED - timedelta(days=int(found["days"].max())) > OBSERVED.replace(year=2006)
    assert not found["verified"][found["days"] < NEW_DAYS].any()


def test_ordinary_people_have_as_many_followers_as_were_counted_and_some_hardly_any() -> None:
    followers = drawn(PEOPLE)["followers"]
    assert 0.1 < np.mean(followers < TINY_FOLLOWERS) < 0.22
    assert 200 < np.median(followers) < 806
    assert 3_550 < np.percentile(followers, 95) < 64_600


def test_without_the_new_and_the_tiny_the_median_is_the_one_given() -> None:
    followers = drawn(replace(KNOWN, new=0.0, tiny=0.0))["followers"]
    assert np.median(followers) == pytest.approx(KNOWN.followers, rel=0.1)
