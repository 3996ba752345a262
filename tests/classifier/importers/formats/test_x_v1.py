from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import Imported, detect_format, import_account

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USER: dict[str, Any] = {
    "id": 1234567890123456789,
    "id_str": "1234567890123456789",
    "name": "Jane Roe",
    "screen_name": "NorthwindJane",
    "location": "Oslo",
    "description": "Chair of Northwind https://t.co/bio and https://t.co/unknown",
    "url": "https://t.co/home",
    "entities": {
        "url": {"urls": [{"url": "https://t.co/home", "expanded_url": "https://northwind.example"}]},
        "description": {"urls": [{"url": "https://t.co/bio", "expanded_url": "https://northwind.example/jane"}]},
    },
    "followers_count": 1000,
    "friends_count": 20,
    "listed_count": 3,
    "statuses_count": 400,
    "created_at": "Wed Feb 01 17:49:30 +0000 2012",
    "verified": True,
    "default_profile_image": False,
}


def imported(**changes: Any) -> Imported:
    return import_account(USER | changes, "x-v1", now=NOW)


def test_every_field() -> None:
    assert imported() == Imported(
        1,
        Account(
            handle="NorthwindJane",
            platform="x",
            account_id="1234567890123456789",
            display_name="Jane Roe",
            bio="Chair of Northwind https://t.co/bio and https://t.co/unknown",
            location="Oslo",
            links=("https://northwind.example", "https://northwind.example/jane", "https://t.co/unknown"),
            followers=1000,
            following=20,
            posts=400,
            listed=3,
            created_at=datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC),
            verified=True,
            verification="legacy",
            default_avatar=False,
        ),
        None,
    )


def test_the_format_is_recognised() -> None:
    assert detect_format([USER]) == "x-v1"


@pytest.mark.parametrize("missing", [None, "", "None"])
def test_a_large_number_for_an_id_is_exact_in_json(missing: object) -> None:
    result = imported(id_str=missing)
    assert result.account is not None
    assert result.account.account_id == "1234567890123456789"


@pytest.mark.parametrize("missing", [None, "", "None"])
def test_a_large_number_that_a_program_rounded_is_not_trusted(missing: object) -> None:
    result = imported(id_str=missing, id=1234567890123456800)
    assert result.account is not None
    assert result.account.account_id is None
    assert result.notes == ("account_id: a number that may have been rounded, treated as missing: give it as text",)


def test_a_small_number_for_an_id_is() -> None:
    result = import_account({"screen_name": "a", "id": 12}, "x-v1", now=NOW)
    assert result.account is not None
    assert result.account.account_id == "12"


@pytest.mark.parametrize(
    ("url", "default"),
    [
        ("https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png", True),
        ("https://pbs.twimg.com/profile_images/1/a.jpg", False),
        (None, None),
    ],
)
def test_the_picture_s_address_tells_where_the_flag_is_missing(url: str | None, default: bool | None) -> None:
    result = imported(default_profile_image=None, profile_image_url_https=url)
    assert result.account is not None
    assert result.account.default_avatar is default


@pytest.mark.parametrize(
    "entities",
    [None, [], {"url": None}, {"url": {"urls": "a"}}, {"url": {"urls": [None, {}, {"url": []}]}}, {"description": 1}],
)
def test_malformed_entities_leave_the_short_links(entities: object) -> None:
    result = imported(entities=entities)
    assert result.account is not None
    assert result.account.links == ("https://t.co/home", "https://t.co/bio", "https://t.co/unknown")


def test_what_no_platform_says_may_be_added() -> None:
    result = imported(observed_at="2025-06-01", avatar_pdq="ab" * 32, followed_by_target="false")
    assert result.account is not None
    assert result.account.observed_at == datetime(2025, 6, 1, tzinfo=UTC)
    assert result.account.avatar_pdq == "ab" * 32
    assert result.account.followed_by_target is False


def test_an_account_cannot_be_younger_than_its_profile() -> None:
    result = imported(observed_at="2011-01-01")
    assert result.account is not None
    assert result.account.created_at is None
    assert result.notes == ("created_at: after observed_at, treated as missing",)
