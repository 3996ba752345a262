"""The shelf: protected accounts packed for ``features``, each when a pair first asks for it, and kept in few arrays.

A view with its normal forms takes tens of kilobytes in hundreds of objects, which the garbage collector visits again
and again; packed an account takes 1.3 KB and no object, so that a registry of a hundred thousand is kept whole.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from classifier.accounts import ProtectedAccount
from classifier.features import numbers, packing
from classifier.features.packs import Packs
from classifier.views import View

# A shelf is emptied when it is longer than this; a batch in between may make it longer still.
SHELF_BYTES = 256 * 2**20
# Accounts that are packed together.
_AT_ONCE = 50

# A protected account: the segment it is in, and its row there.
Place = tuple[int, int]
_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_Kind = TypeVar("_Kind", bound=np.generic)


class Shelf:
    """Keeps protected accounts packed. Safe to share between threads.

    Parameters
    ----------
    accounts : sequence of sequence of ProtectedAccount
        The accounts by segment and row.
    turned : bool
        Pack them as somebody would report them, for pairs the other way round.
    """

    def __init__(
        self, accounts: Sequence[Sequence[ProtectedAccount]], *, turned: bool = False, most_bytes: int = SHELF_BYTES
    ) -> None:
        self._accounts = accounts
        self._turned = turned
        self._most_units = most_bytes >> 3
        self._lock = threading.Lock()
        self._clear()

    def view(self, number: int, row: int) -> View:
        """Return a new view of an account, on the side of a pair on which this shelf packs it."""
        view = View(self._accounts[number][row])
        return view.turned if self._turned else view

    def take(self, places: _Ints) -> tuple[Packs, _Floats, _Ints]:
        """Return accounts packed, packing those that are new.

        Parameters
        ----------
        places : ndarray of int64, shape (n, 2)
            The segment and the row of each.

        Returns
        -------
        packs : Packs
        numbers : ndarray of shape (n_packed, numbers.WIDTH)
        slots : ndarray of int64, shape (n,)
            Which of the packs and of the numbers each account is.
        """
        with self._lock:
            if self._used > self._most_units:
                self._clear()
            slots = np.empty(len(places), np.int64)
            for number in np.unique(places[:, 0]).tolist():
                of_segment = places[:, 0] == number
                slots[of_segment] = self._slots_of(number, places[of_segment, 1])
            return Packs(self._units, self._starts[: self._count]), self._numbers[: self._count], slots

    def _clear(self) -> None:
        # What others still read is left to them: new arrays take the place of the old ones.
        self._slots: dict[int, NDArray[np.int32]] = {}
        self._units: _Ints = np.empty(1024, np.int64)
        self._starts: _Ints = np.empty(8, np.int64)
        self._numbers: _Floats = np.empty((8, numbers.WIDTH))
        self._count = self._used = 0

    def _slots_of(self, number: int, rows: _Ints) -> _Ints:
        if number not in self._slots:
            self._slots[number] = np.full(len(self._accounts[number]), -1, np.int32)
        slots = self._slots[number]
        new = np.unique(rows[slots[rows] < 0])
        if len(new):
            for start in range(0, len(new), _AT_ONCE):  # what a view is made of is gone before the next is made
                some = new[start : start + _AT_ONCE]
                self._add([self.view(number, row) for row in some.tolist()])
                slots[some] = np.arange(self._count - len(some), self._count)
        found: _Ints = slots[rows].astype(np.int64)
        return found

    def _add(self, views: Sequence[View]) -> None:
        packs = pack(views, turned=self._turned)
        count, used = self._count + len(views), self._used + len(packs.units)
        self._units, self._starts = _longer(self._units, used), _longer(self._starts, count)
        self._numbers = _longer(self._numbers, count)
        self._units[self._used : used] = packs.units
        self._starts[self._count : count] = packs.starts + self._used
        self._numbers[self._count : count] = numbers.rows(views)
        self._count, self._used = count, used


def pack(views: Sequence[View], *, turned: bool) -> Packs:
    """Pack protected accounts, or reported ones: what ``turned`` makes of protected ones."""
    if turned:
        packing.warm(views, ())
        return Packs.of([packing.reported(view) for view in views])
    packing.warm((), views)
    return Packs.of([packing.protected(view) for view in views])


def _longer(array: NDArray[_Kind], length: int) -> NDArray[_Kind]:
    """Return an array of at least a length, what it holds first: itself where it is long enough."""
    if length <= len(array):
        return array
    longer = np.empty((max(length, 2 * len(array)), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
