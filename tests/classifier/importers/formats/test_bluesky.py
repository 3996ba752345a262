from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROFILE: dict[str, Any] = {
    "did": "did:plc:aaaabbbbccccddddeeeeffff",
    "handle": "jane.northwind.example",
    "displayName": "Jane Roe",
    "description": "Chair of Northwind, https://northwind.example",
    "avatar": "https://cdn.bsky.app/img/avatar/plain/1",
    "website": "https://jane.example",
    "followersCount": 1000,
    "followsCount": 20,
    "postsCount": 400,
    "createdAt": "2023-05-01T12:00:00.123Z",
    "indexedAt": "2024-01-01T00:00:00Z",
    "verification": {"verifications": [], "verifiedStatus": "valid", "trustedVerifierStatus": "none"},
}


def test_every_field() -> None:
    assert import_account(PROFILE, "bluesky", now=NOW) == Imported(
        1,
        Account(
            handle="jane.northwind.example",
            platform="bluesky",
            account_id="did:plc:aaaabbbbccccddddeeeeffff",
            display_name="Jane Roe",
            bio="Chair of Northwind, https://northwind.example",
            links=("https://jane.example", "https://northwind.example"),
            followers=1000,
            following=20,
            posts=400,
            created_at=datetime(2023, 5, 1, 12, 0, 0, 123000, tzinfo=UTC),
            verified=True,
            verification="platform",
            default_avatar=False,
        ),
        None,
    )
    assert detect_format([PROFILE]) == "bluesky"


@pytest.mark.parametrize(
    ("verification", "verified"),
    [
        ({"verifiedStatus": "none", "trustedVerifierStatus": "none"}, False),
        ({"verifiedStatus": "invalid"}, False),
        ({"verifiedStatus": "none", "trustedVerifierStatus": "valid"}, True),
        ({}, None),
        (None, None),
        ("valid", None),
        ({"verifiedStatus": True}, None),
    ],
)
def test_verification(verification: object, verified: bool | None) -> None:
    account = import_account(PROFILE | {"verification": verification}, "bluesky", now=NOW).account
    assert account is not None
    assert account.verified is verified


def test_an_absent_avatar_is_not_known() -> None:
    row = {name: value for name, value in PROFILE.items() if name != "avatar"}
    account = import_account(row, "bluesky", now=NOW).account
    assert account is not None
    assert account.default_avatar is None


def test_a_handle_that_does_not_resolve_is_an_error() -> None:
    result = import_account(PROFILE | {"handle": "handle.invalid"}, "bluesky", now=NOW)
    assert result.account is None
    assert "resolve" in str(result.error)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([{"val": "parody"}], ("parody",)),
        ([{"val": "Satire-Account"}], ("parody",)),
        ([{"val": "!takedown"}, {"val": "fan"}], ("parody", "hidden")),
        ([{"val": "parody", "neg": True}], ()),
        ([{"val": "fantastic"}, {"val": 7}, 3], ()),
        (None, ()),
    ],
)
def test_labels(labels: object, found: tuple[str, ...]) -> None:
    account = import_account(PROFILE | {"labels": labels}, "bluesky", now=NOW).account
    assert account is not None
    assert account.platform_labels == found


def test_counts_of_what_was_taken_down_are_unknown() -> None:
    row = PROFILE | {"labels": [{"val": "!takedown"}], "followersCount": 0, "postsCount": 7}
    account = import_account(row, "bluesky", now=NOW).account
    assert account is not None
    assert (account.followers, account.posts) == (None, 7)
