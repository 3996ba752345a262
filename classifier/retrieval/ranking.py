"""Choosing: whom a text names, who is compared at all, and who is likeliest; compiled.

The arrays are those of ``grams``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled

_Bytes = NDArray[np.uint8]
_Ints = NDArray[np.uint32]
_Floats = NDArray[np.float32]
_Masks = NDArray[np.uint64]


# An owner whose score rises because the bio names them in two words or more, or in one word.
CLAIMED, SPELLED = 1, 2


@compiled
def pooled(
    near: _Ints, near_firsts: _Ints, named: _Ints, named_firsts: _Ints, gone: NDArray[np.bool_]
) -> tuple[_Ints, _Ints, _Bytes]:
    """Return for each query the owners to compare, none twice and none gone: those near, then those named.

    Parameters
    ----------
    near, near_firsts
        As ``likeness.likeliest`` gives them: none twice, none gone.
    named, named_firsts
        As ``called`` gives them.

    Returns
    -------
    owners, owner_firsts : ndarray of uint32
    saying : ndarray of uint8
        For each owner ``CLAIMED``, if not so ``SPELLED``, else 0.
    """
    queries = near_firsts.size - 1
    owners = np.empty(near.size + named.size, np.uint32)
    saying = np.zeros(owners.size, np.uint8)
    owner_firsts = np.zeros(queries + 1, np.uint32)
    total = 0
    for query in range(queries):
        first = total
        for i in range(near_firsts[query], near_firsts[query + 1]):
            owners[total] = near[i]
            total += 1
        for kind in range(3):
            for i in range(named_firsts[3 * query + kind], named_firsts[3 * query + kind + 1]):
                place = first
                while place < total and owners[place] != named[i]:
                    place += 1
                if place == total and not gone[named[i]]:
                    owners[place] = named[i]
                    total += 1
                if place < total and kind > 0 and saying[place] == 0:
                    saying[place] = kind
        owner_firsts[query + 1] = total
    return owners[:total], owner_firsts, saying[:total]


@compiled
def rank(
    values: _Floats, shares: _Floats, is_named: NDArray[np.bool_], saying: _Bytes, bonuses: _Floats,
    chosen: _Ints, chosen_firsts: _Ints, firsts: _Ints, is_name: _Bytes, most: int, least: float,
) -> tuple[_Ints, _Floats, _Ints]:  # fmt: skip
    """Return the owners that score highest and their scores in [0, 1], the best first, the more prominent of equals.

    Parameters
    ----------
    values : ndarray of shape (n_chosen, FEATURES)
        As ``likeness.compare`` gives them.
    shares : ndarray of shape (2, FEATURES)
        How much each counts where both sides have a name, and where either has none; each row adds up to 1.
    is_named : ndarray of bool
        Whether each query has a name.
    saying : ndarray of uint8
        As ``pooled`` gives it.
    bonuses : ndarray of shape (2,)
        By how much the score of those ``CLAIMED`` and ``SPELLED`` rises.
    most, least
        Owners returned at most for a query, and the score that each has at least.

    Returns
    -------
    best, scores, best_firsts : ndarray
        For query i those from ``best_firsts[i]`` on.
    """
    queries = chosen_firsts.size - 1
    best, scores = np.empty(most * queries, np.uint32), np.empty(most * queries, np.float32)
    best_firsts = np.zeros(queries + 1, np.uint32)
    first = 0
    for query in range(queries):
        count = 0
        for c in range(chosen_firsts[query], chosen_firsts[query + 1]):
            owner = chosen[c]
            row = 0 if is_named[query] and is_name[firsts[owner + 1] - 1] else 1  # names come behind handles
            score: Any = np.float32(0.0)
            if saying[c] != 0:
                score = bonuses[saying[c] - 1]
            for feature in range(values.shape[1]):
                score += values[c, feature] * shares[row, feature]
            score = np.float32(min(1.0, round(score, 6)))
            if score < least or (count == most and scores[first + count - 1] > score):
                continue
            place = first + count
            while place > first and (
                scores[place - 1] < score or (scores[place - 1] == score and best[place - 1] > owner)
            ):
                place -= 1
            if place >= first + most:
                continue
            count = min(most, count + 1)
            for later in range(first + count - 1, place, -1):
                best[later], scores[later] = best[later - 1], scores[later - 1]
            best[place], scores[place] = owner, score
        first += count
        best_firsts[query + 1] = first
    return best[:first], scores[:first], best_firsts
