"""Simulation: seeded cases of every family around the accounts of any registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.labels.labelled_case import Case, Label
from classifier.simulation.attacks import ATTACKS
from classifier.simulation.genuine import GENUINE
from classifier.simulation.sampling import chance

_FAMILIES: dict[str, tuple[Callable[[np.random.Generator, ProtectedAccount], Account | None], Label]] = {
    **{name: (make, "impersonation") for name, make in ATTACKS.items()},
    **GENUINE,
}


# Those about pictures come last: what the others draw depends on their places.
_PICTURES = frozenset(("cloned_picture", "admirer"))
FAMILIES: tuple[str, ...] = tuple(sorted(_FAMILIES, key=_PICTURES.__contains__))


# What is most easily taken for an impersonator comes more often: strangers near by chance, whom half of the accounts do
# not have, and second accounts.
TIMES = {"neighbour": 10, "secondary": 4}


CASES_EACH = sum(TIMES.get(family, 1) for family in FAMILIES)


# Families whose whole point is in name or bio: without them there is nothing to tell.
_NEEDS_TEXT = (
    frozenset(
        (
            "cloned_name claimed_role cloned_bio support spokesman "
            "namesake half_namesake colleague fan mention secondary parody"
        ).split()
    )
    | _PICTURES
)  # the same holds of the picture


def simulate(
    protected: Sequence[ProtectedAccount], *, seed: int, families: Sequence[str] = FAMILIES, each: int = 1
) -> Iterator[Case]:
    """Yield ``each`` cases of every family, times ``TIMES``, for every protected account.

    A case depends on the seed, the account's place and the family only, so more accounts or families change no other.

    Raises
    ------
    ValueError
        If a family is not one of ``FAMILIES``.
    """
    for index, account in enumerate(protected):
        for family in families:
            rng = np.random.default_rng([seed, index, FAMILIES.index(family)])
            for _ in range(each * TIMES.get(family, 1)):
                case = make_case(rng, account, family)
                if case is not None:
                    yield case


def make_case(rng: np.random.Generator, protected: ProtectedAccount, family: str) -> Case | None:
    """Make one case of a family, with some fields unknown as in real sources; None where the family has none."""
    make, label = _FAMILIES[family]
    account = make(rng, protected)
    while account is not None and identity_key(account.handle) == identity_key(protected.handle):
        account = make(rng, protected)  # that was the account itself: draw again
    if account is None:
        return None
    known = replace(_partly_known(rng, account, family), account_id=str(rng.integers(10**8, 10**15)))
    return Case(known, protected, label, family)


def _partly_known(rng: np.random.Generator, account: Account, family: str) -> Account:
    """Hide what some sources do not tell: everything but handle, dates and audience, or single fields."""
    if family not in _NEEDS_TEXT and chance(rng, 0.4):
        account = Account(
            platform=account.platform, handle=account.handle, followers=account.followers, created_at=account.created_at
        )
    hidden = {
        name: None
        for name in (
            "avatar_pdq",
            "verified",
            "default_avatar",
            "posts",
            "observed_at",
            "followers",
            "created_at",
            "followed_by_target",
        )
        if chance(rng, 0.25) and not (name == "avatar_pdq" and family in _PICTURES)
    }
    return replace(account, **hidden)  # type: ignore[arg-type]
