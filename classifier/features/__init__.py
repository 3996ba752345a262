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
from classifier.features.feature import FEATURES, MISSING, Feature
from classifier.views import View

# isort: split
from classifier.features import names, claims, handles, profiles  # noqa: F401, I001 - in this order they fill the list

__all__ = ["FEATURES", "FEATURE_NAMES", "MISSING", "MONOTONE", "Feature", "compute"]

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
MONOTONE: tuple[int, ...] = tuple(feature.monotone for feature in FEATURES)
# Those of the reported account alone are computed once for all its candidates.
_OF_ONE = [place for place, feature in enumerate(FEATURES) if feature.alone]
_OF_PAIRS = [place for place, feature in enumerate(FEATURES) if not feature.alone]
_LONE_FEATURES = [FEATURES[place].compute for place in _OF_ONE]
_PAIR_FEATURES = [FEATURES[place].compute for place in _OF_PAIRS]


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
    values = np.empty((len(pairs), len(FEATURES)))
    values[:, _OF_PAIRS] = [[one(reported, protected) for one in _PAIR_FEATURES] for reported, protected in pairs]
    batch = {id(reported): (reported, protected) for reported, protected in pairs}
    alone = {own: [one(*pair) for one in _LONE_FEATURES] for own, pair in batch.items()}
    values[:, _OF_ONE] = [alone[id(reported)] for reported, _ in pairs]
    for reported, _ in batch.values():
        reported.compared.clear()  # a view may live long, and this is of no more use
    return values
