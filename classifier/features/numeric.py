"""Numbers: the features of audience, age and verification, and what direction goes by, for many pairs at once.

It follows ``profiles``; a test holds the two together. An account's numbers are one row, so that reports of the same
wording share everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Account
from classifier.accounts.normal_forms import View
from classifier.features.encoding import NUMBER_FIELDS
from classifier.features.feature import FEATURES, MISSING, flag, log10

_Floats = NDArray[np.float64]

OF_NUMBERS = tuple(one for one in FEATURES if not NUMBER_FIELDS.isdisjoint(one.fields))
NAMES = tuple(one.name for one in OF_NUMBERS)
_ALONE = tuple(one for one in OF_NUMBERS if one.alone)
_PLACES = [NAMES.index(one.name) for one in _ALONE]
# The columns behind those of ``_ALONE``: the audience as it is, microseconds since 1970, and whether either is beyond
# what a float64 holds and takes differences of exactly.
_AUDIENCE, _CREATED, _IS_ODD = range(len(_ALONE), len(_ALONE) + 3)
WIDTH = len(_ALONE) + 3
_LOG_AUDIENCE = [one.name for one in _ALONE].index("followers")
_VERIFIED = [one.name for one in _ALONE].index("verified")
_RELATIVE, _LATER = NAMES.index("followers_relative"), NAMES.index("created_later")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_EXACT = 2**52
_SECOND, _YEAR = 1e6, 365.25 * 86_400.0


def row(view: View) -> list[float]:
    """Return an account's numbers; NaN where missing."""
    audience, created = view.account.followers, view.account.created_at
    if isinstance(view.account, Account):
        alone = [one.compute(view, view) for one in _ALONE]
    else:  # what ``accounts.as_reported`` leaves
        alone = [MISSING] * len(_ALONE)
        alone[_VERIFIED], alone[_LOG_AUDIENCE] = flag(view.account.verified), log10(audience)
    if (audience is not None and not 0 <= audience < _EXACT) or (created is not None and created.tzinfo is None):
        return [*alone, MISSING, MISSING, 1.0]
    made = MISSING if created is None else (created - _EPOCH) // _MICROSECOND
    return [*alone, MISSING if audience is None else audience, made, float(abs(made) >= _EXACT)]


def rows(views: Iterable[View]) -> _Floats:
    """Return the numbers of accounts, shape (n_accounts, WIDTH)."""
    return np.array([row(view) for view in views], np.float64).reshape(-1, WIDTH)


def compare(own: _Floats, other: _Floats) -> _Floats:
    """Return the features of numbers, shape (n_pairs, len(NAMES)), of reported and protected accounts' numbers."""
    values = np.empty((len(own), len(NAMES)))
    values[:, _PLACES] = own[:, : len(_ALONE)]
    values[:, _RELATIVE] = own[:, _LOG_AUDIENCE] - other[:, _LOG_AUDIENCE]
    values[:, _LATER] = (own[:, _CREATED] - other[:, _CREATED]) / _SECOND / _YEAR
    return values


def are_odd(own: _Floats, other: _Floats) -> NDArray[np.bool_]:
    """Tell which pairs ``compare`` may be inexact for."""
    odd: NDArray[np.bool_] = (own[:, _IS_ODD] > 0) | (other[:, _IS_ODD] > 0)
    return odd


def standing(rows: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    """Return what direction goes by: verification, audience and microseconds since 1970; NaN where missing."""
    return rows[:, _VERIFIED], rows[:, _AUDIENCE], rows[:, _CREATED]
