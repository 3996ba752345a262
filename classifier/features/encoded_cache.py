"""The cache of encoded accounts: protected ones, from the registry's file or encoded when a pair first asks for one.

A view with its normal forms takes tens of kilobytes in hundreds of objects, which the garbage collector visits again
and again; encoded an account takes 1.3 KB and no object. The accounts of an imported registry were encoded then and
are mapped; those that were put since are encoded when they are met, and kept in few arrays.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import encoding, numeric
from classifier.features.encoded import EncodedAccounts
from classifier.registry.segments import EncodedSegment

# A cache is emptied when it is longer than this; a batch in between may make it longer still.
CACHE_BYTES = 256 * 2**20
# Accounts that are encoded together.
_AT_ONCE = 50
# A segment and a row are one number: as many bits are the row's.
_ROW_BITS = 32
_ROWS = (1 << _ROW_BITS) - 1

# A protected account: the segment it is in, and its row there.
Place = tuple[int, int]
_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_Kind = TypeVar("_Kind", bound=np.generic)


class EncodedCache:
    """Keeps protected accounts encoded. Safe to share between threads.

    Parameters
    ----------
    accounts : sequence of sequence of ProtectedAccount
        The accounts by segment and row.
    encoded : sequence of EncodedSegment or None, optional
        What of each segment was encoded before, and is not encoded again.
    turned : bool
        Encode them as somebody would report them, for pairs the other way round.
    """

    def __init__(
        self,
        accounts: Sequence[Sequence[ProtectedAccount]],
        encoded: Sequence[EncodedSegment | None] = (),
        *,
        turned: bool = False,
        most_bytes: int = CACHE_BYTES,
    ) -> None:
        self._accounts = accounts
        self._with_encoded = {
            number: _side(one, turned=turned) for number, one in enumerate(encoded) if one is not None
        }
        self._turned = turned
        self._most_units = most_bytes >> 3
        self._lock = threading.Lock()
        self._clear()

    def view(self, number: int, row: int) -> View:
        """Return a new view of an account, on the side of a pair on which this cache has it."""
        view = View(self._accounts[number][row])
        return view.turned if self._turned else view

    def take(self, places: _Ints) -> tuple[EncodedAccounts, _Floats, _Ints]:
        """Return copies of encoded accounts; those that are new are encoded.

        Parameters
        ----------
        places : ndarray of int64, shape (n, 2)
            The segment and the row of each.

        Returns
        -------
        accounts : EncodedAccounts
            Each account once.
        numbers : ndarray of shape (n_packed, numbers.WIDTH)
        slots : ndarray of int64, shape (n,)
            Which of the encoded accounts and of the numbers each account is.
        """
        distinct, slots = np.unique(places[:, 0] << _ROW_BITS | places[:, 1], return_inverse=True)
        of_segments = [
            self._of_segment(number, distinct[distinct >> _ROW_BITS == number] & _ROWS)
            for number in np.unique(places[:, 0]).tolist()
        ]
        accounts = EncodedAccounts.joined([accounts for accounts, _ in of_segments])
        return accounts, np.concatenate([np.zeros((0, numeric.WIDTH)), *(own for _, own in of_segments)]), slots

    def _of_segment(self, number: int, rows: _Ints) -> tuple[EncodedAccounts, _Floats]:
        if number in self._with_encoded:
            accounts, own_numbers = self._with_encoded[number]
            return accounts.taken(rows), own_numbers[rows]
        with self._lock:
            if self._used > self._most_units:
                self._clear()
            slots = self._slots_of(number, rows)
            return EncodedAccounts(self._units, self._starts).taken(slots), self._numbers[slots]

    def _clear(self) -> None:
        self._slots: dict[int, NDArray[np.int32]] = {}
        self._units: _Ints = np.zeros(1024, np.int64)
        self._starts: _Ints = np.zeros(8, np.int64)
        self._numbers: _Floats = np.full((8, numeric.WIDTH), np.nan)
        self._count = self._used = 0

    def _slots_of(self, number: int, rows: _Ints) -> _Ints:
        if number not in self._slots:
            self._slots[number] = np.full(len(self._accounts[number]), -1, np.int32)
        slots = self._slots[number]
        new = rows[slots[rows] < 0]
        if len(new):
            for start in range(0, len(new), _AT_ONCE):  # what a view is made of is gone before the next is made
                some = new[start : start + _AT_ONCE]
                self._add([self.view(number, row) for row in some.tolist()])
                slots[some] = np.arange(self._count - len(some), self._count)
        found: _Ints = slots[rows].astype(np.int64)
        return found

    def _add(self, views: Sequence[View]) -> None:
        accounts = encode(views, turned=self._turned)
        count, used = self._count + len(views), self._used + len(accounts.units)
        self._units, self._starts = _longer(self._units, used), _longer(self._starts, count)
        self._numbers = _longer(self._numbers, count)
        self._units[self._used : used] = accounts.units
        self._starts[self._count : count] = accounts.starts + self._used
        self._numbers[self._count : count] = numeric.rows(views)
        self._count, self._used = count, used


def _side(encoded: EncodedSegment, *, turned: bool) -> tuple[EncodedAccounts, _Floats]:
    accounts = (
        EncodedAccounts(encoded.turned_units, encoded.turned_starts)
        if turned
        else EncodedAccounts(encoded.units, encoded.starts)
    )
    return accounts, encoded.numbers.reshape(-1, numeric.WIDTH)


def encode(views: Sequence[View], *, turned: bool) -> EncodedAccounts:
    """Encode protected accounts, or reported ones: what ``turned`` makes of protected ones."""
    if turned:
        encoding.warm(views, ())
        return EncodedAccounts.of([encoding.encode_reported(view) for view in views])
    encoding.warm((), views)
    return EncodedAccounts.of([encoding.encode_protected(view) for view in views])


def _longer(array: NDArray[_Kind], length: int) -> NDArray[_Kind]:
    """Return an array of at least a length, what it holds first: itself where it is long enough."""
    if length <= len(array):
        return array
    longer = np.zeros((max(length, 2 * len(array)), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
