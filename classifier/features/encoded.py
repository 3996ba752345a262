"""Packs: many packed accounts in few arrays, and the features of pairs of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.normal_forms import View
from classifier.features import encoding, numeric, pair_kernel
from classifier.features.feature import FEATURES
from classifier.features.pair_context import BORNE
from classifier.text import edit_distance, edit_distance_kernel, information, lexicon

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_NAMES = [one.name for one in FEATURES]
# Where the features of texts, as ``pair_kernel`` finds them, and those of numbers stand on the list.
OF_TEXTS = [_NAMES.index(name) for name in (*pair_kernel.COMPARED, *(one.name for one in encoding.ALONE))]
OF_NUMBERS = [_NAMES.index(name) for name in numeric.NAMES]


def _table(words: frozenset[str]) -> tuple[_Ints, _Ints]:
    """Return the letters of words, one behind the other, and where each ends."""
    ordered = sorted(words)
    return np.array(array("q", map(ord, "".join(ordered)))), np.array(list(accumulate(map(len, ordered))))


_NOTHING = np.empty(0, np.int64)
_CLAIMS, _OFFICES = _table(lexicon.CLAIM_WORDS), _table(lexicon.OFFICE_WORDS)


@dataclass(frozen=True, slots=True, eq=False)
class Packs:
    """Packed accounts.

    Attributes
    ----------
    units : ndarray of int64
    starts : ndarray of int64, shape (n_accounts,)
    """

    units: _Ints
    starts: _Ints

    @classmethod
    def of(cls, packed: Sequence[encoding.Pack]) -> Packs:
        """Put packed accounts one behind the other."""
        starts = np.array(list(accumulate(map(len, packed), initial=0))[:-1], np.int64)
        return cls(np.frombuffer(bytearray().join(packed), np.int64), starts)

    def taken(self, places: _Ints) -> Packs:
        """Return copies of some, one behind the other."""
        return Packs(*pair_kernel.copied(self.units, self.starts[places]))

    @classmethod
    def joined(cls, parts: Sequence[Packs]) -> Packs:
        """Put packs behind each other."""
        if len(parts) == 1:
            return parts[0]
        firsts = accumulate((len(one.units) for one in parts), initial=0)
        starts = [one.starts + first for one, first in zip(parts, firsts, strict=False)]
        return cls(*(np.concatenate([_NOTHING, *some]) for some in ([one.units for one in parts], starts)))


def of_texts(own: Packs, others: Packs, pairs: _Ints, views: Callable[[int], tuple[View, View]]) -> _Floats:
    """Return the features of texts.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Which of ``own`` and of ``others`` each compares.
    views : callable
        Returns the views of a pair that the compiled pass does not decide.

    Returns
    -------
    ndarray of shape (n_pairs, len(OF_TEXTS))
    """
    own_at, other_at = own.starts[pairs[:, 0]], others.starts[pairs[:, 1]]
    reals = others.units.view(np.float64)
    beyond, spelled, found = edit_distance_kernel.compare_packed(
        own.units, own_at + own.units[own_at + pair_kernel.SPELLINGS],
        others.units, reals, other_at + others.units[other_at + pair_kernel.SPELLINGS],
        edit_distance.EFFORTS, information.MOST, edit_distance.MOST, edit_distance.FAR,
    )  # fmt: skip
    values = np.empty((len(pairs), len(OF_TEXTS)))
    pair_kernel.compare_all(
        own.units, own.units.view(np.float64), own_at, others.units, reals, other_at, beyond, spelled,
        (found & edit_distance_kernel.STARTS_OTHERWISE) > 0, (found & edit_distance_kernel.HAS_NUMBER) > 0,
        *_CLAIMS, *_OFFICES, BORNE, information.MOST, edit_distance.FAR, edit_distance.SEPARATOR, values,
    )  # fmt: skip
    in_doubt = (found & edit_distance_kernel.IN_DOUBT) | _are_odd(own, own_at) | _are_odd(others, other_at)
    for pair in np.flatnonzero(in_doubt).tolist():
        values[pair] = defined(*views(pair), OF_TEXTS)
    return values


def of_numbers(own: _Floats, others: _Floats, views: Callable[[int], tuple[View, View]]) -> _Floats:
    """Return the features of numbers, shape (n_pairs, len(OF_NUMBERS)), of each pair's numbers."""
    values = numeric.compare(own, others)
    for pair in np.flatnonzero(numeric.are_odd(own, others)).tolist():
        values[pair] = defined(*views(pair), OF_NUMBERS)
    return values


def together(texts: _Floats, of_numbers: _Floats) -> _Floats:
    """Return the features of pairs in the order of the list, shape (n_pairs, n_features)."""
    values = np.empty((len(texts), len(FEATURES)))
    values[:, OF_TEXTS] = texts
    values[:, OF_NUMBERS] = of_numbers
    return values


def defined(reported: View, protected: View, places: Sequence[int]) -> list[float]:
    """Return the features at places of the list, by their definitions."""
    found = [FEATURES[place].compute(reported, protected) for place in places]
    reported.compared.clear()
    return found


def _are_odd(packs: Packs, starts: _Ints) -> _Ints:
    flags = packs.units[starts + packs.units[starts + pair_kernel.FACTS] + pair_kernel.FLAGS]
    odd: _Ints = flags & pair_kernel.IS_ODD
    return odd
