"""Bearing: how much of a name or handle stands somewhere within another text, however it is dressed up; compiled.

``edit_distance`` compares two handles as wholes, so that "HelpNorthwind24" is far from "Northwind". Here whatever
stands before and behind costs nothing, because who claims to be Northwind's help adds words on purpose; it is measured
apart. What is left of the letters counts in bits, the edits within cost what they cost there.

References
----------
T. F. Smith, M. S. Waterman (1981), "Identification of common molecular subsequences", J. Mol. Biol. 147; here all of
one text is aligned with any part of the other (semi-global alignment)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.text.edit_distance import EFFORT
from classifier.utils.jit import helper

# Longer texts are read up to here: handles are shorter, and names seldom are longer.
LONGEST = 64
_LOOK_ALIKE, _DOUBLED, _SWAPPED = EFFORT["look_alike"], EFFORT["doubled"], EFFORT["swapped"]
_DROPPED, _INSERTED, _CHANGED = EFFORT["dropped"], EFFORT["inserted"], EFFORT["changed"]
# More than what rounding takes from a sum of bits.
_ROUNDED = 1e-6

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


class Borne(NamedTuple):
    """Where a text is borne best.

    Attributes
    ----------
    bits : float
        Bits that are left of it less the bits of the edits, at least 0.
    start, stop : int
        Which part of the other text bears it; both 0 where none does.
    """

    bits: float
    start: int
    stop: int


@helper
def looks(text: _Ints) -> np.uint64:
    """Return which letters a text has by their looks, a bit for each; several share a bit."""
    found = np.uint64(0)
    for letter in text:
        found |= np.uint64(1) << np.uint64(abs(letter >> 32) & 63)
    return found


@helper
def at_most(wanted: _Ints, bits: _Floats, others: np.uint64) -> float:
    """Return what is left of a text at most in another of those looks: most texts need not be aligned.

    A letter that the other text has not is dropped, or it is written once of two.
    """
    total = 0.0
    for letter in range(wanted.size):
        if others >> np.uint64(abs(wanted[letter] >> 32) & 63) & np.uint64(1):
            total += bits[letter]
        elif letter < LONGEST:
            is_again = letter > 0 and wanted[letter - 1] == wanted[letter]
            total += max(-_DROPPED, bits[letter] - _DOUBLED) if is_again else -_DROPPED
    return max(0.0, total)


@helper
def borne(wanted: _Ints, bits: _Floats, text: _Ints, disguised: bool = True, floor: float = 0.0) -> Borne:
    """Find the part of ``text`` that is most like ``wanted``.

    Parameters
    ----------
    wanted, text : ndarray of int64
        Letters as ``edit_distance.spelling`` has them.
    bits : ndarray of float64
        What each letter of ``wanted`` carries.
    disguised : bool
        Whether letters that look alike stand for each other; not within a name that is somebody's.
    floor : float
        Bits that something else is known to have: where no more can be left, the search ends and nothing is found.
    """
    rows, columns = min(wanted.size, LONGEST), min(text.size, LONGEST)
    # The row of a letter and those of the two letters before, in turn.
    best, start = np.empty((3, columns + 1)), np.empty((3, columns + 1), np.int64)
    for column in range(columns + 1):
        best[0, column], start[0, column] = 0.0, column
    to_come, highest = bits[:rows].sum() + _ROUNDED, 0.0
    for row in range(1, rows + 1):
        here, above, second = row % 3, (row - 1) % 3, (row - 2) % 3
        best[here, 0], start[here, 0] = best[above, 0] - _DROPPED, 0
        letter, carried = wanted[row - 1], bits[row - 1]
        again = row > 1 and wanted[row - 2] == letter
        before, highest = highest, best[here, 0]
        for column in range(1, columns + 1):
            other = text[column - 1]
            score, begin = best[above, column - 1], start[above, column - 1]
            if other == letter:
                score += carried
            elif disguised and abs(other >> 32) == abs(letter >> 32):
                score += carried - _LOOK_ALIKE
            else:
                score -= _CHANGED
            dropped = best[above, column] + (carried - _DOUBLED if again else -_DROPPED)
            if dropped > score:
                score, begin = dropped, start[above, column]
            doubled = column > 1 and text[column - 2] == other
            inserted = best[here, column - 1] - (_DOUBLED if doubled else _INSERTED)
            if inserted > score:
                score, begin = inserted, start[here, column - 1]
            if row > 1 and column > 1 and other == wanted[row - 2] and text[column - 2] == letter and other != letter:
                swapped = best[second, column - 2] + carried + bits[row - 2] - _SWAPPED
                if swapped > score:
                    score, begin = swapped, start[second, column - 2]
            best[here, column], start[here, column] = score, begin
            highest = max(highest, score)
        # The next letter may stand before this one, which then starts from the row above.
        if max(highest + to_come - carried, before + to_come - _SWAPPED) <= floor:
            return Borne(0.0, 0, 0)
        to_come -= carried
    return _best_end(best[rows % 3], start[rows % 3])


@helper
def _best_end(best: _Floats, start: _Ints) -> Borne:
    """Return the part that ends where most bits are left; the first of several."""
    most, stop = 0.0, 0
    for column in range(1, best.size):
        if best[column] > most:
            most, stop = best[column], column
    return Borne(most, start[stop] if stop > 0 else 0, stop)
