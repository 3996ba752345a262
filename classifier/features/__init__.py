"""Pair features: one ordered list of short pure functions of (reported, protected).

The first line of each docstring is the explanation people read. A feature returns NaN where either side lacks what it
compares: missing is neither match nor mismatch. ``monotone`` says which way the feature may move the probability of
impersonation: -1 never up, +1 never down, 0 either way. More followers, greater age and a verification never raise it.

A model is bound to this list by name and order; ``FEATURE_NAMES`` is stored with it and compared when it is loaded.
The functions are in ``names``, ``claims``, ``handles`` and ``profiles``, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.features.common import compare
from classifier.features.feature import FEATURES, MISSING, Compute, Feature
from classifier.views import View

# isort: split
from classifier.features import names, claims, handles, profiles  # noqa: F401, I001 - in this order they fill the list

__all__ = ["FEATURES", "FEATURE_NAMES", "MISSING", "MONOTONE", "Feature", "compute"]

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
MONOTONE: tuple[int, ...] = tuple(feature.monotone for feature in FEATURES)


def compute(pairs: Sequence[tuple[View, View]]) -> NDArray[np.float64]:
    """Return the features of (reported, protected) views.

    Returns
    -------
    ndarray of shape (n_pairs, n_features)
        In the order of ``FEATURES``; NaN where missing.
    """
    if not pairs:
        return np.empty((0, len(FEATURES)))
    compare(pairs)
    batch = {id(reported): (reported, protected) for reported, protected in pairs}
    known = {own: _settled(*pair) for own, pair in batch.items()}
    values = np.array([_row(*known[id(pair[0])], *pair) for pair in pairs])
    for reported, _ in batch.values():
        reported.compared.clear()  # a view may live long, and this is of no more use
    return values


def _settled(reported: View, protected: View) -> tuple[list[float], list[tuple[int, Compute]]]:
    """Return the features that are the same whatever an account is compared with, and the others with their places."""
    of_one = [one.is_of_one(reported) for one in FEATURES]
    row = [one.compute(reported, protected) if same else MISSING for one, same in zip(FEATURES, of_one, strict=True)]
    return row, [(place, FEATURES[place].compute) for place, same in enumerate(of_one) if not same]


def _row(settled: list[float], others: list[tuple[int, Compute]], reported: View, protected: View) -> list[float]:
    row = settled.copy()
    for place, one in others:
        row[place] = one(reported, protected)
    return row
