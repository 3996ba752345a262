"""The failure that must never happen, on real accounts where they are at hand: a genuine account is cleared."""

from __future__ import annotations

from collections import Counter

import pytest

from classifier.model.account_model import AUDIENCE
from classifier.model_store import StoredModel
from classifier.registry.registry import Registry
from tests import real_data

pytestmark = pytest.mark.skipif(not real_data.DATA.is_dir(), reason="the real data (../shared/data) is not here")


@pytest.fixture(scope="module")
def public() -> Registry:
    return real_data.public(real_data.DATA)


@pytest.mark.parametrize("name", real_data.GENUINE)
def test_no_genuine_stranger_is_cleared_and_few_are_flagged(stored: StoredModel, public: Registry, name: str) -> None:
    reported = real_data.accounts(real_data.DATA / real_data.GENUINE[name])
    found = real_data.answers(stored, real_data.without(public, reported), reported)
    assert found["cleared"] == 0
    assert found["impersonation"] <= 0.02 * len(reported)


@pytest.mark.parametrize("name", ["congress, 2017", "verified, 2020"])
def test_the_registered_are_refused(stored: StoredModel, public: Registry, name: str) -> None:
    reported = real_data.accounts(real_data.DATA / real_data.GENUINE[name])
    registered = {account.handle.casefold() for account in public.accounts}
    own = [account for account in reported if account.handle.casefold() in registered]
    found = real_data.answers(stored, public.accounts, own)
    assert found == Counter(is_protected=len(own), refused=len(own))


@pytest.mark.parametrize("name", ["congress, 2017", "verified, 2020"])
def test_no_public_person_that_people_follow_is_flagged_by_the_account_alone(stored: StoredModel, name: str) -> None:
    """By the head that the stored model carries."""
    found = real_data.alone(stored, real_data.accounts(real_data.DATA / real_data.GENUINE[name]))
    assert found["not inauthentic"] > 100
    assert found[f"inauthentic, {AUDIENCE} followers or more"] == 0


def test_the_targets_of_real_impersonations_come_first(public: Registry) -> None:
    ranks = real_data.target_ranks(public, real_data.DATA)
    assert len(ranks) == 38
    assert sum(rank != 1 for rank in ranks) <= 2


@pytest.mark.parametrize("badge", [True, False])
def test_no_undeclared_campaign_account_is_cleared(stored: StoredModel, badge: bool) -> None:
    number, found = real_data.undeclared_campaigns(stored, real_data.DATA, badge=badge)
    assert number > 200
    assert found["cleared"] == 0
    # Far too many: the model of today calls 9 % of them impersonation, and 12 % without their badge. The goal is 1 %.
    assert found["impersonation"] <= 0.15 * number
