"""Direction: who copies whom. The genuine account is never the imitator of its imitator.

Three signs tell, where both sides have them and they differ: verification, audience, age. Two questions are asked.

Who looks like the original (``direction``): the first of the three decides, so that no account which a sign speaks for
is called the copy lightly. Audience comes before age because impersonators sit on old accounts, renamed or hijacked,
more often than they gather a larger audience.

Who may be acted on (``agreed``): at least two of the three say that the protected account is the original, and none
says otherwise. One sign alone can be bought, hidden or out of date, and signs that contradict each other tell nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Pair

Sign = Literal["verification", "audience", "age"]
Standing = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

# Audiences within this factor of each other do not tell who copies whom; this project's choice.
SAME_AUDIENCE = 2.0
# Nor do times of creation this near: one source gives the day, another the second, and they may be one account.
SAME_AGE = timedelta(days=30)
# How many signs must agree: one alone never decides.
FEWEST_SIGNS = 2


def direction(pair: Pair) -> int:
    """Return who looks like the original: 1 the protected account, -1 the reported one, 0 when nothing tells.

    Swapping the pair flips the sign.

    Examples
    --------
    >>> from classifier.accounts.account import Account, ProtectedAccount
    >>> small, large = Account(handle="a", followers=9), ProtectedAccount(platform="x", handle="b", followers=900)
    >>> direction(Pair(small, large)), direction(Pair(small, large).swapped())
    (1, -1)
    """
    return next((sign for sign in signs(pair).values() if sign), 0)


def agreed(pair: Pair) -> int:
    """Return whom the signs agree on as the original, 0 where they do not: as ``direction``, by all of them.

    Swapping the pair flips the sign. More followers, greater age or a verification of the reported account never raise
    it (R7).

    Examples
    --------
    >>> from classifier.accounts.account import Account, ProtectedAccount
    >>> small, large = Account(handle="a", followers=9), ProtectedAccount(platform="x", handle="b", followers=900)
    >>> agreed(Pair(small, large))
    0
    """
    total = sum(signs(pair).values())  # of three signs, two that agree and one against are no more than one
    return int(total >= FEWEST_SIGNS) - int(total <= -FEWEST_SIGNS)


def signs(pair: Pair) -> dict[Sign, int]:
    """Return what each sign says: 1 for the protected account as the original, -1 for the reported one, 0 for neither.

    Only of what both sides have, in the order in which they decide.
    """
    ours, theirs = pair.reported, pair.protected
    found: dict[Sign, int] = {}
    if ours.verified is not None and theirs.verified is not None:
        found["verification"] = int(theirs.verified) - int(ours.verified)
    if ours.followers is not None and theirs.followers is not None:
        found["audience"] = _larger(theirs.followers, ours.followers) - _larger(ours.followers, theirs.followers)
    if ours.created_at is not None and theirs.created_at is not None:
        apart = ours.created_at - theirs.created_at
        found["age"] = int(apart > SAME_AGE) - int(-apart > SAME_AGE)
    return found


def _larger(one: int, other: int) -> int:
    return int(one > SAME_AUDIENCE * other)


def directions(ours: Standing, theirs: Standing) -> NDArray[np.int64]:
    """Return the same for many pairs at once.

    Parameters
    ----------
    ours, theirs : tuple of three ndarrays of shape (n_pairs,)
        Whether verified, the audience and the time of creation in microseconds; NaN where missing.
    """
    verified = _above(theirs[0], ours[0]) - _above(ours[0], theirs[0])
    audience = _above(theirs[1], SAME_AUDIENCE * ours[1]) - _above(ours[1], SAME_AUDIENCE * theirs[1])
    apart, same = ours[2] - theirs[2], SAME_AGE / timedelta(microseconds=1)
    age = _above(apart, same) - _above(-apart, same)
    found: NDArray[np.int64] = np.where(verified != 0, verified, np.where(audience != 0, audience, age))
    return found


def _above(one: NDArray[np.float64], other: NDArray[np.float64] | float) -> NDArray[np.int64]:
    """Return 1 where one is larger; what is missing is not."""
    above: NDArray[np.int64] = (one > other).astype(np.int64)
    return above
