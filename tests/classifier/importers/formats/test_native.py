from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.importers import Imported, ImportedProtected, detect_format, import_account, import_protected

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROW: dict[str, Any] = {
    "platform": "x",
    "account_id": "12",
    "handle": "@NorthwindJane",
    "display_name": "Jane Roe",
    "bio": "Chair of Northwind, https://northwind.example/bio",
    "location": "Oslo",
    "links": "https://northwind.example|https://jane.example",
    "followers": "1000",
    "following": "20",
    "posts": "400",
    "listed": "3",
    "created_at": "2012-02-01T17:49:30Z",
    "verified": "True",
    "default_avatar": "0",
    "avatar_pdq": "AB" * 32,
    "followed_by_target": "1",
    "observed_at": "2025-06-01",
}
PROTECTED: dict[str, Any] = {
    "platform": "x",
    "account_id": "12",
    "handle": "NorthwindJane",
    "display_name": "Jane Roe",
    "bio": "Chair of Northwind",
    "aliases": "J. Roe|J. Q. Roe",
    "roles": "Chair of Northwind",
    "former_handles": "@jane_roe",
    "links": "https://northwind.example",
    "secondary_ids": "13|14",
    "secondary_handles": "@JaneCampaign|JaneRoeOffice",
    "followers": "1000",
    "created_at": "2012-02-01",
    "verified": "1",
    "avatar_pdq": "ab" * 32,
    "tier": "High",
}


def test_every_column() -> None:
    assert import_account(ROW, "doublecheck", now=NOW) == Imported(
        1,
        Account(
            handle="NorthwindJane",
            platform="x",
            account_id="12",
            display_name="Jane Roe",
            bio="Chair of Northwind, https://northwind.example/bio",
            location="Oslo",
            links=("https://northwind.example", "https://jane.example", "https://northwind.example/bio"),
            followers=1000,
            following=20,
            posts=400,
            listed=3,
            created_at=datetime(2012, 2, 1, 17, 49, 30, tzinfo=UTC),
            verified=True,
            default_avatar=False,
            avatar_pdq="ab" * 32,
            followed_by_target=True,
            observed_at=datetime(2025, 6, 1, tzinfo=UTC),
        ),
        None,
    )


def test_only_the_handle_is_required() -> None:
    assert import_account({"handle": "jane"}, "doublecheck", now=NOW) == Imported(1, Account(handle="jane"), None)


def test_every_registry_column() -> None:
    assert import_protected(PROTECTED, row_number=3, now=NOW) == ImportedProtected(
        3,
        ProtectedAccount(
            platform="x",
            handle="NorthwindJane",
            account_id="12",
            display_name="Jane Roe",
            bio="Chair of Northwind",
            aliases=("J. Roe", "J. Q. Roe"),
            roles=("Chair of Northwind",),
            former_handles=("jane_roe",),
            links=("https://northwind.example",),
            secondary_ids=("13", "14"),
            secondary_handles=("JaneCampaign", "JaneRoeOffice"),
            followers=1000,
            created_at=datetime(2012, 2, 1, tzinfo=UTC),
            verified=True,
            avatar_pdq="ab" * 32,
            tier="high",
        ),
        None,
    )


def test_only_platform_and_handle_are_required_in_a_registry() -> None:
    expected = ImportedProtected(1, ProtectedAccount(platform="x", handle="jane"), None)
    assert import_protected({"platform": "Twitter", "handle": "jane"}, now=NOW) == expected


@pytest.mark.parametrize("platform", [None, "", "None", [], "a" * 51])
def test_a_protected_account_needs_a_platform(platform: object) -> None:
    result = import_protected({"platform": platform, "handle": "jane"}, row_number=4, now=NOW)
    assert result.account is None
    assert result.error is not None
    assert (result.reason, result.error.row, result.error.field) == ("platform_missing", 4, "platform")


@pytest.mark.parametrize(
    ("tier", "read"), [("standard", "standard"), (" HIGH ", "high"), ("", "standard"), (None, "standard")]
)
def test_known_tiers(tier: object, read: str) -> None:
    result = import_protected({"platform": "x", "handle": "jane", "tier": tier}, now=NOW)
    assert result.account is not None
    assert (result.account.tier, result.notes) == (read, ())


@pytest.mark.parametrize("tier", ["vip", 3, True, ["standard"], {}])
def test_an_unknown_tier_is_the_stricter_one(tier: object) -> None:
    result = import_protected({"platform": "x", "handle": "jane", "tier": tier}, now=NOW)
    assert result.account is not None
    assert result.account.tier == "high"
    assert result.notes == ("tier: unknown, treated as high: use standard or high",)


@pytest.mark.parametrize("name", ["suspended_handle", "screen_name", "username"])
def test_other_names_for_the_handle(name: str) -> None:
    row = {
        name: "jane",
        "name": "Jane Roe",
        "description": "Chair",
        "followers_count": "7",
        "created_date": "2012-02-01",
    }
    account = import_account(row, "doublecheck", now=NOW, default_platform="x").account
    assert account == Account(
        handle="jane",
        platform="x",
        display_name="Jane Roe",
        bio="Chair",
        followers=7,
        created_at=datetime(2012, 2, 1, tzinfo=UTC),
    )


def test_other_names_count_only_where_our_column_is_absent_or_empty() -> None:
    row = {"handle": "jane", "screen_name": "sam", "followers": "", "followers_count": "7"}
    assert import_account(row, "doublecheck", now=NOW).account == Account(handle="jane", followers=7)


def test_capitals_and_spaces_in_column_names_do_not_matter() -> None:
    """A tier or a secondary account in a column named "Tier" must not be lost without a word."""
    row = {"Platform": "x", "Handle": "jane", "Tier": "high", "Secondary Handles": "jane2", "Shoe size": "39"}
    imported = import_protected(row, now=NOW)
    assert imported.account is not None
    assert (imported.account.tier, imported.account.secondary_handles) == ("high", ("jane2",))
    assert imported.notes == ("shoe_size: not a column of ours, not read",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secondary_ids", [2234567890123456800]),
        ("secondary_ids", "223;5"),
        ("secondary_ids", "12|did:plc:abc"),
        ("secondary_handles", "Jane_Roe, RoeOffice"),
        ("secondary_handles", "https://x.com/home"),
        ("secondary_handles", "jane@social.example"),
        ("secondary_handles", [{"handle": "jane2"}]),
        ("former_handles", "Jane Roe"),
        ("former_handles", "https://x.com/i/user/12"),
        ("account_id", 1234567890123456800),
        ("account_id", "N/A"),
        ("account_id", "-1"),
        ("account_id", "012"),
        ("account_id", "@jane"),
        ("account_id", "9" * 19),
        ("handle", "Jane Roe"),
        ("handle", "https://www.tiktok.com/@jane"),
        ("handle", "https://bsky.app/profile/jane.example"),
    ],
)
def test_a_registry_row_whose_identity_cannot_be_used_is_rejected(field: str, value: object) -> None:
    """Left out with a note, the account would be unprotected and nobody would know."""
    imported = import_protected({"platform": "x", "handle": "jane", field: value}, now=NOW)
    assert (imported.account, imported.reason) == (None, "identity_unusable")
    assert imported.error is not None
    assert imported.error.field == field


def test_one_number_is_a_list_of_one() -> None:
    imported = import_protected({"platform": "x", "handle": "jane", "secondary_ids": 22345678}, now=NOW)
    assert imported.account is not None
    assert imported.account.secondary_ids == ("22345678",)


@pytest.mark.parametrize("value", ["u123", "0123", "unknown", "n/a", "0", "-1", "0" * 19, "9" * 19, "12a", "jane"])
def test_an_id_that_x_never_gave_proves_nothing(value: str) -> None:
    """Taken as it is, it would differ from the right one and prove two accounts where there is one."""
    imported = import_account({"platform": "x", "handle": "jane", "account_id": value}, "doublecheck", now=NOW)
    assert imported.account is not None
    assert imported.account.account_id is None
    assert imported.notes


@pytest.mark.parametrize(
    "row", [{"handle": "a"}, {"suspended_handle": "a"}, {"screen_name": "a"}, {"username": "a", "bio": "b"}, ROW]
)
def test_the_format_is_recognised(row: dict[str, Any]) -> None:
    assert detect_format([row]) == "doublecheck"


def test_columns_that_are_not_read_are_named() -> None:
    row = {"handle": "jane", "platform": "x", "Global Name": "Jane", "Jane's secret": "", "aliases": "J"}
    assert import_account(row, "doublecheck", now=NOW).notes == (
        "aliases: not a column of ours, not read",
        "global_name: not a column of ours, not read",
        "a column: not a column of ours, not read",
    )


def test_what_the_platform_says_may_be_told_in_our_columns() -> None:
    row = {
        "handle": "jane", "platform_labels": "parody|angry|hidden", "leads_to": "x:jane|mastodon:jane@home.example",
        "verified_links": "https://jane.example",
    }  # fmt: skip
    imported = import_account(row, "doublecheck", now=NOW)
    assert imported.account is not None
    assert imported.account.platform_labels == ("parody", "hidden")
    assert imported.account.leads_to == ("x:jane", "mastodon:jane@home.example")
    assert imported.account.verified_links == ("https://jane.example",)
    assert imported.notes == ("platform_labels: one that is none of parody, hidden left out",)


def test_a_report_names_the_reported_one_and_not_who_reports() -> None:
    row = {"username": "goodneighbour", "reported_username": "quill_press", "platform": "x"}
    found = import_account(row, "doublecheck", now=NOW).account
    assert found is not None
    assert found.handle == "quill_press"


def test_addresses_of_profiles_are_read() -> None:
    row = {"Profile URL": "https://x.com/quill_press", "Account\u00a0ID\u200b": "7123456", "followers": "12"}
    found = import_account(row, detect_format([row]), now=NOW).account
    assert found == Account(platform="x", handle="quill_press", account_id="7123456", followers=12)
