"""The features of pairs of views, for few pairs or pairs that are not repeated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.normal_forms import View
from classifier.features import encoding, numeric
from classifier.features.encoded import EncodedAccounts, of_numbers, of_texts, together
from classifier.features.feature_list import FEATURES


def compute(pairs: Sequence[tuple[View, View]]) -> NDArray[np.float64]:
    """Return the features of (reported, protected) views.

    Returns
    -------
    ndarray of shape (n_pairs, n_features)
        In the order of ``FEATURES``; NaN where missing.
    """
    if not pairs:
        return np.zeros((0, len(FEATURES)))
    ours, theirs = ({id(view): view for view in side} for side in zip(*pairs, strict=True))
    places = [{key: place for place, key in enumerate(side)} for side in (ours, theirs)]
    rows = np.array([[places[0][id(view)], places[1][id(other)]] for view, other in pairs])
    encoding.warm(ours.values(), theirs.values())
    own = EncodedAccounts.of([encoding.encode_reported(view) for view in ours.values()])
    others = EncodedAccounts.of([encoding.encode_protected(view) for view in theirs.values()])
    texts = of_texts(own, others, rows, pairs.__getitem__)
    own_numbers, other_numbers = numeric.rows(ours.values()), numeric.rows(theirs.values())
    return together(texts, of_numbers(own_numbers[rows[:, 0]], other_numbers[rows[:, 1]]))
