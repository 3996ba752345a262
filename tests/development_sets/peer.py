"""The peer that has no model: the highest Jaro-Winkler similarity of handle or name with handle or name.

References
----------
W. E. Winkler (1990), String comparator metrics and enhanced decision rules in the Fellegi-Sunter model of record
linkage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from classifier.accounts.account import Account, ProtectedAccount


def jaro_winkler(
    reported: Sequence[Account], protected: Sequence[ProtectedAccount]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the score of each reported account, in [0, 1], and the place of the protected one that has it."""
    best = np.zeros(len(reported), np.float32)
    where = np.zeros(len(reported), np.int64)
    for own in (_handles(reported), _names(reported)):
        for others in (_handles(protected), _names(protected)):
            if not own[0] or not others[0]:
                continue
            scores = process.cdist(own[0], others[0], scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
            places, highest = np.array(own[1]), scores.max(axis=1)
            better = highest > best[places]
            best[places[better]] = highest[better]
            where[places[better]] = np.array(others[1])[scores.argmax(axis=1)[better]]
    return best, where


def _handles(accounts: Sequence[Any]) -> tuple[list[str], list[int]]:
    return [one.handle.casefold() for one in accounts], list(range(len(accounts)))


def _names(accounts: Sequence[Any]) -> tuple[list[str], list[int]]:
    named = [number for number, one in enumerate(accounts) if one.display_name]
    return [accounts[number].display_name.casefold() for number in named], named
