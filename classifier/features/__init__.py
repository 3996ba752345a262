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

from classifier.accounts.normal_forms import View
from classifier.errors import InputError
from classifier.features.feature import FEATURES, MISSING, Feature

# isort: split
from classifier.features import names, claims, handles, profiles  # noqa: F401, I001 - in this order they fill the list

# isort: split
from classifier.features import encoding, numeric
from classifier.features.encoded import Packs, of_numbers, of_texts, together

__all__ = ["FEATURES", "FEATURE_NAMES", "MISSING", "MONOTONE", "Feature", "compute", "named"]

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
MONOTONE: tuple[int, ...] = tuple(feature.monotone for feature in FEATURES)


def named(name: str) -> Feature:
    """Return a feature by its name, to read it or to try a model without it and with it again.

    Raises
    ------
    InputError
        If there is none of that name.

    Examples
    --------
    >>> named("handle_look_alike").explanation
    'The handles differ but look the same'
    """
    if name not in FEATURE_NAMES:
        raise InputError(f"there is no such feature; there are {', '.join(FEATURE_NAMES)}")
    return FEATURES[FEATURE_NAMES.index(name)]


def compute(pairs: Sequence[tuple[View, View]]) -> NDArray[np.float64]:
    """Return the features of (reported, protected) views.

    Returns
    -------
    ndarray of shape (n_pairs, n_features)
        In the order of ``FEATURES``; NaN where missing.
    """
    if not pairs:
        return np.empty((0, len(FEATURES)))
    ours, theirs = ({id(view): view for view in side} for side in zip(*pairs, strict=True))
    places = [{key: place for place, key in enumerate(side)} for side in (ours, theirs)]
    rows = np.array([[places[0][id(one)], places[1][id(other)]] for one, other in pairs])
    encoding.warm(ours.values(), theirs.values())
    own = Packs.of([encoding.reported(view) for view in ours.values()])
    others = Packs.of([encoding.protected(view) for view in theirs.values()])
    texts = of_texts(own, others, rows, pairs.__getitem__)
    own_numbers, other_numbers = numeric.rows(ours.values()), numeric.rows(theirs.values())
    return together(texts, of_numbers(own_numbers[rows[:, 0]], other_numbers[rows[:, 1]], pairs.__getitem__))
