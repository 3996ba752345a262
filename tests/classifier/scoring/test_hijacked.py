from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.scoring.hijacked import AUDIENCE, LATELY, OLD, maybe_hijacked

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TARGET = ProtectedAccount(platform="x", account_id="1", handle="NorthwindJane", display_name="Jane Quillon")
TAKEN = Account(
    platform="x", account_id="2", handle="N0rthwindJane", followers=AUDIENCE, created_at=NOW - OLD,
    former_handles=("bakes_in_oslo",), renamed_at=NOW - LATELY,
)  # fmt: skip


def is_hijacked(**changes: Any) -> bool:
    return [one.code for one in maybe_hijacked(replace(TAKEN, **changes), TARGET, NOW)] == ["maybe_hijacked"]


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"renamed_at": None}, {"renamed_at": NOW + timedelta(days=1)}, {"former_handles": ()},
        {"followers": None}, {"created_at": None}, {"handle": "bakes2", "display_name": "Jane Quillon"},
        {"handle": "jane_quillon_gives"}, {"former_handles": ("bakes_in_oslo", "NorthwindJan3")},
    ],
)  # fmt: skip
def test_an_old_followed_account_with_another_look_before(changes: dict[str, Any]) -> None:
    assert is_hijacked(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"followers": AUDIENCE - 1}, {"created_at": NOW - OLD + timedelta(seconds=1)},
        {"followers": None, "created_at": None}, {"renamed_at": NOW - LATELY - timedelta(seconds=1)},
        {"renamed_at": None, "former_handles": ()}, {"former_handles": ("NorthwindJan3",)}, {"handle": "bakes2"},
    ],
)  # fmt: skip
def test_what_is_none(changes: dict[str, Any]) -> None:
    assert not is_hijacked(**changes)
