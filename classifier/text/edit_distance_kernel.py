"""The compiled loop of ``edits``: how far one handle's key lies beyond chance from another, for many pairs at once.

It follows ``edits.edits`` step by step; a test holds the two together. Handles come spelled out (``edits.spelling``): a
character is its code point and, in the upper 32 bits, a number for what it looks like, below 0 for digits.

References
----------
R. A. Wagner, M. J. Fischer (1974), "The string-to-string correction problem", Journal of the ACM 21(1); of equally
short ways the one that rapidfuzz's ``Levenshtein.editops`` takes
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled, helper

# Longer texts, which no handle is and hardly any name, are left to ``edits``.
LONGEST = 256
# The kinds of edit in the order of ``efforts``: as ``edits.EFFORT``.
LOOK_ALIKE, DOUBLED, SWAPPED, DROPPED, INSERTED, CHANGED, NUMBER, BEFORE, AFTER = range(9)
# How many kinds of letters look like one together: as ``edits._TOGETHER``.
KINDS_TOGETHER = 3
_REPLACE, _DELETE, _INSERT = range(3)
# What is found of a pair besides its bits; the last where what is taken away may have been added up in another order
# than ``edits`` does, which changes the last digit, or where a text is too long, and nothing is known.
STARTS_OTHERWISE, HAS_NUMBER, IN_DOUBT = 1, 2, 4

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


@helper
def editops(source: _Ints, target: _Ints, ops: _Ints) -> int:
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


@helper
def _is_swap(ops: _Ints, at: int, reported: _Ints, protected: _Ints) -> bool:
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


@helper
def _is_doubled(text: _Ints, place: int) -> bool:
    before = place > 0 and text[place - 1] == text[place]
    return bool(before or (place + 1 < text.size and text[place + 1] == text[place]))


@helper
def _looks(letter: int) -> int:
    """Return the number of what a character looks like."""
    return abs(letter >> 32)


@helper
def _kind(op: _Ints, reported: _Ints, protected: _Ints) -> int:
    source, place = op[1], op[2]
    if op[0] == _DELETE:
        return DOUBLED if _is_doubled(protected, source) else DROPPED
    if op[0] == _REPLACE:
        if protected[source] < 0 and reported[place] < 0:
            return NUMBER
        return LOOK_ALIKE if _looks(protected[source]) == _looks(reported[place]) else CHANGED
    at_end = source == protected.size
    if reported[place] < 0 and (at_end or (place + 1 < reported.size and reported[place + 1] < 0)):
        return NUMBER
    if _is_doubled(reported, place):
        return DOUBLED
    return BEFORE if source == 0 else AFTER if at_end else INSERTED


@helper
def _lost(kept: _Floats, ops: _Ints, count: int) -> tuple[float, bool]:
    """Return the sum of what stood at the places of some steps, and whether ``edits`` adds it up in the same order.

    That is the order of a Python set, which is a hash table of 8, 32, 128 or 512 slots: up to 4, 18, 76 and 306 numbers
    stand in the slot of their last bits. For two numbers any order does.
    """
    slots = 8 if 2 < count <= 4 else 32 if 4 < count <= 18 else 128 if 18 < count <= 76 else 512
    total, is_sure = 0.0, True
    if count == 0 or ops[count - 1, 1] < slots:
        for at in range(count):
            total += kept[ops[at, 1]]
        return total, is_sure
    ordered = np.full(slots, -1.0)
    for at in range(count):
        slot = ops[at, 1] & (slots - 1)
        is_sure &= ordered[slot] < 0.0
        ordered[slot] = max(0.0, ordered[slot]) + kept[ops[at, 1]]
    for one in ordered:
        total += max(0.0, one)
    return total, is_sure


@helper
def _compare(
    reported: _Ints, protected: _Ints, kept: _Floats,
    together: int, efforts: _Floats, most_kept: float, most_effort: float, ops: _Ints,
) -> tuple[float, int]:  # fmt: skip
    """Return how far beyond chance one pair is, in bits, and what else is known of it.

    Parameters
    ----------
    kept : ndarray of float64
        What each character of the protected text carries (``rarity.information``).
    together : int
        How many letters were read as one before.
    """
    if max(protected.size, reported.size) > LONGEST:
        return np.inf, IN_DOUBT
    count = editops(protected, reported, ops)
    effort, taken, at, found = 0.0, 0, 0, 0
    for _ in range(together):
        effort += efforts[LOOK_ALIKE]
    while at < count:
        if at + 1 < count and _is_swap(ops, at, reported, protected):
            effort += efforts[SWAPPED]
            at += 2
            continue
        kind, source = _kind(ops[at], reported, protected), ops[at, 1]
        effort += efforts[kind]
        if kind == NUMBER:
            found |= HAS_NUMBER
        if ops[at, 0] != _INSERT and kind in (CHANGED, DROPPED, NUMBER):
            ops[taken, 1] = source  # steps that were read before: nobody asks for them again
            taken += 1
            if source == 0:
                found |= STARTS_OTHERWISE
        at += 1
    total = 0.0
    for one in kept:
        total += one
    lost, is_sure = _lost(kept, ops, taken)
    if not is_sure:
        found |= IN_DOUBT
    return min(most_kept, max(0.0, total - lost)) - min(most_effort, effort), found


@helper
def _distance(source: _Ints, target: _Ints, row: _Ints) -> int:
    """Return how many steps the shortest way from one text to another has; ``row`` is one longer than ``target``."""
    for place in range(target.size + 1):
        row[place] = place
    for at in range(source.size):
        crosswise, row[0] = row[0], at + 1
        for place in range(target.size):
            steps = min(min(row[place], row[place + 1]) + 1, crosswise + (source[at] != target[place]))
            crosswise, row[place + 1] = row[place + 1], steps
    return int(row[target.size])


@helper
def _form(units: _Ints, text: int, read: int) -> tuple[int, int]:
    """Return where a form of a spelling (``edits.spelling``) begins and how many letters it has.

    Parameters
    ----------
    read : int
        A bit for each kind of letters that are read as one.
    """
    place = text + 1 + 2 * (read & units[text])
    return text + units[place], units[place + 1]


@helper
def _read_as_one(own: _Ints, one: int, other: _Ints, two: int, row: _Ints) -> tuple[int, int]:
    """Read letters that look like one as one where that brings two spellings nearer: which kinds, and how many."""
    read, count = 0, 0
    for kind in range(KINDS_TOGETHER):
        more = read | (1 << kind)
        if (own[one] | other[two]) & (1 << kind):
            begin, size = _form(own, one, read)
            other_begin, other_size = _form(other, two, read)
            apart = _distance(own[begin : begin + size], other[other_begin : other_begin + other_size], row)
            begin, size = _form(own, one, more)
            other_begin, other_size = _form(other, two, more)
            nearer = _distance(own[begin : begin + size], other[other_begin : other_begin + other_size], row)
            if nearer < apart:
                read, count = more, count + 1
    return read, count


@helper
def _compare_spellings(
    own: _Ints, one: int, other: _Ints, reals: _Floats, two: int,
    efforts: _Floats, most_kept: float, most_effort: float, ops: _Ints, row: _Ints,
) -> tuple[float, int]:  # fmt: skip
    """Return how far beyond chance a spelling is from a protected one, in bits, and what else is known.

    Parameters
    ----------
    own, other : ndarray of int64
        What holds the spellings, ``own`` from ``one`` on and ``other`` from ``two`` on.
    reals : ndarray of float64
        The same memory as ``other``.
    ops, row : ndarray of int64, of shapes (2 * LONGEST, 3) and (LONGEST + 1,)
        For the steps in between.
    """
    if max(own[one + 2], other[two + 2]) > LONGEST:
        return np.inf, IN_DOUBT
    read, together = 0, 0
    if own[one] | other[two]:
        read, together = _read_as_one(own, one, other, two, row)
    begin, size = _form(own, one, read)
    other_begin, other_size = _form(other, two, read)
    bits = other_begin + other_size
    return _compare(
        own[begin : begin + size], other[other_begin:bits], reals[bits : bits + other_size],
        together, efforts, most_kept, most_effort, ops,
    )  # fmt: skip


@compiled
def compare_packed(
    own: _Ints, own_at: _Ints, other: _Ints, reals: _Floats, other_at: _Ints,
    efforts: _Floats, most_kept: float, most_effort: float, far: float,
) -> tuple[_Floats, _Floats, _Ints]:  # fmt: skip
    """Return how near handles are to protected handles and to what else their owners are called.

    Parameters
    ----------
    own, other : ndarray of int64
        What holds the spellings of handles (``edits.spelling``), ``reals`` being the memory of ``other`` as float64.
    own_at, other_at : ndarray of int64, shape (n_pairs,)
        Where each pair's own spelling begins; where the number of the protected ones stands, and behind it how much
        further on each begins, the handle's first.
    far : float
        Below this a distance in bits is not told apart from any other.

    Returns
    -------
    beyond, spelled : ndarray of float64, shape (n_pairs,)
        Of the handle, and the most of the others.
    found : ndarray of int64, shape (n_pairs,)
        Of the handle: ``STARTS_OTHERWISE``, ``HAS_NUMBER`` and ``IN_DOUBT``, which also stands where one of the others
        is in doubt.
    """
    beyond, spelled = np.empty(own_at.size), np.full(own_at.size, -np.inf)
    found = np.zeros(own_at.size, np.int64)
    ops, row = np.empty((2 * LONGEST, 3), np.int64), np.empty(LONGEST + 1, np.int64)
    for pair in range(own_at.size):
        one, texts = own_at[pair] + own[own_at[pair] + 1], other_at[pair]
        for text in range(other[texts]):
            bits, known = _compare_spellings(
                own, one, other, reals, texts + other[texts + 1 + text], efforts, most_kept, most_effort, ops, row
            )
            if bits <= far - 1.0:
                known &= ~IN_DOUBT
            if text == 0:
                beyond[pair], found[pair] = bits, known
            else:
                spelled[pair] = max(spelled[pair], bits)
                found[pair] |= known & IN_DOUBT
    return beyond, spelled, found
