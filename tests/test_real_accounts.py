"""What the account head promises, on real sources it did not see, where they are at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.model.account_features import COUNT_NAMES, PROFILE_NAMES
from classifier.model.account_model import AUDIENCE
from classifier.model.scorecard import default_account_model
from tests import real_accounts, real_data
from tests.real_accounts import BOTOMETER, PUBLIC_PEOPLE, VERIFIED, Labelled

PUBLIC = (VERIFIED, *PUBLIC_PEOPLE)

pytestmark = pytest.mark.skipif(
    not (real_data.DATA / real_accounts.FILE).is_file(), reason="the real data (../shared/data) is not here"
)


@pytest.fixture(scope="module")
def data() -> Labelled:
    return real_accounts.read(real_data.DATA)


@pytest.fixture(scope="module")
def found(data: Labelled) -> pd.DataFrame:
    return real_accounts.transfer(data, real_accounts.scorecard, genuine=PUBLIC)


@pytest.fixture(scope="module")
def before(data: Labelled) -> pd.DataFrame:
    """The same of followers, lists and posts alone."""
    return real_accounts.transfer(data, real_accounts.BEFORE, genuine=PUBLIC)


def test_the_packages_scorecard_is_learned_from_these_accounts(data: Labelled) -> None:
    learned, shipped = data.learn(), default_account_model()
    assert learned.steps == shipped.steps
    assert learned.platforms == shipped.platforms
    assert learned.calibration.slope == pytest.approx(shipped.calibration.slope, abs=1e-3)
    assert learned.calibration.offset == pytest.approx(shipped.calibration.offset, abs=1e-3)
    assert learned.certificate is not None
    assert shipped.certificate is not None
    assert learned.certificate.n == shipped.certificate.n
    assert learned.certificate.threshold == pytest.approx(shipped.certificate.threshold, abs=1e-3)


def test_verified_and_bought_or_spam_accounts_are_told_apart_neither_of_them_seen(found: pd.DataFrame) -> None:
    unseen = found[found["genuine"] == VERIFIED]
    assert unseen["AUC"].mean() >= 0.98
    assert unseen[unseen["fake"] != BOTOMETER]["AUC"].min() >= 0.97
    assert unseen["AUC"].min() >= 0.85


@pytest.mark.parametrize("source", PUBLIC)
def test_whom_it_follows_and_its_years_tell_more_than_the_three_counts(
    found: pd.DataFrame, before: pd.DataFrame, source: str
) -> None:
    """Of the sources that were left out; the least for those that are told apart worst."""
    now, then = (rows[rows["genuine"] == source]["AUC"] for rows in (found, before))
    assert now.mean() > then.mean()
    assert now.min() >= then.min() + 0.05


def test_the_transferred_threshold_finds_most_fakes_and_no_public_person(found: pd.DataFrame) -> None:
    """Of all together; some campaigns are hardly found at all."""
    assert found["certified"].all()
    assert found["flagged"].max() <= 0.001
    for source in PUBLIC:
        of = found[found["genuine"] == source]
        assert np.average(of["found"], weights=of["fakes"]) >= 0.60


def test_it_rarely_has_no_answer_for_genuine_accounts(found: pd.DataFrame) -> None:
    assert found["no answer, genuine"].max() <= 0.02


@pytest.mark.parametrize("name", ["congress, 2017", "verified, 2020"])
def test_no_public_person_with_an_audience_is_flagged(name: str) -> None:
    people = real_data.accounts(real_data.DATA / real_data.GENUINE[name])
    followed = [one for one in people if (one.followers or 0) >= AUDIENCE]
    assert not any(one.inauthentic for one in default_account_model().assess_many(followed))


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_the_bound_holds_where_a_count_is_missing(data: Labelled, name: str) -> None:
    """The certificate rests on accounts with every count; hiding one makes nobody of them flagged."""
    hidden: dict[str, Any] = {"created_at" if name == "years" else name: None}
    followed = [replace(one, **hidden) for one in data.of(data.guarded).accounts]
    assert np.mean([one.inauthentic is True for one in default_account_model().assess_many(followed)]) <= 0.001


def test_the_fakes_of_a_platform_never_learned_from_are_told_better_than_by_the_three_counts() -> None:
    """Bought followers of Instagram, of which lists and ages are not known; it is told to nobody."""
    directory = real_data.DATA / "accounts" / "instagram"
    now = real_accounts.instagram(directory, real_accounts.points)
    before = real_accounts.instagram(directory, lambda one: real_accounts.points(one, COUNT_NAMES))
    assert len(now) == 2
    assert all(now[name] >= before[name] + 0.01 for name in now)
