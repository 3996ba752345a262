"""Pair features: one ordered list of short pure functions of (reported, protected).

The first line of each docstring is the explanation people read. A feature returns NaN where either side lacks what it
compares: missing is neither match nor mismatch. ``monotone`` says which way the feature may move the probability of
impersonation: -1 never up, +1 never down, 0 either way. More followers, greater age and a verification never raise it.

A model is bound to this list by name and order; ``FEATURE_NAMES`` is stored with it and compared when it is loaded.
The functions are in ``handles``, ``names``, ``claims`` and ``profiles``, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.features import claims, handles, names, profiles  # noqa: F401 - in this order they fill the list
from classifier.features.feature import FEATURES, MISSING, Feature
from classifier.views import View

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
    rows = [[feature.compute(reported, protected) for feature in FEATURES] for reported, protected in pairs]
    return np.array(rows, dtype=float).reshape(len(pairs), len(FEATURES))
