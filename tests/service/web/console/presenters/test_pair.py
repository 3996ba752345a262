"""Two accounts side by side: nothing is said to be unknown that only was not given here."""

from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import ProtectedAccount
from service.errors import RecordsError
from service.schemas.checks import TargetOut
from service.web.console.presenters.pair import pair_of

NOW = datetime(2026, 7, 1, tzinfo=UTC)
REPORTED: dict[str, Any] = {
    "handle": "JaneR0e", "platform": "x", "display_name": "Jane Roe", "bio": "Chair of Northwind.", "followers": 12,
    "links": ["https://x.example"],
}  # fmt: skip
TARGET = ProtectedAccount(
    platform="x", handle="JaneRoe", display_name="Jane Roe", bio="Chair of Northwind.", links=("https://y.example",),
    followers=2_000_000, roles=("Chair of Northwind",),
)  # fmt: skip
SHORT = TargetOut(**{name: getattr(TARGET, name) for name in TargetOut.model_fields})


def words(target: ProtectedAccount | TargetOut | None) -> dict[str, str]:
    return {row.label: row.words for row in pair_of(REPORTED, target, NOW).rows}


def test_of_a_protected_account_in_full_every_line_is_compared() -> None:
    found = words(TARGET)
    assert (found["Bio"], found["Links"]) == ("same", "differs")
    assert "Roles" in found


def test_what_an_answer_does_not_tell_of_it_is_not_called_unknown() -> None:
    found = words(SHORT)
    assert (found["Bio"], found["Links"]) == ("not compared", "not compared")
    assert found["Display name"] == "same"
    assert not {"Roles", "Tier"} & set(found)


def test_an_account_that_resembles_nobody_stands_alone() -> None:
    assert pair_of(REPORTED, None, NOW).target is None
    assert set(words(None).values()) == {""}


def test_numbers_are_counted_out_and_what_is_not_given_is_not_known() -> None:
    assert pair_of(REPORTED, TARGET, NOW).numbers == (
        ("Followers", "12", "2,000,000"), ("Created", "not known", "not known"), ("Posts", "not known", "not known"),
    )  # fmt: skip


def test_an_account_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(RecordsError):
        pair_of({"handle": ""}, TARGET, NOW)
