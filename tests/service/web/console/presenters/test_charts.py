from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from service.schemas.checks import CheckResponse, EvidenceOut
from service.web.console.presenters.charts import FULL_BAR, MARGIN, SHOWN_BARS, ages, audiences, chart, gauge
from tests.service.conftest import ASSESSMENTS, NOW, canned
from tests.service.web.console.answers import response_to

TARGET = ProtectedAccount(platform="x", handle="a", followers=2_400_000, created_at=datetime(2011, 3, 4, tzinfo=UTC))
COUNTS = st.integers(0, 10**10)


def places(scale):
    return [marker.place for marker in scale.markers]


@given(COUNTS, COUNTS)
def test_the_larger_audience_is_further_right_and_within_the_scale(one, other):
    first, second = places(audiences(Account(handle="a", followers=one), replace(TARGET, followers=other)))
    assert MARGIN <= min(first, second) <= max(first, second) <= 100 - MARGIN
    if one >= other:
        assert first >= second


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_the_older_account_is_further_right_and_within_the_scale(one, other):
    account = Account(handle="a", created_at=NOW - timedelta(days=one))
    first, second = places(ages(account, replace(TARGET, created_at=NOW - timedelta(days=other)), at=NOW))
    assert MARGIN <= min(first, second) <= max(first, second) <= 100 - MARGIN
    if one >= other:
        assert first >= second


def test_both_values_are_in_words_and_the_unknown_has_no_place():
    known = audiences(Account(handle="a", followers=1), TARGET)
    assert [marker.words for marker in known.markers] == ["1 follower", "2,400,000 followers"]
    unknown = ages(Account(handle="a"), TARGET, at=NOW)
    assert [(marker.words, marker.place is None) for marker in unknown.markers] == [
        ("unknown", True),
        ("15 years, since 2011-03-04", False),
    ]
    assert len(audiences(Account(handle="a"), None).markers) == 1


def test_an_account_from_the_future_is_new():
    scale = ages(Account(handle="a", created_at=NOW + timedelta(days=1)), None, at=NOW)
    assert (scale.markers[0].place, scale.markers[0].words) == (MARGIN, "less than a day, since 2026-05-02")


@given(COUNTS)
def test_labels_of_a_scale_have_room(followers):
    """At 320 pixels a label takes a seventh of the scale."""
    scale = audiences(Account(handle="a", followers=followers), None)
    labelled = [tick.place for tick in scale.ticks if tick.label]
    assert all(after - before > 13 for before, after in pairwise(labelled))


# --- evidence --------------------------------------------------------------------------------------------------------


def evidence(*contributions):
    return [
        EvidenceOut(feature="f", explanation="E", value=None, reported="", protected="", contribution=one)
        for one in contributions
    ]


def response(*contributions, **changes) -> CheckResponse:
    answered = response_to(ASSESSMENTS["impersonation"])
    return answered.model_copy(update={"evidence": evidence(*contributions)} | changes)


@given(st.lists(st.floats(-50, 50), max_size=30))
def test_bars_stay_within_their_half_and_are_ranked(contributions):
    drawn = chart(response(*contributions))
    bars = [*drawn.bars, *drawn.more]
    assert len(drawn.bars) == min(len(contributions), SHOWN_BARS)
    sizes = [abs(bar.item.contribution) for bar in bars]
    assert sizes == sorted(sizes, reverse=True)
    for bar in bars:
        assert 0 <= bar.start <= 50
        assert bar.start + bar.width <= 100
        assert bar.is_cut == (abs(bar.item.contribution) > FULL_BAR)


def test_a_bar_speaks_for_or_against_or_neither_way():
    assert [bar.side for bar in chart(response(2.0, -1.0, 0.001)).bars] == ["for", "against", "neither"]


def test_the_sum_is_explained():
    total = chart(response(4.0, 1.0, -1.0)).total
    assert total == (
        "For imitation +5.00, against it -1.00, and +0.82 to begin with (how rare imitation is, and what is too small "
        "to show): together +4.82, which is a probability of 99.2 %."
    )


@pytest.mark.parametrize("changes", [{"relation": "unrelated"}, {"impersonation_probability": 1.0}])
def test_no_sum_is_claimed_where_none_is_known(changes):
    assert chart(response(4.0, -1.0, **changes)).total == "For imitation +4.00, against it -1.00."
    assert chart(response(**changes)).total == ""


# --- the threshold ---------------------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_mark_is_on_the_side_that_the_words_say(probability, threshold):
    certificate = replace(canned().certificate, threshold=threshold)
    drawn = gauge(response_to(canned(clearing_probability=probability, certificate=certificate)))
    assert MARGIN <= drawn.place <= 100 - MARGIN
    assert ("not above" in drawn.words) == (probability <= threshold)
    assert drawn.place >= drawn.threshold if probability > threshold else drawn.place <= drawn.threshold


def test_a_close_probability_is_told_apart_in_words():
    certificate = replace(canned().certificate, threshold=0.98761)
    drawn = gauge(response_to(canned(clearing_probability=0.98764, certificate=certificate)))
    assert drawn.words == (
        "98.764 % without the strongest kind of evidence (the handle) is above the certified threshold of 98.761 %."
    )


def test_an_answer_of_before_is_held_against_the_threshold_as_it_was_then():
    before = response_to(canned()).model_copy(update={"clearing_probability": None, "strongest_kind": None})
    assert gauge(before).words == "99.2 % is above the certified threshold of 90.0 %."


def test_without_a_certificate_there_is_no_threshold():
    drawn = gauge(response_to(ASSESSMENTS["no_certificate"]))
    assert drawn.threshold is None
    assert drawn.words == (
        "95.1 % without the strongest kind of evidence (the handle); no certified threshold to hold it against."
    )
