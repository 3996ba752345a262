"""Candidates: which protected accounts may a reported account imitate? Retrieval over a registry, ranked.

A query finds the accounts that share most grams with its handle or its name (``segment_index``), adds those that its
name or bio names, compares them all, and keeps the likeliest, at most ``limit``. Ties go to the account that is more
likely to be imitated. Behind them come those whose words the texts bear (``borne_words``), at most ``MOST_FOUND``, that
are not among them already: who shares one short word resembles nobody.

What it takes (``python -m tests.benchmarks.candidates`` measures it, two busy cores): 0.5 ms a query at 100,000
protected accounts and 0.8 ms at a million, over a hundred and over five hundred times as fast as comparing with each,
and a quarter less where many are asked together. Each is read from the registry when it is met, which takes a fifth
of that. A million are indexed in 53 seconds into 454 MB, which open in 19 ms and are shared between processes; what
``encoded`` packs beside it comes on top.

Ten million would take 4.5 GB of disk and page cache, some nine minutes to index, and hardly more time a query, because
none reads more than ``postings.BUDGET`` postings. The budget would then go to the rarest grams only; what is lost is
recall of short, common names, as from 100,000 to a million (among all compared .992 and .971, first .89 and .78). From
there on split the registry, by platform first: a reported account is asked of its own platform's part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval import borne_words, ranking
from classifier.retrieval.query import Queries
from classifier.retrieval.segment_index import KeyIndex

# How much each measure of ``likeness.compare`` says about who is meant: alike, same, covered and telling, for
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
# Bits of borne words and prominence beyond which more say no more.
_MOST_BORNE = 120.0
# Score and prominence, both below 0, segment and row: in order, the likeliest is first.
_Found = tuple[float, float, int, int]
# Queries that are answered in one go: more gain nothing, and hold up other threads, because a compiled loop keeps the
# interpreter's lock.
_TOGETHER = 8
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
        Candidates returned at most for their likeness; up to ``borne_words.MOST_FOUND`` more are returned for words
        that they share.
    watch : callable
        Called with a number of accounts whenever that many more are indexed, for a progress bar.
    """

    def __init__(self, registry: Registry, *, limit: int = 10, watch: Callable[[int], object] = int) -> None:
        base = KeyIndex.of(registry.segments[0].accounts, watch=watch)
        self._set(registry, (base, *(KeyIndex.of(segment.accounts, base) for segment in registry.segments[1:])), limit)

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
        return self._view(*self.place_of(protected))

    def place_of(self, protected: ProtectedAccount) -> tuple[int, int]:
        """Return the segment and the row of a protected account."""
        key = identity_key(protected.handle)
        return next(iter(self.registry.places(("protected", "handle", protected.platform, key))))

    def find(self, reported: Account) -> list[Candidate]:
        """Return the candidates, the likeliest first: up to ``limit`` by likeness, then those by words; maybe none."""
        return self.find_many([View(reported)])[0]

    def find_many(self, reported: Sequence[View]) -> list[list[Candidate]]:
        """Return the candidates of many reported accounts, in order; what is found does not depend on the company."""
        return [
            [Candidate(self._view(number, row), -score) for score, _, number, row in found]
            for found in self._found_by_all(reported)
        ]

    def places(self, reported: Sequence[View]) -> list[list[tuple[int, int]]]:
        """Return the same as segments and rows: for who needs no account of most of them."""
        return [[(number, row) for _, _, number, row in found] for found in self._found_by_all(reported)]

    def compared(self, reported: Account) -> list[ProtectedAccount]:
        """Return every account that is compared with ``reported`` before the likeliest are chosen, in any order."""
        queries = Queries.of([View(reported)])
        return [
            self._view(number, row).protected
            for number, index in enumerate(self.indexes)
            for row in index.rows[index.pool(queries, self._gone[number], self.indexes[0]).owners].tolist()
        ]

    def _found_by_all(self, reported: Sequence[View]) -> Iterator[list[_Found]]:
        """Yield for each account score and prominence, both below 0, segment and row of the likeliest, best first."""
        for first in range(0, len(reported), _TOGETHER):
            queries = Queries.of(reported[first : first + _TOGETHER])
            alike = _merged([self._found(number, queries) for number in range(len(self.indexes))])
            borne = _merged([self._borne(number, queries) for number in range(len(self.indexes))])
            for near, named in zip(alike, borne, strict=True):
                yield _union(near[: self.limit], named[: borne_words.MOST_FOUND])

    def _found(self, number: int, queries: Queries) -> list[list[_Found]]:
        """Return the likeliest of a segment for each query, the best first."""
        index, base = self.indexes[number], self.indexes[0]
        pool = index.pool(queries, self._gone[number], base)
        best, scores, firsts = ranking.rank(
            index.compare(queries, pool, base), _SHARES, queries.is_named, pool.saying, _BONUSES,
            pool.owners, pool.firsts, index.firsts, index.is_name, self.limit, MIN_SCORE,
        )  # fmt: skip
        return self._listed(number, best, scores, firsts)

    def _borne(self, number: int, queries: Queries) -> list[list[_Found]]:
        """Return those of a segment whose words each query bears; their scores lie below ``MIN_SCORE``."""
        best, scores, firsts = self.indexes[number].borne(queries, self._gone[number])
        return self._listed(number, best, np.minimum(1.0, scores / _MOST_BORNE) * MIN_SCORE, firsts)

    def _listed(
        self, number: int, best: NDArray[np.uint32], scores: NDArray[np.float32], firsts: NDArray[np.uint32]
    ) -> list[list[_Found]]:
        index = self.indexes[number]
        rows, prominence = index.rows[best].tolist(), (-index.prominence[best]).tolist()
        found = list(zip((-scores).tolist(), prominence, repeat(number), rows, strict=False))
        return [found[first:stop] for first, stop in pairwise(firsts.tolist())]


def _merged(of_segments: list[list[list[_Found]]]) -> list[list[_Found]]:
    """Return for each query what was found in all segments, the best first."""
    if len(of_segments) == 1:
        return of_segments[0]
    return [sorted(chain.from_iterable(lists)) for lists in zip(*of_segments, strict=True)]


def _union(near: list[_Found], named: list[_Found]) -> list[_Found]:
    known = {found[2:] for found in near}
    return [*near, *(found for found in named if found[2:] not in known)]
