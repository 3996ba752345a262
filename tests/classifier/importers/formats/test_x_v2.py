from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USER: dict[str, Any] = {
    "id": "1234567890123456789",
    "name": "Jane Roe",
    "username": "NorthwindJane",
    "created_at": "2012-02-01T17:49:30.000Z",
    "description": "Chair of Northwind",
    "location": "Oslo",
    "url": "https://t.co/home",
    "entities": {"url": {"urls": [{"url": "https://t.co/home", "expanded_url": "https://northwind.example"}]}},
    "public_metrics": {"followers_count": 1000, "following_count": 20, "tweet_count": 400, "listed_count": 3},
    "verified": True,
    "verified_type": "business",
    "profile_image_url": "https://pbs.twimg.com/profile_images/1/a.jpg",
}


def test_every_field() -> None:
    assert import_account(USER, "x-v2", row_number=7, now=NOW) == Imported(
        7,
        Account(
            handle="NorthwindJane",
            platform="x",
            account_id="1234567890123456789",
            display_name="Jane Roe",
            bio="Chair of Northwind",
            location="Oslo",
            links=("https://northwind.example",),
            followers=1000,
            following=20,
            posts=400,
            listed=3,
            created_at=datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC),
            verified=True,
            verification="organisation",
            default_avatar=False,
        ),
        None,
    )


@pytest.mark.parametrize(
    "row",
    [
        USER,
        {"id": "1", "name": "Jane", "username": "jane"},
        {"id": "1", "name": "Jane", "username": "jane", "description": "", "verified_type": "none"},
        {"username": "jane", "public_metrics": None},
    ],
)
def test_the_format_is_recognised(row: dict[str, Any]) -> None:
    assert detect_format([row]) == "x-v2"


def test_research_sets_prefix_ids_and_write_words_for_values() -> None:
    changes = {"id": "u123 ", "verified": "False ", "location": "None", "created_at": "2012-02-01 17:49:30+00:00 "}
    row = USER | changes | {"verified_type": None}
    account = import_account(row, "x-v2", now=NOW).account
    assert account is not None
    assert (account.account_id, account.verified, account.location) == ("123", False, None)
    assert account.created_at == datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC)


@pytest.mark.parametrize("metrics", [None, 3, [], "None", {}])
def test_missing_metrics(metrics: object) -> None:
    account = import_account(USER | {"public_metrics": metrics}, "x-v2", now=NOW).account
    assert account is not None
    assert (account.followers, account.following, account.posts, account.listed) == (None,) * 4
