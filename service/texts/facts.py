"""Which compared values are told to people, and as which sentence: by code, without any value of either side.

A feature is told only where its sentence is true of what it measured. Whatever has no plain sentence is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

Side = Literal["for", "against"]
MOST = 3
# Followers from which "many people" is said, as a power of ten.
MANY = 3.0
# Similarity of pictures from which they are said to be alike: 32 of 256 bits differ (PDQ calls 31 a match).
ALIKE = 0.75


class Weighed(Protocol):
    """A compared value and how much it moved the log-odds of impersonation."""

    @property
    def feature(self) -> str:
        """The feature's name."""

    @property
    def value(self) -> float | None:
        """What was measured."""

    @property
    def contribution(self) -> float:
        """Above 0 it speaks for impersonation."""


class _Fact(NamedTuple):
    code: str
    holds: Callable[[float], bool]


def _yes(value: float) -> bool:
    return value > 0


def _no(value: float) -> bool:
    return value <= 0


def _any(_value: float) -> bool:
    return True


def _told(holds: Callable[[float], bool], **codes: str) -> dict[str, _Fact]:
    return {feature: _Fact(code, holds) for code, features in codes.items() for feature in features.split()}


_SHARED_HANDLE = (
    "handle_beyond_chance name_spelled handle_bears lone_handle_near lone_handle_claims handle_of_the_famous"
)
_SHARED_NAME = "name_similarity name_kept name_covered name_spells_handle name_bears name_of_the_famous borne_twice"
_OTHER_HANDLE = "handle_says_else near_but_called_otherwise handle_of_another_name"
_OTHER_NAME = "name_says_else other_names"
_FOR: dict[str, _Fact] = {
    **_told(
        _yes,
        handle_alike=f"{_SHARED_HANDLE} handle_claims_beside lone_handle_claims",
        name_alike=_SHARED_NAME,
        letters="handle_look_alike name_look_alike mixed_scripts",
        claim="name_claim_added handle_claim_added",
        speaks="bears_and_speaks",
        role="role_in_name role_in_profile handle_bears_organisation name_bears_organisation",
        bio_alike="bio_similarity bio_copied bio_kept bears_and_copies",
        bio_names="name_in_bio mentions_target links_bear",
        bio_words="bio_bears bio_of_the_famous",
        asks="lure bears_and_lures name_asks bears_and_asks",
        link="messenger_link bears_and_links_away",
        no_picture="default_avatar",
        new="created_later",
    ),
    **_told(_any, handle_nothing_else="handle_says_else", name_nothing_else=_OTHER_NAME),
    **_told(_no, no_label="parody_declared", not_verified="verified", not_followed="followed_by_target"),
    **_told(lambda value: value >= ALIKE, picture_alike="avatar_similarity"),
    **_told(lambda value: value < 1, young="age"),
    **_told(lambda value: value < 0, few_followers="followers_relative"),
}
_AGAINST: dict[str, _Fact] = {
    **_told(
        _yes,
        handle_differs=f"{_OTHER_HANDLE} handle_starts_otherwise handle_number_changed",
        name_differs=_OTHER_NAME,
        label="parody_declared bears_and_declares",
        verified="verified",
        followed="followed_by_target",
        same_site="same_domain",
    ),
    **_told(
        _any,
        handle_differs=_SHARED_HANDLE,
        name_differs=_SHARED_NAME,
        bio_differs="bio_similarity bio_copied bio_kept",
    ),
    **_told(_no, asks_nothing="lure"),
    **_told(lambda value: value < ALIKE, picture_differs="avatar_similarity"),
    **_told(lambda value: value >= 1, old="age"),
    **_told(lambda value: value >= MANY, followers="followers"),
}
CODES = frozenset(fact.code for side in (_FOR, _AGAINST) for fact in side.values())
FEATURES = frozenset((*_FOR, *_AGAINST))
# What is told of the reported account besides how it compares. Its reporter is told none of it.
STANDING = frozenset(
    {"new", "young", "few_followers", "not_verified", "not_followed", "old", "followers", "verified", "followed"}
)


def facts(evidence: Iterable[Weighed], side: Side, *, untold: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the facts that weighed most on one side, the weightiest first, each once.

    Parameters
    ----------
    evidence : iterable of Weighed
        In any order.
    untold : frozenset of str
        Codes that are not told.

    Returns
    -------
    tuple of str
        At most ``MOST`` codes: as ``fact_CODE`` in the catalogues.
    """
    weightiest = sorted(evidence, key=lambda item: -abs(item.contribution))
    found = dict.fromkeys(code for code in _codes(weightiest, side) if code not in untold)
    return tuple(found)[:MOST]


def _codes(evidence: Iterable[Weighed], side: Side) -> Iterator[str]:
    table, sign = (_FOR, 1) if side == "for" else (_AGAINST, -1)
    for item in evidence:
        fact = table.get(item.feature)
        if fact and item.value is not None and item.contribution * sign > 0 and fact.holds(item.value):
            yield fact.code
