"""Candidates: which protected accounts may a reported account imitate? Retrieval over a registry, ranked.

A query finds the accounts that share most grams with its handle or its name (``keyindex``), adds those that its name or
bio names, compares them all, and returns the likeliest. Ties go to the account that is more likely to be imitated.

What it takes (``python -m tests.benchmarks.candidates`` measures it, two cores): 0.9 ms a query at 100,000 protected
accounts and 1.9 ms at a million, 71 and over 180 times as fast as comparing with each. Much of it is waiting for
memory. A million are indexed in 51 seconds into 454 MB, which open in 28 ms and are shared between processes.

Ten million would take 4.5 GB of disk and page cache, some nine minutes to index, and hardly more time a query, because
none reads more than ``kernels.BUDGET`` postings. The budget would then go to the rarest grams only, and what is lost is
recall of short, common names, as from 100,000 to a million (among all compared .992 and .971, first .89 and .78). From
there on split the registry, by platform first: a reported account is asked of its own platform's part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier import kernels
from classifier.accounts import Account, ProtectedAccount
from classifier.identity import identity_key
from classifier.keyindex import KeyIndex, Query
from classifier.registry import Registry
from classifier.views import View

# How much each measure of ``kernels.compare`` says about who is meant: alike, same, covered and telling, for
# handle-handle, handle-name, name-handle and name-name, then the handles as written. The first row is for accounts
# where both sides have a name, the second where either has none. Learned by listwise logistic regression, no weight
# below 0, from simulated attacks other than those that recall is measured on:
# ``python -m tests.benchmarks.learn_ranking`` prints them.
WEIGHTS: NDArray[np.float32] = np.array(
    [
        [2.4, 0.0, 0.0, 4.6, 0.0, 0.8, 4.0, 0.1, 0.0, 0.3, 0.4, 0.0, 0.9, 6.4, 4.9, 4.9, 4.0],
        [0.0, 0.0, 0.0, 7.8, 0.9, 0.0, 2.0, 3.9, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 12.3],
    ],
    np.float32,
)
_SHARES = WEIGHTS / WEIGHTS.sum(axis=1, keepdims=True)
# What it adds that the bio names somebody, claims a role or mentions the handle; that one of its words is a name or a
# handle, as many words are. A name that names somebody is compared with the name, and that says it.
_BONUSES = np.array([0.4, 0.1], np.float32)
# Below this an account has hardly more than a few letters in common with the reported one.
MIN_SCORE = 0.07
_Owners = NDArray[np.uint32]
# Views of protected accounts that are kept: their normal forms cost more than a query.
_VIEWS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A protected account that the reported account may imitate, and how much it looks like it, in [0, 1]."""

    view: View
    score: float


class CandidateIndex:
    """Finds candidates in a registry. Immutable; ``after`` makes the one of a changed registry.

    Parameters
    ----------
    registry : Registry
        The protected accounts.
    limit : int
        Candidates returned at most.
    watch : callable
        Called with a number of accounts whenever that many more are indexed, for a progress bar.
    """

    def __init__(self, registry: Registry, *, limit: int = 10, watch: Callable[[int], object] = int) -> None:
        base = KeyIndex.of(registry.segments[0].accounts, watch=watch)
        self._set(registry, (base, *(KeyIndex.of(one.accounts, base) for one in registry.segments[1:])), limit)

    def _set(self, registry: Registry, indexes: tuple[KeyIndex, ...], limit: int) -> None:
        self.registry = registry
        self.limit = limit
        self.indexes = indexes
        self._gone = tuple(gone[index.rows] for index, gone in zip(indexes, registry.gone, strict=True))
        self._view = lru_cache(_VIEWS_KEPT)(lambda number, row: View(registry.segments[number].accounts[row]))

    @classmethod
    def restored(cls, registry: Registry, indexes: Sequence[KeyIndex], *, limit: int = 10) -> CandidateIndex:
        """Return the index of a registry whose segments were indexed before."""
        index = cls.__new__(cls)
        index._set(registry, tuple(indexes), limit)
        return index

    def after(self, registry: Registry) -> CandidateIndex:
        """Return the index of a registry that this one's was changed into; only what was added is indexed."""
        known = dict(zip(self.registry.segments, self.indexes, strict=True))
        base = self.indexes[0]
        indexes = [known.get(segment) or KeyIndex.of(segment.accounts, base) for segment in registry.segments]
        return self.restored(registry, indexes, limit=self.limit)

    def view_of(self, protected: ProtectedAccount) -> View:
        """Return the index's own view of a protected account, whose normal forms are made only once."""
        places = self.registry.places(("protected", "handle", protected.platform, identity_key(protected.handle)))
        return self._view(*next(places))

    def find(self, reported: Account) -> list[Candidate]:
        """Return up to ``limit`` candidates, the likeliest first; empty when nothing resembles ``reported``."""
        return self.find_many([View(reported)])[0]

    def find_many(self, reported: Sequence[View]) -> list[list[Candidate]]:
        """Return the candidates of many reported accounts, in order; what is found does not depend on the company."""
        return [
            [Candidate(self._view(number, row), -score) for score, _, number, row in self._find(view)]
            for view in reported
        ]

    def places(self, reported: Sequence[View]) -> list[list[tuple[int, int]]]:
        """Return the same as segments and rows: for who needs no account of most of them."""
        return [[(number, row) for _, _, number, row in self._find(view)] for view in reported]

    def compared(self, reported: Account) -> list[ProtectedAccount]:
        """Return every account that is compared with ``reported`` before the likeliest are chosen, in any order."""
        query = Query.of(View(reported))
        return [
            self._view(number, row).protected
            for number, index in enumerate(self.indexes)
            for row in index.rows[self._pool(number, query)[0]].tolist()
        ]

    def _find(self, view: View) -> list[tuple[float, float, int, int]]:
        """Return score and prominence, both below 0, segment and row of the likeliest, the best first."""
        query = Query.of(view)
        found = [one for number in range(len(self.indexes)) for one in self._found(number, query)]
        if len(self.indexes) > 1:
            found.sort()
        return found[: self.limit]

    def _found(self, number: int, query: Query) -> list[tuple[float, float, int, int]]:
        """Return the same of one segment."""
        index = self.indexes[number]
        owners, claimed, spelled = self._pool(number, query)
        best, scores = kernels.rank(
            index.compare(query, owners, self.indexes[0]), _SHARES, bool(query.is_name[-1]), claimed, spelled, _BONUSES,
            owners, index.firsts, index.is_name, self.limit, MIN_SCORE,
        )  # fmt: skip
        return [
            (-score, -prominence, number, row)
            for score, prominence, row in zip(
                scores.tolist(), index.prominence[best].tolist(), index.rows[best].tolist(), strict=True
            )
        ]

    def _pool(self, number: int, query: Query) -> tuple[_Owners, _Owners, _Owners]:
        """Return the accounts of a segment to compare, those that the bio names, and those that its words name."""
        index, gone = self.indexes[number], self._gone[number]
        owners = index.nearest(query, gone, self.indexes[0])
        named, claimed, spelled = (index.called(one) for one in (query.named, query.claimed, query.spelled))
        if len(named) or len(claimed) or len(spelled):
            owners = kernels.merged(owners, named, claimed, spelled, gone)
        return owners, claimed, spelled
