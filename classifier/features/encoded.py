"""Many encoded accounts in few arrays, and the features of pairs of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.normal_forms import View
from classifier.features import kernel
from classifier.features.encoded_account import SPELLINGS, copied
from classifier.features.encoding import Units
from classifier.features.feature_list import FEATURES
from classifier.text import edit_distance, edit_distance_kernel, information

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class EncodedAccounts:
    """Encoded accounts.

    Attributes
    ----------
    units : ndarray of int64
    starts : ndarray of int64, shape (n_accounts,)
    """

    units: _Ints
    starts: _Ints

    @classmethod
    def of(cls, accounts: Sequence[Units]) -> EncodedAccounts:
        """Put encoded accounts one behind the other."""
        starts = np.array(list(accumulate(map(len, accounts), initial=0))[:-1], np.int64)
        return cls(np.frombuffer(bytearray().join(accounts), np.int64), starts)

    def taken(self, places: _Ints) -> EncodedAccounts:
        """Return copies of some, one behind the other."""
        return EncodedAccounts(*copied(self.units, self.starts[places]))

    @classmethod
    def joined(cls, parts: Sequence[EncodedAccounts]) -> EncodedAccounts:
        """Put the accounts of several behind each other."""
        if len(parts) == 1:
            return parts[0]
        firsts = accumulate((len(part.units) for part in parts), initial=0)
        starts = [one.starts + first for one, first in zip(parts, firsts, strict=False)]
        return cls(*(np.concatenate([_NOTHING, *some]) for some in ([part.units for part in parts], starts)))


def of_texts(
    own: EncodedAccounts, others: EncodedAccounts, pairs: _Ints, views: Callable[[int], tuple[View, View]]
) -> _Floats:
    """Return the features of texts.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Which of ``own`` and of ``others`` each compares.
    views : callable
        Returns the views of a pair whose handles' distance the compiled pass does not know to the last digit.

    Returns
    -------
    ndarray of shape (n_pairs, len(kernel.OF_TEXTS))
    """
    reported, protected = _side(own, pairs[:, 0]), _side(others, pairs[:, 1])
    beyond, spelled, found = edit_distance_kernel.compare_packed(
        reported.units, reported.starts + reported.units[reported.starts + SPELLINGS],
        protected.units, protected.reals, protected.starts + protected.units[protected.starts + SPELLINGS],
        edit_distance.EFFORTS, information.MOST, edit_distance.MOST, edit_distance.FAR,
    )  # fmt: skip
    for pair in np.flatnonzero(found & edit_distance_kernel.IN_DOUBT).tolist():
        beyond[pair], spelled[pair], found[pair] = _nearness(*views(pair))
    values = np.full((len(pairs), len(kernel.OF_TEXTS)), np.nan)
    kernel.compare_texts(reported, protected, kernel.Nearnesses(beyond, spelled, found), values)
    return values


def of_numbers(own: _Floats, others: _Floats) -> _Floats:
    """Return the features of numbers, shape (n_pairs, len(kernel.OF_NUMBERS)), of each pair's numbers."""
    values = np.full((len(own), len(kernel.OF_NUMBERS)), np.nan)
    kernel.compare_numbers(own, others, values)
    return values


def together(texts: _Floats, numbers: _Floats) -> _Floats:
    """Return the features of pairs in the order of the list, shape (n_pairs, n_features)."""
    values = np.full((len(texts), len(FEATURES)), np.nan)
    values[:, kernel.OF_TEXTS] = texts
    values[:, kernel.OF_NUMBERS] = numbers
    kernel.conjoin(values)
    return values


def _side(accounts: EncodedAccounts, places: _Ints) -> kernel.Accounts:
    return kernel.Accounts(accounts.units, accounts.units.view(np.float64), accounts.starts[places])


def _nearness(reported: View, protected: View) -> tuple[float, float, int]:
    """Return what ``edit_distance_kernel.compare_packed`` does, by ``edit_distance``."""
    near = edit_distance.nearness(reported.handle, protected.handle)
    spelled = [edit_distance.nearness(reported.handle, name).beyond for name in protected.joined_names]
    found = edit_distance_kernel.STARTS_OTHERWISE * near.starts_otherwise
    found |= edit_distance_kernel.HAS_NUMBER * near.has_number
    return near.beyond, max(spelled, default=-np.inf), found
