"""Numbers: how well known an account is, from what is known of it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import numeric
from classifier.features.numeric import HIGH_TIER, PROMINENCE, VOUCHED, WIDTH, prominence
from tests.classifier.features.accounts import protected_accounts, reported_accounts

NOBODY = ProtectedAccount(platform="x", handle="jane")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, math.nan),
        ({"verified": False}, math.nan),
        ({"verified": True}, VOUCHED),
        ({"tier": "high"}, HIGH_TIER),
        ({"tier": "high", "verified": True}, HIGH_TIER),
        ({"followers": 0}, 0.0),
        ({"followers": 999}, 3.0),
        ({"followers": 999, "verified": True}, 3.0),
        ({"followers": 999, "tier": "high"}, HIGH_TIER),
        ({"followers": 10**9 - 1, "tier": "high"}, 9.0),
    ],
)
def test_an_audience_says_how_well_known_somebody_is_and_the_tier_at_least_so_much(
    known: dict[str, object], expected: float
) -> None:
    account = replace(NOBODY, **known)  # type: ignore[arg-type]
    np.testing.assert_allclose(prominence(account), expected)
    np.testing.assert_allclose(numeric.row(View(account))[PROMINENCE], expected)


@given(protected_accounts, st.integers(0, 10**10), st.integers(0, 10**9))
def test_more_followers_never_make_less_known(account: ProtectedAccount, followers: int, more: int) -> None:
    fewer = prominence(replace(account, followers=followers))
    assert 0.0 <= fewer <= prominence(replace(account, followers=followers + more))


@given(reported_accounts | protected_accounts)
def test_every_account_has_a_number_in_each_column_or_none(account: Account | ProtectedAccount) -> None:
    row = numeric.row(View(account))
    assert len(row) == WIDTH
    assert not any(map(math.isinf, row))
    np.testing.assert_array_equal(numeric.rows([View(account)] * 2), [row, row])
