"""Features of a profile by itself: one ordered list of short pure functions of the account.

The first line of each docstring is the explanation people read. A feature returns ``None`` where the account lacks it.
All of them are counts. More of what R7 speaks of only ever takes suspicion away: followers, listings, years.

They are so few because hardly any other kept its meaning from one source to the next. Following fewer than five hundred
accounts, being younger than five years, the shapes of handle, name and bio, links, place and a missing picture each
tell some fakes well and others the wrong way round (``python -m tests.real_accounts`` prints what each would change),
and a verification is how some sources were collected.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from classifier.accounts.account import Account

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class ProfileFeature:
    """One count of a profile, and what it scores.

    Attributes
    ----------
    name : str
    compute : callable
        Returns the count, ``None`` where the account lacks it.
    explanation : str
    middle : float
        An account with 10^``middle`` - 1 of it scores as one of which it is not known.
    weight : float
        The points that ten times as many take away; below 0 they add them.
    start : int
        Fewer than this say nothing: they score as a missing count does.
    standing : bool
        Whether R7 speaks of it. There is no lower end to what is known of such counts, or one more follower could
        turn no answer into a flag.

    Examples
    --------
    >>> [(one.name, one.points(0, 1_000), one.points(5_000, 7_000)) for one in PROFILE_FEATURES[2:4]]
    [('posts', 1.5, -0.77), ('following', 0.0, 2.14)]
    """

    name: str
    compute: Callable[[Account], int | None]
    explanation: str
    middle: float
    weight: float
    start: int
    standing: bool

    @property
    def only_clears(self) -> bool:
        """Whether it can do nothing but take suspicion away, so that no value of it is too far to answer."""
        return self.start > 0 and self.weight > 0.0

    def points(self, first: int, end: int | None) -> float:
        """Return what the counts from ``first`` to before ``end`` score: as the middle of their powers of ten does.

        Without an end they score as ``first`` does. Where the first says nothing, none does.
        """
        if first < self.start:
            return 0.0
        low = math.log10(1 + first)
        middle = low if end is None else (low + math.log10(end)) / 2
        return round(self.weight * (self.middle - middle), 2)


PROFILE_FEATURES: list[ProfileFeature] = []


def _feature(
    *, middle: float, weight: float = 1.0, start: int = 0, standing: bool = False
) -> Callable[[Callable[[Account], int | None]], Callable[[Account], int | None]]:
    def register(compute: Callable[[Account], int | None]) -> Callable[[Account], int | None]:
        explanation = (compute.__doc__ or "").partition("\n")[0].rstrip(".")
        PROFILE_FEATURES.append(ProfileFeature(compute.__name__, compute, explanation, middle, weight, start, standing))
        return compute

    return register


@_feature(middle=3.0, standing=True)
def followers(account: Account) -> int | None:
    """How many people follow it."""
    return account.followers


@_feature(middle=1.0, standing=True)
def listed(account: Account) -> int | None:
    """On how many lists people keep it."""
    return account.listed


@_feature(middle=3.0)
def posts(account: Account) -> int | None:
    """How many posts it has written."""
    return account.posts


@_feature(middle=2.7, weight=-2.0, start=500)
def following(account: Account) -> int | None:
    """How many accounts it follows, from five hundred."""
    return account.following


# The power of ten of years spans half of what that of followers does, so that it weighs more.
@_feature(middle=0.78, weight=4.0, start=5, standing=True)
def years(account: Account) -> int | None:
    """How many years old it was when its profile was read, from five."""
    if account.created_at is None or account.observed_at is None:
        return None
    days = (account.observed_at - account.created_at).days
    return max(0, int(days / _DAYS_A_YEAR))


PROFILE_NAMES: tuple[str, ...] = tuple(feature.name for feature in PROFILE_FEATURES)
# Those that always speak; the others only add to what these say.
COUNT_NAMES: tuple[str, ...] = tuple(feature.name for feature in PROFILE_FEATURES if feature.start == 0)
