"""Features of a profile by itself: one ordered list of short pure functions of the account.

The first line of each docstring is the explanation people read. A feature returns ``None`` where the account lacks it.
All of them count something, and more of it only ever takes suspicion away: followers and listings by R7.

They are so few because no other one kept its meaning from one source to the next: whom it follows, age, the lengths of
bio, place, name and handle, links, digits and a missing picture each tell some fakes well and others the wrong way
round, and a verification is how some sources were collected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from classifier.accounts.account import Account


@dataclass(frozen=True, slots=True)
class ProfileFeature:
    """One count of a profile. An account with 10^``middle`` - 1 of it scores as one of which it is not known.

    ``audience`` marks the counts that R7 speaks of: there is no lower end to what is known of them, or one more
    follower could turn no answer into a flag.
    """

    name: str
    compute: Callable[[Account], int | None]
    explanation: str
    middle: float
    audience: bool


PROFILE_FEATURES: list[ProfileFeature] = []


def _feature(
    *, middle: float, audience: bool
) -> Callable[[Callable[[Account], int | None]], Callable[[Account], int | None]]:
    def register(compute: Callable[[Account], int | None]) -> Callable[[Account], int | None]:
        explanation = (compute.__doc__ or "").partition("\n")[0].rstrip(".")
        PROFILE_FEATURES.append(ProfileFeature(compute.__name__, compute, explanation, middle, audience))
        return compute

    return register


@_feature(middle=3.0, audience=True)
def followers(account: Account) -> int | None:
    """How many people follow it."""
    return account.followers


@_feature(middle=1.0, audience=True)
def listed(account: Account) -> int | None:
    """On how many lists people keep it."""
    return account.listed


@_feature(middle=3.0, audience=False)
def posts(account: Account) -> int | None:
    """How many posts it has written."""
    return account.posts


PROFILE_NAMES: tuple[str, ...] = tuple(feature.name for feature in PROFILE_FEATURES)
