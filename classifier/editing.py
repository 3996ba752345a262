"""The compiled loop of ``edits``: how far one handle's key lies beyond chance from another, for many pairs at once.

It follows ``edits.edits`` step by step; a test holds the two together. Texts come as two arrays: ``letters``, a number
for each character, and ``looks``, one for what each character looks like, below 0 where it is a digit.

References
----------
R. A. Wagner, M. J. Fischer (1974), "The string-to-string correction problem", Journal of the ACM 21(1); of equally
short ways the one that rapidfuzz's ``Levenshtein.editops`` takes
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.compiled import compiled

# Longer texts, which hardly any handle is, are left to ``edits``.
LONGEST = 64
# The kinds of edit in the order of ``efforts``: as ``edits.EFFORT``.
LOOK_ALIKE, DOUBLED, SWAPPED, DROPPED, INSERTED, CHANGED, NUMBER, BEFORE, AFTER = range(9)
_REPLACE, _DELETE, _INSERT = range(3)
# What ``compare_all`` finds of a pair besides its bits.
STARTS_OTHERWISE, HAS_NUMBER, IN_DOUBT = 1, 2, 4

_Ints = NDArray[np.int64]
_Letters = NDArray[np.uint32]
_Looks = NDArray[np.int32]
_Floats = NDArray[np.float64]


@compiled
def editops(source: _Letters, target: _Letters, ops: _Ints) -> int:
    """Write the shortest way from one text to another, from its start; return how many steps it has.

    Parameters
    ----------
    ops : ndarray of shape (at least len(source) + len(target), 3)
        Each step's kind, and its place in either text.
    """
    first, stop, target_stop = 0, source.size, target.size
    while first < stop and first < target_stop and source[first] == target[first]:
        first += 1
    while stop > first and target_stop > first and source[stop - 1] == target[target_stop - 1]:
        stop -= 1
        target_stop -= 1
    rows, columns = stop - first, target_stop - first
    distance = np.empty((rows + 1, columns + 1), np.int64)
    for row in range(rows + 1):
        distance[row, 0] = row
    for column in range(columns + 1):
        distance[0, column] = column
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            other = source[first + row - 1] != target[first + column - 1]
            beside = min(distance[row - 1, column], distance[row, column - 1]) + 1
            distance[row, column] = min(beside, distance[row - 1, column - 1] + other)
    count = at = int(distance[rows, columns])
    row, column = rows, columns
    while row > 0 or column > 0:
        if column == 0 or (row > 0 and distance[row, column] - distance[row - 1, column] == 1):
            row -= 1
            kind = _DELETE
        elif row == 0 or distance[row, column - 1] - distance[row - 1, column - 1] == -1:
            column -= 1
            kind = _INSERT
        else:
            row -= 1
            column -= 1
            if source[first + row] == target[first + column]:
                continue
            kind = _REPLACE
        at -= 1
        ops[at, 0], ops[at, 1], ops[at, 2] = kind, first + row, first + column
    return count


@compiled
def _is_swap(ops: _Ints, at: int, reported: _Letters, protected: _Letters) -> bool:
    kind, source, place = ops[at, 0], ops[at, 1], ops[at, 2]
    next_kind, next_source, next_place = ops[at + 1, 0], ops[at + 1, 1], ops[at + 1, 2]
    if kind == _REPLACE and next_kind == _REPLACE:
        crossed = protected[source] == reported[next_place] and protected[next_source] == reported[place]
        return bool(next_source == source + 1 and crossed)
    if next_source - source > 2:
        return False
    if kind == _DELETE and next_kind == _INSERT:
        return bool(protected[source] == reported[next_place])
    return bool(kind == _INSERT and next_kind == _DELETE and protected[next_source] == reported[place])


@compiled
def _is_doubled(text: _Letters, place: int) -> bool:
    before = place > 0 and text[place - 1] == text[place]
    return bool(before or (place + 1 < text.size and text[place + 1] == text[place]))


@compiled
def _kind(op: _Ints, reported: _Letters, reported_looks: _Looks, protected: _Letters, protected_looks: _Looks) -> int:
    source, place = op[1], op[2]
    if op[0] == _DELETE:
        return DOUBLED if _is_doubled(protected, source) else DROPPED
    if op[0] == _REPLACE:
        if protected_looks[source] < 0 and reported_looks[place] < 0:
            return NUMBER
        return LOOK_ALIKE if abs(protected_looks[source]) == abs(reported_looks[place]) else CHANGED
    at_end = source == protected.size
    if reported_looks[place] < 0 and (at_end or (place + 1 < reported_looks.size and reported_looks[place + 1] < 0)):
        return NUMBER
    if _is_doubled(reported, place):
        return DOUBLED
    return BEFORE if source == 0 else AFTER if at_end else INSERTED


@compiled
def compare_all(
    letters: _Letters, looks: _Looks, bits: _Floats, starts: _Ints, pairs: _Ints, efforts: _Floats,
    most_kept: float, most_effort: float,
) -> tuple[_Floats, _Ints]:  # fmt: skip
    """Return how far beyond chance each pair is, in bits, and what else is known of it.

    Parameters
    ----------
    letters, looks : ndarray of uint32, of int32
        All texts, one behind the other.
    bits : ndarray of float64
        What each character carries (``rarity.information``); read of protected texts only.
    starts : ndarray of shape (n_texts + 1,)
    pairs : ndarray of shape (n_pairs, 3)
        Which text is the reported one and which the protected one, and how many letters were read as one before.
    efforts : ndarray of shape (9,)

    Returns
    -------
    beyond : ndarray of float64
    found : ndarray of int64
        ``STARTS_OTHERWISE``, ``HAS_NUMBER`` and ``IN_DOUBT``: what is taken away was added up in another order than
        ``edits`` does, which may change the last digit; or a text is too long, and nothing is known.
    """
    beyond, found = np.empty(len(pairs)), np.zeros(len(pairs), np.int64)
    ops = np.empty((2 * LONGEST, 3), np.int64)
    for pair in range(len(pairs)):
        begin, end = starts[pairs[pair, 0]], starts[pairs[pair, 0] + 1]
        reported, reported_looks = letters[begin:end], looks[begin:end]
        begin, end = starts[pairs[pair, 1]], starts[pairs[pair, 1] + 1]
        if max(end - begin, reported.size) > LONGEST:
            beyond[pair], found[pair] = np.inf, IN_DOUBT
            continue
        protected, protected_looks, kept = letters[begin:end], looks[begin:end], bits[begin:end]
        count = editops(protected, reported, ops)
        effort, lost, taken, one_size, at = 0.0, 0.0, 0, 0.0, 0
        for _ in range(pairs[pair, 2]):
            effort += efforts[LOOK_ALIKE]
        while at < count:
            if at + 1 < count and _is_swap(ops, at, reported, protected):
                effort += efforts[SWAPPED]
                at += 2
                continue
            kind, source = _kind(ops[at], reported, reported_looks, protected, protected_looks), ops[at, 1]
            effort += efforts[kind]
            if kind == NUMBER:
                found[pair] |= HAS_NUMBER
            if ops[at, 0] != _INSERT and kind in (CHANGED, DROPPED, NUMBER):
                # A sum of two numbers, or of equal ones, is the same in any order.
                if taken >= 2 and kept[source] != one_size:
                    found[pair] |= IN_DOUBT
                if taken == 1 and kept[source] != one_size:
                    one_size = -1.0
                elif taken == 0:
                    one_size = kept[source]
                lost += kept[source]
                taken += 1
                if source == 0:
                    found[pair] |= STARTS_OTHERWISE
            at += 1
        total = 0.0
        for one in kept:
            total += one
        beyond[pair] = min(most_kept, max(0.0, total - lost)) - min(most_effort, effort)
    return beyond, found
