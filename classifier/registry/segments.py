"""Segments: runs of protected accounts that never change, kept so that a million cost little memory.

An account is canonical JSON within one buffer and becomes an object when it is asked for; who it is, is found in a
sorted table of hashes. Both are plain arrays, so a segment is the same in memory and mapped from a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from classifier.accounts.account import ProtectedAccount, canonical, protected_from
from classifier.accounts.identity import Key, identity_keys
from classifier.utils.canonical_json import canonical_json

# ``json.loads`` without its search for white space, which canonical JSON has not.
_decoded = json.JSONDecoder().raw_decode


class PackedAccounts(Sequence[ProtectedAccount]):
    """Protected accounts as JSON in one buffer.

    Parameters
    ----------
    blob : ndarray of uint8
    starts : ndarray of uint64, shape (n_accounts + 1,)
        Account i is ``blob[starts[i]:starts[i + 1]]``.
    """

    __slots__ = ("_bytes", "_places", "blob", "starts")

    def __init__(self, blob: NDArray[np.uint8], starts: NDArray[np.uint64]) -> None:
        self.blob = blob
        self.starts = starts
        self._bytes, self._places = blob.data, starts.data  # one item costs a third of what an array's does

    @classmethod
    def of(cls, accounts: Iterable[ProtectedAccount]) -> PackedAccounts:
        """Pack accounts, in order."""
        records = [record(account) for account in accounts]
        starts = np.zeros(len(records) + 1, np.uint64)
        np.cumsum([len(encoded) for encoded in records], out=starts[1:])
        return cls(np.frombuffer(b"".join(records), np.uint8), starts)

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how another process makes it again: a view of a buffer cannot be pickled, the buffer can."""
        return type(self), (self.blob, self.starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> ProtectedAccount: ...
    @overload
    def __getitem__(self, place: slice) -> list[ProtectedAccount]: ...
    def __getitem__(self, place: int | slice) -> ProtectedAccount | list[ProtectedAccount]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        size = len(self)
        if not -size <= place < size:
            raise IndexError("no such account")
        place %= size
        record = self._bytes[self._places[place] : self._places[place + 1]]
        return protected_from(_decoded(str(record, "utf-8"))[0])


def record(account: ProtectedAccount) -> bytes:
    """Return the account as one line of canonical JSON."""
    return canonical_json(canonical(account))


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSegment:
    """Accounts of a segment as ``features`` compares them, made once and kept in the registry's file.

    Attributes
    ----------
    units, turned_units : ndarray of int64
        Their packs, as the protected side of a pair and as the reported one, one behind the other.
    starts, turned_starts : ndarray of int64, shape (n_accounts,)
        Where each begins.
    numbers : ndarray of float64, shape (n_accounts * width,)
        Their numbers, the same on both sides.
    """

    units: NDArray[np.int64]
    starts: NDArray[np.int64]
    turned_units: NDArray[np.int64]
    turned_starts: NDArray[np.int64]
    numbers: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Accounts in a fixed order, and the table that tells who they are.

    Attributes
    ----------
    accounts : sequence of ProtectedAccount
    hashes : ndarray of uint64, ascending
        Of every key an account is recognised by.
    rows : ndarray of uint32
        Whose key each is: a place in ``accounts``.
    encoded : EncodedSegment or None
        The accounts packed ahead; None where each is packed when a pair first asks for it.
    """

    accounts: Sequence[ProtectedAccount]
    hashes: NDArray[np.uint64]
    rows: NDArray[np.uint32]
    encoded: EncodedSegment | None = None

    @classmethod
    def of(cls, accounts: Sequence[ProtectedAccount]) -> Segment:
        """Make the table for accounts."""
        found = [(hash_of(key), row) for row, account in enumerate(accounts) for key in identity_keys(account)]
        hashes = np.array([one for one, _ in found], np.uint64)
        order = np.argsort(hashes, kind="stable")
        return cls(accounts, hashes[order], np.array([row for _, row in found], np.uint32)[order])

    def may_hold(self, keys: Sequence[Key]) -> bool:
        """Tell whether any of the keys may be an account's, asked all at once: False is certain, True is not."""
        wanted = np.array([hash_of(key) for key in keys], np.uint64)
        places = np.minimum(self.hashes.searchsorted(wanted), len(self.hashes) - 1)
        return bool((self.hashes[places] == wanted).any())

    def find(self, key: Key) -> Iterator[int]:
        """Yield the rows that have ``key``, in order; equal hashes of other keys are told apart."""
        wanted = np.uint64(hash_of(key))
        for place in range(int(np.searchsorted(self.hashes, wanted)), len(self.hashes)):
            if self.hashes[place] != wanted:
                return
            row = int(self.rows[place])
            if key in identity_keys(self.accounts[row]):
                yield row


def hash_of(key: Key) -> int:
    """Return the 64 bits by which a key is looked up."""
    return xxh3_64_intdigest("\0".join(key).encode("utf-8", "surrogatepass"))
