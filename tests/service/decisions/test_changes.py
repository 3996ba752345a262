"""What changed since an account was judged: every column is compared, and no gap hides a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.accounts.columns import REPORTED
from service.decisions.changes import AUDIENCE_SLACK, COUNTS, FLAGS, JUDGED, PROFILE, changes

MADE = datetime(2024, 5, 1, 9, 30, 15, tzinfo=UTC)
THEN = Account(
    handle="jane_r0e",
    platform="x",
    account_id="9001",
    display_name="Jane Roe",
    bio="Chair of Northwind.",
    location="Tarnholt",
    links=("https://northwind.example", "https://roe.example"),
    followers=1_000,
    following=40,
    posts=900,
    listed=3,
    created_at=MADE,
    verified=False,
    default_avatar=False,
    avatar_pdq="f0" * 32,
    followed_by_target=False,
    observed_at=MADE + timedelta(days=90),
    verification="paid",
    platform_labels=("parody",),
    leads_to=("mastodon:jane@social.example",),
    verified_links=("https://roe.example",),
    former_handles=("bakes_in_oslo",),
    renamed_at=MADE + timedelta(days=80),
)
BARE = Account(handle="jane_r0e", platform="x", account_id="9001")
OTHERWISE: dict[str, Any] = {
    "display_name": "Jane Doe",
    "bio": "Parody.",
    "location": "elsewhere",
    "links": ("https://northwind.example",),
    "verified_links": ("https://other.example",),
    "avatar_pdq": "0f" * 32,
    "created_at": MADE + timedelta(seconds=1),
    "verification": "legacy",
    "platform_labels": ("hidden",),
    "leads_to": ("mastodon:john@social.example",),
    "former_handles": ("sails_in_oslo",),
    "renamed_at": MADE + timedelta(days=81),
    "verified": True,
    "default_avatar": True,
    "followed_by_target": True,
    "followers": 600,
    "posts": 12,
}


def codes(then: Account, now: Account, *emptied: str) -> list[str]:
    return [reason.code for reason in changes(then, now, emptied)]


def absent(name: str) -> Any:
    return () if isinstance(getattr(THEN, name), tuple) else None


def test_every_column_of_an_account_is_compared_but_those_that_say_nothing_of_it() -> None:
    who, moving = {"handle", "platform", "account_id"}, {"following", "listed", "observed_at"}
    assert {*JUDGED} | who | moving == {*REPORTED}
    assert OTHERWISE.keys() == {*JUDGED}


def test_an_account_as_it_was_is_no_change() -> None:
    assert not codes(THEN, THEN)
    assert not codes(BARE, BARE)


@pytest.mark.parametrize("name", JUDGED)
def test_what_was_judged_and_is_not_sent_refuses_and_is_named(name: str) -> None:
    [reason] = changes(THEN, replace(THEN, **{name: absent(name)}))
    assert reason.code == "profile_incomplete"
    assert "Send the whole profile as it is now" in reason.text


@pytest.mark.parametrize("name", JUDGED)
def test_what_is_said_to_be_empty_is_gone(name: str) -> None:
    [reason] = changes(THEN, replace(THEN, **{name: absent(name)}), [name])
    assert reason.code == "profile_changed"
    assert "(gone)" in reason.text


@pytest.mark.parametrize("name", JUDGED)
def test_what_is_otherwise_refuses(name: str) -> None:
    expected = "verified_since" if name == "verified" else "profile_changed"
    assert codes(THEN, replace(THEN, **{name: OTHERWISE[name]})) == [expected]


@pytest.mark.parametrize("name", PROFILE)
def test_what_nobody_could_judge_refuses(name: str) -> None:
    [reason] = changes(BARE, replace(BARE, **{name: getattr(THEN, name)}))
    assert reason.code == "profile_changed"
    assert "(new)" in reason.text


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_that_only_became_known_is_no_change(name: str) -> None:
    assert not codes(BARE, replace(BARE, **{name: False}))


def test_a_lost_verification_is_another_account() -> None:
    assert codes(replace(THEN, verified=True), THEN) == ["profile_changed"]


def test_a_verification_that_was_not_known_is_one_since() -> None:
    assert codes(BARE, replace(BARE, verified=True)) == ["verified_since"]


def test_one_reason_names_every_column() -> None:
    now = replace(THEN, bio=None, links=(), display_name="Jane Doe", avatar_pdq="0f" * 32)
    found = {reason.code: reason.text for reason in changes(THEN, now, ["links"])}
    assert "Judged and not sent now: bio." in found["profile_incomplete"]
    for said in ("display name (changed)", "links (gone)", "picture (changed)"):
        assert said in found["profile_changed"]
    assert len(found) == 2


@pytest.mark.parametrize(
    "now",
    [
        {"links": THEN.links[::-1]},
        {"created_at": MADE.replace(microsecond=700_000)},
        {"created_at": MADE.replace(hour=0, minute=0, second=0)},
        {"avatar_pdq": "f0" * 31 + "0f"},
        {"following": 0, "listed": None, "observed_at": MADE + timedelta(days=91)},
        {"following": None, "observed_at": None},
        {"posts": 2_000},
        {"followers": 1_500, "posts": 601},
        {"followers": 667},
        {"handle": "@Jane_R0e"},
    ],
)
def test_the_same_in_another_writing_and_what_moves_are_no_change(now: dict[str, Any]) -> None:
    assert not codes(THEN, replace(THEN, **now))


def test_another_day_of_creation_is_another_account_in_any_precision() -> None:
    day = MADE.replace(hour=0, minute=0, second=0)
    assert codes(THEN, replace(THEN, created_at=day + timedelta(days=1))) == ["profile_changed"]


@pytest.mark.parametrize(
    ("then", "now", "code"),
    [
        (1_000, 1_501, "audience_grown"),
        (None, AUDIENCE_SLACK + 1, "audience_grown"),
        (1_000, 666, "profile_changed"),
        (300_000, 12, "profile_changed"),
        (12, 12 + AUDIENCE_SLACK, None),
        (12 + AUDIENCE_SLACK, 12, None),
    ],
)
def test_an_audience_that_grew_or_fell_by_much_is_another(then: int | None, now: int, code: str | None) -> None:
    found = codes(replace(THEN, followers=then), replace(THEN, followers=now))
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({"account_id": "9002"}, "other_account"),
        ({"account_id": None}, "other_account"),
        ({"platform": "bluesky"}, "other_account"),
        ({"platform": None}, "other_account"),
        ({"handle": "jane_r0e_"}, "renamed"),
    ],
)
def test_who_it_is_is_compared(now: dict[str, Any], code: str) -> None:
    assert codes(THEN, replace(THEN, **now)) == [code]


def test_an_id_that_was_not_known_names_another_account() -> None:
    assert codes(replace(THEN, account_id=None), THEN) == ["other_account"]


def test_every_count_is_one_that_an_account_has() -> None:
    assert all(isinstance(getattr(THEN, name), int) for name in COUNTS)
