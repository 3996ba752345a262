from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts import Account
from service.console.views import compare, percent
from service.schemas.checks import TargetOut


def target(**changes):
    values = {"platform": "x", "account_id": None, "handle": "JaneRoe", "display_name": None, "followers": None}
    return TargetOut(**(values | {"created_at": None, "verified": None, "tier": "high"} | changes))


def marks(account, protected):
    return {row.label: row.mark for row in compare(account, protected)}


def test_missing_is_neither_same_nor_different():
    assert marks(Account(handle="JaneRoe"), target()) == {
        "Handle": "same", "Display name": "unknown", "Platform": "unknown", "Platform's id": "unknown",
        "Followers": "unknown", "Created": "unknown", "Verified": "unknown",
    }  # fmt: skip


def test_what_is_given_on_both_sides_is_compared():
    day = datetime(2020, 1, 1, tzinfo=UTC)
    account = Account(handle="JaneR0e", followers=0, verified=False, created_at=day)
    found = marks(account, target(followers=0, verified=True, created_at=day))
    assert (found["Handle"], found["Followers"], found["Verified"], found["Created"]) == (
        "differs",
        "same",
        "differs",
        "same",
    )


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_marked_pieces_add_up_to_the_whole_name(reported, protected):
    row = next(compare(Account(handle=reported), target(handle=protected)))
    assert "".join(text for text, _ in row.reported) == reported
    assert "".join(text for text, _ in row.protected) == protected
    assert (row.mark == "same") == (reported == protected)


@pytest.mark.parametrize("probability", [1.0, 0.99999, 0.0, 1e-9])
def test_no_probability_is_shown_as_certain(probability):
    assert percent(probability) not in {"100.0 %", "0.0 %"}
