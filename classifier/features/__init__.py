"""Pair features: one ordered list of short pure functions of a pair (reported, protected).

Each feature stands once: a function over encoded accounts that numba compiles and that runs as plain Python too. The
first line of its docstring is the explanation people read. A feature is NaN where either side lacks what it compares:
missing is neither match nor mismatch. ``monotone`` says which way it may move the probability of impersonation: -1
never up, 1 never down, 0 either way. More followers, greater age and a verification never raise it.

A model is bound to the list by name and order; ``FEATURE_NAMES`` is stored with it and compared when it is loaded. May
import: accounts, text, registry, utils.
"""

from __future__ import annotations

from classifier.features.compute import compute
from classifier.features.feature import KINDS, MISSING, Feature, Kind
from classifier.features.feature_list import FEATURE_NAMES, FEATURES, MONOTONE, named

__all__ = ["FEATURES", "FEATURE_NAMES", "KINDS", "MISSING", "MONOTONE", "Feature", "Kind", "compute", "named"]
