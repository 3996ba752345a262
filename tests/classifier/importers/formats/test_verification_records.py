from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.importers import import_protected

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DID = "did:plc:abcdefghijklmnopqrstuvwx"
RECORD: dict[str, Any] = {
    "$type": "app.bsky.graph.verification", "subject": DID, "handle": "jane.example", "displayName": "Jane Roe",
    "createdAt": "2025-04-21T10:00:00Z",
}  # fmt: skip
URI = "at://did:plc:verifierverifierverifie2/app.bsky.graph.verification/3k"
OZONE = {name: value for name, value in RECORD.items() if name != "$type"} | {"uri": URI, "issuer": "did:plc:v"}
JANE = ProtectedAccount(platform="bluesky", handle="jane.example", account_id=DID, display_name="Jane Roe")


@pytest.mark.parametrize("row", [RECORD, {"uri": URI, "cid": "b", "value": RECORD}, OZONE])
def test_whom_a_verifier_verified_is_protected(row: dict[str, Any]) -> None:
    assert import_protected(row, now=NOW).account == JANE


def test_as_csv_it_takes_the_platform_s_name() -> None:
    row = {"subject": DID, "handle": "jane.example", "displayName": "Jane Roe"}
    assert import_protected(row, now=NOW, default_platform="Bluesky").account == JANE
    assert import_protected(row, now=NOW).account is None


X_USER = {
    "id": "12",
    "username": "jane_roe",
    "name": "Jane Roe",
    "public_metrics": {"followers_count": 7},
    "tier": "high",
}


@pytest.mark.parametrize(
    ("row", "protected"),
    [
        (
            X_USER,
            ProtectedAccount(
                platform="x", handle="jane_roe", account_id="12", display_name="Jane Roe", followers=7, tier="high"
            ),
        ),
        (
            {"did": DID, "handle": "jane.example", "displayName": "Jane Roe", "secondary_handles": "two.example"},
            ProtectedAccount(
                platform="bluesky",
                handle="jane.example",
                account_id=DID,
                display_name="Jane Roe",
                secondary_handles=("two.example",),
            ),
        ),
        (
            {"id": "17", "acct": "jane", "display_name": "Jane Roe", "url": "https://social.example/@jane", "note": ""},
            ProtectedAccount(
                platform="mastodon", handle="jane@social.example", account_id="17", display_name="Jane Roe"
            ),
        ),
        (
            {"id_str": "12", "screen_name": "jane_roe", "name": "Jane Roe", "followers_count": 7},
            ProtectedAccount(platform="x", handle="jane_roe", account_id="12", display_name="Jane Roe", followers=7),
        ),
    ],
)
def test_a_platform_s_own_object_says_its_platform(row: dict[str, Any], protected: ProtectedAccount) -> None:
    assert import_protected(row, now=NOW).account == protected


def test_a_users_table_is_of_the_platform_that_is_named_and_of_none_else() -> None:
    row = {"id": 12, "username": "jane_roe", "name": "Jane Roe"}
    assert import_protected(row, now=NOW).account is None
    found = import_protected(row | {"secret": "s"}, now=NOW, default_platform="my forum")
    assert found.account == ProtectedAccount(
        platform="my forum", handle="jane_roe", account_id="12", display_name="Jane Roe"
    )
    assert "secret: not a column of ours, not read" in found.notes


def test_an_object_whose_identity_cannot_be_used_is_refused() -> None:
    for change in ({"id": "N/A"}, {"username": "Jane Roe"}, {"secondary_ids": "1.2E+18"}, {"secondary_handles": "a b"}):
        found = import_protected(X_USER | change, now=NOW)
        assert found.account is None
        assert found.error is not None
        assert found.error.field is not None
