from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.registry.changes import audience, matters, weakened

ONE = ProtectedAccount(
    platform="x",
    handle="JaneQuillon",
    account_id="12",
    display_name="Jane Quillon",
    bio="Mayor of Tamstad",
    aliases=("J. Q.",),
    roles=("Mayor of Tamstad",),
    former_handles=("QuillonForMayor",),
    links=("https://quillon.example",),
    secondary_ids=("13",),
    secondary_handles=("QuillonAtHome",),
    followers=9_000,
    created_at=datetime(2015, 1, 1, tzinfo=UTC),
    verified=False,
    avatar_pdq="0" * 64,
    tier="high",
)
BARE = ProtectedAccount(platform="x", handle="JaneQuillon")


@pytest.mark.parametrize(
    "changed",
    [
        {"handle": "JaneQ"},
        {"account_id": None},
        {"account_id": "14"},
        {"display_name": "Jane Q."},
        {"avatar_pdq": None},
        {"avatar_pdq": "f" * 64},
        {"tier": "standard"},
        {"aliases": ()},
        {"roles": ("Mayor",)},
        {"former_handles": ()},
        {"links": ("https://other.example",)},
        {"secondary_ids": ()},
        {"secondary_handles": ("Other",)},
        {"followers": 90_000},
        {"created_at": datetime(2014, 1, 1, tzinfo=UTC)},
        {"verified": True},
        {"verification": "paid"},
    ],
)
def test_what_takes_away_identity_or_protection_is_named(changed: dict[str, Any]) -> None:
    assert weakened(ONE, replace(ONE, **changed)) == tuple(changed)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"handle": "janequillon"},
        {"bio": "Somebody else"},
        {"aliases": ("J. Q.", "Jane")},
        {"roles": ("Mayor of Tamstad", "Painter")},
        {"former_handles": ("QuillonForMayor", "JQ")},
        {"links": ("https://quillon.example", "https://tamstad.example")},
        {"secondary_ids": ("13", "15")},
        {"secondary_handles": ("QuillonAtHome", "QuillonDesk")},
        {"followers": 100},
        {"followers": 9_100},
        {"created_at": datetime(2016, 1, 1, tzinfo=UTC)},
        {"created_at": None, "followers": None, "verified": None},
    ],
)
def test_what_only_adds_weakens_nothing(changed: dict[str, Any]) -> None:
    assert weakened(ONE, replace(ONE, **changed)) == ()


@pytest.mark.parametrize(
    "learned", [{"followers": 0}, {"created_at": ONE.created_at}, {"verified": False}, {"account_id": "12"}]
)
def test_what_was_not_known_may_clear_somebody(learned: dict[str, Any]) -> None:
    """Of an account of which nothing is known nothing is cleared, and nothing without both ids."""
    assert weakened(BARE, replace(BARE, **learned)) == tuple(learned)


def test_stronger_is_not_weaker() -> None:
    assert weakened(BARE, replace(BARE, tier="high")) == ()


@pytest.mark.parametrize(
    "changed", [{"aliases": ("Bo",)}, {"bio": "else"}, {"roles": ()}, {"links": ()}, {"handle": "Jane"},
                {"tier": "standard"}, {"followers": 20_000},
                {"avatar_pdq": None}, {"verified": None}, {"former_handles": ()}]
)  # fmt: skip
def test_whatever_is_compared_matters(changed: dict[str, Any]) -> None:
    assert matters(ONE, replace(ONE, **changed))


def test_a_longer_list_of_ones_own_and_a_few_followers_do_not_matter() -> None:
    same = replace(ONE, handle="janequillon", followers=9_500, secondary_ids=("13", "15"), secondary_handles=())
    assert not matters(ONE, same)
    two = replace(ONE, aliases=("J. Q.", "Jane"))
    assert not matters(two, replace(two, aliases=("Jane", "J. Q.")))


def test_many_small_steps_cross_the_same_line_as_a_large_one() -> None:
    counts = [int(1_000 * 1.05**step) for step in range(120)]
    steps = pairwise(counts)
    crossed = sum(matters(replace(ONE, followers=one), replace(ONE, followers=other)) for one, other in steps)
    assert crossed == (audience(counts[-1]) or 0) - (audience(counts[0]) or 0) == 9
