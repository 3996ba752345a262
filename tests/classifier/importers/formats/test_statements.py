"""What the platform says of an account counts in every format, under every name that sources have for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.accounts.account import Account
from classifier.importers import import_account
from classifier.importers.formats.detect import detect_format

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ROWS: dict[str, dict[str, Any]] = {
    "doublecheck": {"handle": "quill_press", "platform": "x", "followers": 0},
    "x-v1": {"screen_name": "quill_press", "id_str": "7123456", "followers_count": 0},
    "x-v2": {"username": "quill_press", "id": "7123456", "public_metrics": {"followers_count": 0}},
    "x-web": {"rest_id": "7123456", "legacy": {"screen_name": "quill_press", "followers_count": 0}},
    "twarc": {"username": "quill_press", "id": "7123456", "public_metrics.followers_count": "0"},
    "bluesky": {"did": "did:plc:abcdefghijklmnopqrstuvwx", "handle": "quill.example", "followersCount": 0},
    "mastodon": {"acct": "quill@far.example", "id": "7123456", "followers_count": 0},
    "misskey": {"username": "quill", "host": "far.example", "id": "9abcdefghi", "isCat": False, "followersCount": 0},
}
PARODY: tuple[dict[str, Any], ...] = (
    {"parody": True},
    {"parody": "true"},
    {"parody_commentary_fan_label": "Commentary"},
    {"labels": [{"val": "fan_account"}]},
    {"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "parody"}]}},
    {"labels": '[{"val": "satire"}]'},
    {"labels": "spam, parody"},
    {"labels": ["parody"]},
)
HIDDEN: tuple[dict[str, Any], ...] = (
    {"suspended": True},
    {"suspended": "TRUE"},
    {"isSuspended": True},
    {"isDeleted": True},
    {"deactivated": 1},
    {"status": "takendown"},
    {"labels": [{"val": "!takedown"}]},
)
OWNERS_OTHER: tuple[dict[str, Any], ...] = (
    {"moved": {"acct": "jane@home.example"}},
    {"moved": {"username": "jane", "url": "https://home.example/@jane"}},
    {"moved": {"uri": "https://home.example/users/jane"}},
    {"moved_to": "@jane@home.example"},
    {"movedTo": "https://home.example/users/jane"},
    {"movedTo": {"username": "jane", "host": "home.example"}},
    {"alsoKnownAs": ["https://home.example/users/jane"]},
    {"also_known_as": "acct:jane@home.example"},
    {"pleroma": {"also_known_as": ["https://home.example/users/jane"]}},
    {"source": {"also_known_as_uris": ["https://home.example/users/jane"]}},
)


def read(name: str, said: Mapping[str, Any]) -> tuple[Account, tuple[str, ...]]:
    row = {**ROWS[name], **said}
    assert detect_format([ROWS[name]]) == name
    imported = import_account(row, name, now=NOW)
    assert imported.account is not None, imported.error
    return imported.account, imported.notes


@pytest.mark.parametrize("said", PARODY, ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_a_parody_is_one_in_every_format(name: str, said: dict[str, Any]) -> None:
    assert read(name, said)[0].platform_labels == ("parody",)


@pytest.mark.parametrize("said", HIDDEN, ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_what_is_blank_in_a_hidden_profile_is_unknown(name: str, said: dict[str, Any]) -> None:
    account, notes = read(name, said)
    assert account.platform_labels == ("hidden",)
    assert (account.followers, account.default_avatar) == (None, None)
    assert "followers: hidden, treated as missing" in notes


@pytest.mark.parametrize("said", OWNERS_OTHER, ids=str)
@pytest.mark.parametrize("name", ROWS)
def test_where_it_leads(name: str, said: dict[str, Any]) -> None:
    assert read(name, said)[0].leads_to == ("mastodon:jane@home.example",)


@pytest.mark.parametrize(
    "said",
    [
        {"parody": False},
        {"parody": "no"},
        {"parody_commentary_fan_label": "None"},
        {"suspended": "false"},
        {"status": "active"},
        {"moved": None},
        {"moved": False},
        {"movedTo": ""},
        {"labels": []},
        {"labels": [{"val": "parody", "neg": True}]},
        {"labels": [{"val": "parody", "exp": "2026-05-01T00:00:00Z"}]},
        {"labels": '[{"val": "par'},
        {"labels": [{"val": 7}, None, {}]},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ROWS)
def test_what_says_nothing(name: str, said: dict[str, Any]) -> None:
    account = read(name, said)[0]
    assert (account.platform_labels, account.leads_to, account.followers) == ((), (), 0)


def label(value: str, when: str, **more: Any) -> dict[str, Any]:
    return {"src": "did:plc:labeller", "val": value, "cts": f"2026-0{when}-01T00:00:00Z", **more}


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([label("parody", "1"), label("parody", "2", neg=True)], ()),
        ([label("parody", "2", neg=True), label("parody", "3")], ("parody",)),
        ([label("parody", "1"), label("parody", "2", neg=True, src="did:plc:another")], ("parody",)),
        ([label("parody", "1"), label("spam", "2", neg=True)], ("parody",)),
        ([label("parody", "1", exp="2027-01-01T00:00:00Z")], ("parody",)),
    ],
)
def test_labels_are_in_force_until_their_labeller_takes_them_back(
    labels: list[dict[str, Any]], found: tuple[str, ...]
) -> None:
    assert read("bluesky", {"labels": labels})[0].platform_labels == found


def test_a_name_alone_leads_to_the_same_platform_only() -> None:
    assert read("x-v1", {"moved_to": "@jane_roe"})[0].leads_to == ("x:jane_roe",)
    assert read("mastodon", {"moved_to": "jane"})[0].leads_to == ()


def test_a_column_of_a_statement_is_read_and_not_noted_as_unread() -> None:
    assert read("doublecheck", {"Parody": "yes"}) == (read("doublecheck", {"parody": "yes"})[0], ())
