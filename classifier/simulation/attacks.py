"""The attacks: handle, name, bio, links, picture and standing of an impersonator, each drawn for itself.

A kind says only how the target is named or what the attack is after; it weighs the styles of each facet. Frequencies
and where they were counted stand beside each facet: ``attack_handles``, ``attack_names``, ``attack_bios`` and
``attack_standing``. The sorts of sources weigh about alike (``TIMES`` in ``simulate``): claims of famous persons, fake
support, typosquats, look-alike handles, clones of ordinary people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import attack_bios, attack_handles, attack_names
from classifier.simulation.attack_phrases import LANGUAGES, WORDINGS
from classifier.simulation.attack_standing import Sort, standing
from classifier.simulation.profiles import maybe, picture, recoded
from classifier.simulation.sampling import chance, draw
from classifier.simulation.target_words import TargetWords, is_told, target_words

Weights = dict[str, float]
# An attack that does not say whom it means is drawn again so often; then a plain one is drawn.
_TRIES = 30

_VARIANT = {"slip": 0.5, "look_alike": 0.26, "edge": 0.12, "separated": 0.05, "numbered": 0.07}
_ANY_HANDLE = {
    "slip": 0.1, "look_alike": 0.1, "edge": 0.05, "affixed": 0.15, "numbered": 0.08, "parts": 0.13, "titled": 0.05,
    "organisation": 0.05, "broken": 0.07, "automatic": 0.04, "meaningless": 0.16, "role_word": 0.02,
}  # fmt: skip
_CLAIMING_HANDLE = {
    "parts": 0.34, "titled": 0.2, "organisation": 0.07, "affixed": 0.08, "numbered": 0.06, "slip": 0.05,
    "automatic": 0.03, "meaningless": 0.17,
}  # fmt: skip
_ANY_NAME = {
    "copied": 0.38, "respelled": 0.1, "dressed": 0.13, "honoured": 0.05, "in_part": 0.08, "title": 0.05,
    "organisation": 0.03, "asks": 0.05, "styled": 0.03, "look_alike": 0.04, "again": 0.03, "empty": 0.03,
    "other_surname": 0.02, "somebody": 0.02,
}  # fmt: skip
_ANY_BIO = {
    "copied": 0.14, "partly": 0.09, "roles": 0.08, "claims": 0.12, "asks": 0.23, "named": 0.06, "declared": 0.01,
    "ordinary": 0.14, "spam": 0.03, "empty": 0.1,
}  # fmt: skip
_ANY_STANDING: Mapping[Sort, float] = {"new": 0.4, "small": 0.27, "aged": 0.23, "bulk": 0.07, "prominent": 0.03}


@dataclass(frozen=True, slots=True)
class Kind:
    """How often each style of each facet comes in one kind of attack, and how often the picture is copied.

    ``spelled`` is how often the handle is made of the name that is shown: platforms propose such handles.
    """

    handles: Weights = field(default_factory=lambda: _ANY_HANDLE)
    names: Weights = field(default_factory=lambda: _ANY_NAME)
    bios: Weights = field(default_factory=lambda: _ANY_BIO)
    standings: Mapping[Sort, float] = field(default_factory=lambda: _ANY_STANDING)
    pictures: float = 0.5
    spelled: float = 0.05


KINDS: dict[str, Kind] = {
    # The handle says it: a slip, look-alike letters, an edge.
    "handle_variant": Kind(
        _VARIANT, standings={"aged": 0.45, "small": 0.25, "new": 0.2, "bulk": 0.05, "prominent": 0.05}
    ),
    # A word beside it: official, help, a country, a TLD.
    "handle_affix": Kind({"affixed": 0.85, "numbered": 0.15}),
    # Parts of the name in the handle, or the name broken on purpose.
    "parts": Kind({"parts": 0.75, "automatic": 0.1, "numbered": 0.15}),
    "broken": Kind({"broken": 0.9, "separated": 0.1}),
    # The name, under a handle that says something else or nothing.
    "name_claim": Kind(
        {"meaningless": 0.6, "parts": 0.25, "titled": 0.05, "affixed": 0.1},
        {
            "copied": 0.32, "respelled": 0.12, "dressed": 0.18, "honoured": 0.2, "in_part": 0.08, "styled": 0.06,
            "look_alike": 0.07, "other_surname": 0.05,
        },
    ),
    "title_claim": Kind(
        _CLAIMING_HANDLE, {"title": 0.6, "roles": 0.1, "honoured": 0.12, "in_part": 0.08, "organisation": 0.1},
        {"roles": 0.35, "asks": 0.25, "claims": 0.1, "ordinary": 0.12, "copied": 0.06, "spam": 0.04, "empty": 0.08},
    ),
    "organisation_claim": Kind(
        _CLAIMING_HANDLE, {"organisation": 0.85, "title": 0.15},
        {"roles": 0.2, "claims": 0.25, "asks": 0.3, "copied": 0.1, "spam": 0.05, "empty": 0.1},
    ),
    # A sentence that asks in place of the name: handle, bio or link say who is meant.
    "asks": Kind(
        _CLAIMING_HANDLE, {"asks": 0.9, "again": 0.05, "empty": 0.05},
        {"asks": 0.65, "roles": 0.1, "named": 0.05, "claims": 0.08, "declared": 0.01, "empty": 0.11},
    ),
    # The bio says it, whatever handle and name do.
    "bio_claim": Kind(
        {"meaningless": 0.5, "parts": 0.2, "titled": 0.15, "role_word": 0.05, "affixed": 0.1},
        {"in_part": 0.3, "somebody": 0.2, "asks": 0.2, "empty": 0.1, "again": 0.1, "title": 0.1},
        {"roles": 0.25, "claims": 0.25, "named": 0.15, "copied": 0.23, "partly": 0.11, "declared": 0.01},
    ),
    # Fake customer service.
    "support": Kind(
        {
            "affixed": 0.36, "broken": 0.22, "separated": 0.06, "slip": 0.08, "look_alike": 0.07, "edge": 0.04,
            "automatic": 0.03, "organisation": 0.04, "role_word": 0.06, "meaningless": 0.04,
        },
        {"copied": 0.5, "respelled": 0.15, "desk": 0.22, "dressed": 0.08, "empty": 0.02, "organisation": 0.03},
        {"copied": 0.19, "partly": 0.13, "desk": 0.5, "claims": 0.12, "asks": 0.03, "empty": 0.03},
        {"new": 0.85, "small": 0.1, "aged": 0.05},
        pictures=0.8, spelled=0.25,
    ),
    # Somebody ordinary copied whole.
    "clone": Kind(
        {"look_alike": 0.6, "edge": 0.08, "slip": 0.1, "numbered": 0.08, "meaningless": 0.1, "affixed": 0.04},
        {"copied": 0.9, "respelled": 0.07, "styled": 0.01, "look_alike": 0.02},
        {"copied": 0.6, "partly": 0.1, "empty": 0.1, "claims": 0.08, "asks": 0.05, "ordinary": 0.07},
        {"bulk": 0.35, "new": 0.25, "small": 0.25, "aged": 0.15},
        pictures=0.9,
    ),
}  # fmt: skip


def attack(rng: np.random.Generator, protected: ProtectedAccount, kind: str) -> Account | None:
    """Draw an attack of a kind on a protected account; None where nothing can say whom it means."""
    target = target_words(protected)
    for _ in range(_TRIES):
        account = _composed(rng, target, KINDS[kind])
        if account is not None and is_told(account, protected):
            return account
    return None


ATTACKS: dict[str, Callable[[np.random.Generator, ProtectedAccount], Account | None]] = {
    kind: partial(attack, kind=kind) for kind in KINDS
}


def _composed(rng: np.random.Generator, target: TargetWords, kind: Kind) -> Account | None:
    say = WORDINGS[draw(rng, LANGUAGES)]
    handle = attack_handles.handle(rng, target, kind.handles)
    if not handle:
        return None
    name = attack_names.name(rng, target, say, kind.names, handle)
    if name and chance(rng, kind.spelled):
        handle = attack_handles.of_name(rng, name) or handle
    return Account(
        platform="x",
        handle=handle,
        display_name=name,
        bio=attack_bios.bio(rng, target, say, kind.bios),
        links=attack_bios.links(rng, target),
        avatar_pdq=_picture(rng, target.account.avatar_pdq, kind.pictures),
        followed_by_target=maybe(rng, 0.3, 0.01),
        **standing(rng, kind.standings),
    )


def _picture(rng: np.random.Generator, known: str | None, share: float) -> str | None:
    """Copy the picture, as it is or saved anew, or draw another."""
    if known is None or not chance(rng, share):
        return picture(rng)
    return recoded(rng, known) if chance(rng, 0.5) else known
