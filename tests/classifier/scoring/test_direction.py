"""Who copies whom (R2): swapping the two accounts swaps the sign, and what is not known tells nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, Pair, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import numeric
from classifier.scoring.direction import SAME_AGE, SAME_AUDIENCE, agreed, direction, directions, signs

OLD, YOUNG = datetime(2009, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)

known: dict[str, Any] = {
    "followers": st.none() | st.integers(0, 5) | st.integers(0, 10**10),
    "created_at": st.none() | st.sampled_from([OLD, YOUNG]) | st.datetimes(timezones=st.just(UTC)),
    "verified": st.none() | st.booleans(),
}
pairs = st.builds(
    Pair,
    st.builds(Account, handle=st.just("a"), platform=st.just("x"), **known),
    st.builds(ProtectedAccount, handle=st.just("b"), platform=st.just("x"), **known),
)


def pair(reported: dict[str, Any], protected: dict[str, Any]) -> Pair:
    return Pair(Account(handle="a", **reported), ProtectedAccount(platform="x", handle="b", **protected))


@given(pairs)
def test_swapping_a_pair_flips_who_copies_whom(pair: Pair) -> None:
    assert direction(pair.swapped()) == -direction(pair)


@given(pairs)
def test_an_account_and_itself_tell_nothing(pair: Pair) -> None:
    reported = pair.reported
    twin = replace(
        pair.protected, followers=reported.followers, created_at=reported.created_at, verified=reported.verified
    )
    assert direction(Pair(reported, twin)) == 0


@pytest.mark.parametrize(
    ("reported", "protected", "sign"),
    [
        ({}, {}, 0),
        ({"verified": False}, {"verified": True}, 1),
        ({"verified": True}, {"verified": False}, -1),
        ({"followers": 10}, {"followers": 1_000}, 1),
        ({"created_at": YOUNG}, {"created_at": OLD}, 1),
        ({"created_at": OLD}, {"created_at": YOUNG}, -1),
        ({"created_at": OLD + SAME_AGE}, {"created_at": OLD}, 0),
        ({"created_at": OLD + SAME_AGE + timedelta(seconds=1)}, {"created_at": OLD}, 1),
        # verification before audience, audience before age
        ({"verified": False, "followers": 10**6}, {"verified": True, "followers": 10}, 1),
        ({"followers": 10, "created_at": OLD}, {"followers": 1_000, "created_at": YOUNG}, 1),
        # what is the same, near, or known of one side only leaves the question to the next
        ({"verified": True, "followers": 10}, {"verified": True, "followers": 1_000}, 1),
        ({"followers": 100, "created_at": YOUNG}, {"followers": 100 * SAME_AUDIENCE, "created_at": OLD}, 1),
        ({"verified": True, "followers": 10}, {"followers": 1_000}, 1),
        ({"followers": 10**6}, {"verified": True}, 0),
    ],
)
def test_verification_then_audience_then_age_tell_the_original(
    reported: dict[str, Any], protected: dict[str, Any], sign: int
) -> None:
    assert direction(pair(reported, protected)) == sign


@given(pairs, st.integers(1, 10**10))
def test_a_larger_audience_never_makes_a_copy_of_an_original(pair: Pair, more: int) -> None:
    if pair.reported.followers is not None:
        larger = Pair(replace(pair.reported, followers=pair.reported.followers + more), pair.protected)
        assert direction(larger) <= direction(pair)


@given(pairs)
def test_greater_age_and_a_verification_never_make_a_copy_of_an_original(pair: Pair) -> None:
    if pair.reported.created_at is not None:
        older = replace(pair.reported, created_at=min(OLD, pair.reported.created_at))
        assert direction(Pair(older, pair.protected)) <= direction(pair)
    if pair.reported.verified is False:
        assert direction(Pair(replace(pair.reported, verified=True), pair.protected)) <= direction(pair)


@given(st.lists(pairs, min_size=1, max_size=5))
def test_many_pairs_at_once_have_the_direction_of_each(pairs: list[Pair]) -> None:
    ours, theirs = (
        numeric.standing(numeric.rows(map(View, side)))
        for side in ([one.reported for one in pairs], [one.protected for one in pairs])
    )
    np.testing.assert_array_equal(directions(ours, theirs), [direction(one) for one in pairs])


@given(pairs)
def test_swapping_a_pair_flips_whom_the_signs_agree_on(pair: Pair) -> None:
    assert agreed(pair.swapped()) == -agreed(pair)


@given(pairs)
def test_signs_agree_only_where_two_say_so_and_none_says_otherwise(pair: Pair) -> None:
    found = list(signs(pair).values())
    for side in (1, -1):
        assert (agreed(pair) == side) == (found.count(side) >= 2 and -side not in found)
    if agreed(pair):
        assert direction(pair) == agreed(pair)


@given(pairs, st.integers(1, 10**10))
def test_more_followers_greater_age_or_a_verification_never_make_the_signs_agree_on_the_other(
    pair: Pair, more: int
) -> None:
    reported = pair.reported
    if reported.followers is not None:
        assert agreed(Pair(replace(reported, followers=reported.followers + more), pair.protected)) <= agreed(pair)
    if reported.created_at is not None:
        older = replace(reported, created_at=min(OLD, reported.created_at))
        assert agreed(Pair(older, pair.protected)) <= agreed(pair)
    if reported.verified is False:
        assert agreed(Pair(replace(reported, verified=True), pair.protected)) <= agreed(pair)


@pytest.mark.parametrize(
    ("reported", "protected", "sign"),
    [
        ({}, {}, 0),
        ({"verified": False}, {"verified": True}, 0),
        ({"followers": 10}, {"followers": 10**6}, 0),
        ({"created_at": YOUNG}, {"created_at": OLD}, 0),
        ({"verified": False, "followers": 10}, {"verified": True, "followers": 10**6}, 1),
        ({"followers": 10, "created_at": YOUNG}, {"followers": 10**6, "created_at": OLD}, 1),
        ({"verified": False, "created_at": YOUNG}, {"verified": True, "created_at": OLD}, 1),
        # verification says one thing, a hundredfold audience and ten more years the other
        (
            {"verified": False, "followers": 10**8, "created_at": OLD},
            {"verified": True, "followers": 10**6, "created_at": YOUNG},
            0,
        ),
        (
            {"verified": False, "followers": 10, "created_at": OLD},
            {"verified": True, "followers": 10**6, "created_at": YOUNG},
            0,
        ),
    ],
)
def test_one_sign_never_decides_and_contradictory_ones_tell_nothing(
    reported: dict[str, Any], protected: dict[str, Any], sign: int
) -> None:
    assert agreed(pair(reported, protected)) == sign
    assert agreed(pair(reported, protected).swapped()) == -sign
