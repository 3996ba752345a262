"""Simulation: seeded cases of every family around the accounts of any registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.labels.labelled_case import Case, Label
from classifier.simulation.attacks import ATTACKS
from classifier.simulation.genuine import GENUINE, TIMES_GENUINE
from classifier.simulation.perturbations import random_handle
from classifier.simulation.profiles import place
from classifier.simulation.sampling import chance, draw
from classifier.simulation.target_words import is_famous, is_mistakable, is_told

_FAMILIES: dict[str, tuple[Callable[[np.random.Generator, ProtectedAccount], Account | None], Label]] = {
    **{name: (make, "impersonation") for name, make in ATTACKS.items()},
    **GENUINE,
}
FAMILIES: tuple[str, ...] = tuple(_FAMILIES)


# Attacks: so that the sorts of sources weigh about alike. Six kinds are claims of famous persons; variants of the
# handle are typosquats and look-alikes.
TIMES = TIMES_GENUINE | {"handle_variant": 3, "handle_affix": 2, "support": 2, "clone": 2}


# The share of attacks among the accounts that people report, which probabilities are meant for. No platform publishes
# it; this project's choice, with ordinary accounts of the development sets flagged in one of a hundred. Cases are
# simulated as they come and weighted to it.
SHARE_OF_ATTACKS = 0.45


# Around an account of middling audience, or one whose audience is not known; 16 of 70 are attacks.
CASES_EACH = sum(TIMES.get(family, 1) for family in FAMILIES)


# How many imitators others have beside such an account: the famous more, whom hardly anybody follows fewer, who are
# cloned all the same. The direction is that of the development sets: where the audience of a target is known (21
# targets of claims and fake support) it is 16,000 or more, and only the clones are of ordinary people. How much is
# this project's assumption. Namesakes come to all alike.
IMITATORS_OF_FAMOUS, IMITATORS_OF_UNFOLLOWED, UNFOLLOWED = 2, 0.4, 5_000
_OF_ANYBODY = "clone"


# What a source tells of an account, and how often it comes. Attacks and genuine accounts share the patterns: what is
# missing must tell nothing. Of the development sets one in two is a full profile (support, research sets), handles with
# dates and followers are the look-alikes, handles alone the typosquats, a name under a placeholder what press pages
# tell, and texts without counts what a scraped page shows.
_TOLD: dict[str, tuple[str, ...]] = {
    "profile": (
        "display_name", "bio", "location", "links", "followers", "following", "posts", "listed", "created_at",
        "verified", "default_avatar", "avatar_pdq", "followed_by_target", "observed_at",
    ),
    "counts": ("followers", "created_at", "observed_at"),
    "handle_and_name": ("display_name",),
    "handle": (),
    "name": ("display_name",),
    "texts": ("display_name", "bio", "location", "links", "verified"),
}  # fmt: skip
PATTERNS = {"profile": 0.45, "counts": 0.1, "handle_and_name": 0.1, "handle": 0.13, "name": 0.06, "texts": 0.16}
# What a source that tells a full profile leaves out now and then. Hashes of pictures are hardly ever at hand.
_LEFT_OUT = {
    "avatar_pdq": 0.5, "verified": 0.25, "default_avatar": 0.25, "following": 0.25, "posts": 0.25, "observed_at": 0.25,
    "followers": 0.25, "created_at": 0.25, "followed_by_target": 0.25, "links": 0.1, "bio": 0.05, "display_name": 0.03,
}  # fmt: skip
_TRIES = 40


def simulate(
    protected: Sequence[ProtectedAccount], *, seed: int, families: Sequence[str] = FAMILIES, each: int = 1
) -> Iterator[Case]:
    """Yield ``each`` cases of every family, times ``TIMES``, for every protected account.

    Of attacks the famous have more, and accounts that hardly anybody follows fewer.

    A case depends on the seed, the account's place and the family only, so more accounts or families change no other.

    Raises
    ------
    ValueError
        If a family is not one of ``FAMILIES``.
    """
    unknown = set(families) - set(FAMILIES)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} not in {', '.join(FAMILIES)}")
    for index, account in enumerate(protected):
        for family in families:
            rng = np.random.default_rng([seed, index, crc32(family.encode())])
            share = _imitators(account, family)
            for _ in range(each * TIMES.get(family, 1) * max(1, int(share))):
                case = make_case(rng, account, family) if share >= 1 or chance(rng, share) else None
                if case is not None:
                    yield case


def make_case(rng: np.random.Generator, protected: ProtectedAccount, family: str) -> Case | None:
    """Make one case of a family, with some fields unknown as in real sources; None where the family has none.

    What is unknown is drawn first and the account until what is left of it says whom it means: so what is missing does
    not depend on the label. Unrelated accounts mean nobody.
    """
    make, label = _FAMILIES[family]
    pattern = draw(rng, PATTERNS)
    known = None
    for turn in range(_TRIES):
        account = (_plain(pattern) if label == "impersonation" and turn >= _TRIES // 2 else make)(rng, protected)
        if account is None and label != "impersonation":
            return None
        seen = account and _seen(rng, replace(account, location=account.location or place(rng)), pattern)
        if seen is None or identity_key(seen.handle) == identity_key(protected.handle):
            continue  # that was the account itself
        known = seen
        if label == "unrelated" or _says_who(seen, protected, label):
            break
    if known is None:
        return None
    return Case(replace(known, account_id=str(rng.integers(10**8, 10**15))), protected, label, family)


def _says_who(account: Account, protected: ProtectedAccount, label: str) -> bool:
    """Tell whether what is left of an account says whom it means, to whoever sees no more of it."""
    if label == "impersonation" and account.display_name is None and account.bio is None and not account.links:
        return is_told(account, protected) and is_mistakable(account, protected)
    return is_told(account, protected)


def _imitators(protected: ProtectedAccount, family: str) -> float:
    if family not in ATTACKS or family == _OF_ANYBODY:
        return 1
    if is_famous(protected):
        return IMITATORS_OF_FAMOUS
    is_unfollowed = protected.followers is not None and protected.followers < UNFOLLOWED
    return IMITATORS_OF_UNFOLLOWED if is_unfollowed else 1


def _plain(pattern: str) -> Callable[[np.random.Generator, ProtectedAccount], Account | None]:
    """Return the kind of attack that says whom it means where its own kind cannot: a sentence for a name, no handle."""
    return ATTACKS["name_claim" if "display_name" in _TOLD[pattern] else "handle_variant"]


def _seen(rng: np.random.Generator, account: Account, pattern: str) -> Account:
    """Return what a source tells of an account; under "name" its handle is a placeholder that says nothing."""
    told: dict[str, Any] = {name: getattr(account, name) for name in _TOLD[pattern]}
    handle = account.handle
    if pattern == "profile":
        told |= {name: () if name == "links" else None for name, share in _LEFT_OUT.items() if chance(rng, share)}
    elif pattern == "name":
        handle = f"u{rng.integers(10**7, 10**8)}" if chance(rng, 0.7) else random_handle(rng)
    return Account(platform=account.platform, handle=handle, **told)
