"""Numbers: what of an account the features of audience, age and verification read, and what direction goes by.

An account's numbers are one row, apart from what follows from its wording, so that reports of the same wording share
everything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View

_Floats = NDArray[np.float64]

# The columns of a row: flags; counts in powers of ten; years; the audience as it is; microseconds since 1970. NaN is
# missing.
VERIFIED, DEFAULT_AVATAR, FOLLOWED_BY_TARGET, LOG_FOLLOWERS, LOG_POSTS, AGE, AUDIENCE, CREATED, PROMINENCE = range(9)
WIDTH = 9
SECOND, YEAR = 1e6, 365.25 * 86_400.0
# What stands for an audience that is not known: of whom a registry puts into the high tier, and of whom a platform
# verified. This project's choice.
HIGH_TIER, VOUCHED = 6.0, 5.0
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def row(view: View) -> list[float]:
    """Return an account's numbers in the order of the columns."""
    account = view.account
    alone = [math.nan] * 4
    if isinstance(account, Account):
        alone = [_flag(account.default_avatar), _flag(account.followed_by_target), _log10(account.posts), _age(account)]
    default_avatar, followed_by_target, posts, age = alone
    audience = math.nan if account.followers is None else float(account.followers)
    return [
        _flag(account.verified), default_avatar, followed_by_target, _log10(account.followers), posts, age, audience,
        math.nan if account.created_at is None else (_aware(account.created_at) - _EPOCH) // _MICROSECOND,
        prominence(account),
    ]  # fmt: skip


def prominence(account: Account | ProtectedAccount) -> float:
    """Return how well known an account is, as the power of ten of an audience; NaN where nothing tells.

    The audience, at least ``HIGH_TIER`` in the high tier; where it is unknown, ``VOUCHED`` for a verified account.
    """
    known = [_log10(account.followers)] if account.followers is not None else []
    if isinstance(account, ProtectedAccount) and account.tier == "high":
        known.append(HIGH_TIER)
    if not known and account.verified:
        known.append(VOUCHED)
    return max(known, default=math.nan)


def rows(views: Iterable[View]) -> _Floats:
    """Return the numbers of accounts, shape (n_accounts, WIDTH)."""
    return np.array([row(view) for view in views], np.float64).reshape(-1, WIDTH)


def standing(numbers: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    """Return what direction goes by: verification, audience and microseconds since 1970; NaN where missing."""
    return numbers[:, VERIFIED], numbers[:, AUDIENCE], numbers[:, CREATED]


def _flag(value: bool | None) -> float:
    return math.nan if value is None else float(value)


def _log10(count: int | None) -> float:
    """Return a count in powers of ten, at least 0."""
    return math.nan if count is None else math.log10(1 + count)


def _age(account: Account) -> float:
    """Return how many years old an account was when it was read."""
    if account.created_at is None or account.observed_at is None:
        return math.nan
    return (_aware(account.observed_at) - _aware(account.created_at)).total_seconds() / YEAR


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
