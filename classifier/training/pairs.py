"""Labelled pairs: cases turned into feature rows, split by identity, checked for leakage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import islice, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.errors import TrainingError
from classifier.features import FEATURE_NAMES, numeric
from classifier.features.encoded import of_numbers, of_texts, together
from classifier.features.encoded_cache import EncodedCache, Place, encode
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation import Case

# Further candidates of a case that are kept as "unrelated" pairs: the wrong targets to tell from the right one.
OTHERS_KEPT = 2
_CHUNK = 500
_HASHED = 10_000


@dataclass(frozen=True, slots=True)
class LabelledPairs:
    """Feature rows with what is known of them, all of length n_pairs.

    Attributes
    ----------
    values : ndarray of shape (n_pairs, n_features)
    labels : ndarray of str
        "impersonation", "same_owner", "parody_or_fan" or "unrelated".
    identities : ndarray of str
        The protected account the case was made from; splits never part an identity.
    families : ndarray of str
        The family of the case; with the suffix "/other" where the pair is with another candidate.
    cases : ndarray of int
        The number of the case, rising.
    """

    values: NDArray[np.float64]
    labels: NDArray[np.str_]
    identities: NDArray[np.str_]
    families: NDArray[np.str_]
    cases: NDArray[np.int_]

    def highest(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the highest of the pairs' scores for each case, shape (n_cases,): what an account is judged by."""
        highest: NDArray[np.float64] = np.maximum.reduceat(scores, self._firsts)
        return highest

    @property
    def is_attack(self) -> NDArray[np.bool_]:
        """Whether each case is an impersonation, shape (n_cases,)."""
        is_attack: NDArray[np.bool_] = self.labels[self._firsts] == "impersonation"
        return is_attack

    @property
    def _firsts(self) -> NDArray[np.intp]:
        return np.unique(self.cases, return_index=True)[1]

    def frame(self) -> pd.DataFrame:
        """Return the pairs as a DataFrame: one column a feature, then ``label``, ``identity`` and ``family``."""
        frame = pd.DataFrame(self.values, columns=list(FEATURE_NAMES))
        return frame.assign(label=self.labels, identity=self.identities, family=self.families)

    def digest(self) -> str:
        """Return the SHA-256 of the rows, in hexadecimal."""
        hasher = hashlib.sha256()
        for some in range(0, len(self.values), _HASHED):  # no copy of the whole
            hasher.update(np.nan_to_num(self.values[some : some + _HASHED], nan=-1e9).tobytes())
        hasher.update("\n".join([*self.labels, *self.identities, *self.families]).encode())
        return hasher.hexdigest()


def identity(account: ProtectedAccount) -> str:
    """Return the name of a protected account among identities."""
    return f"{account.platform}:{account.handle.casefold()}"


def labelled_pairs(cases: Iterable[Case], index: CandidateIndex) -> LabelledPairs:
    """Pair every case with the account it was made from and with other candidates that ``index`` finds.

    Cases of ordinary accounts were made from nobody: they are paired with candidates only. Cases are compared some
    hundred at a time, so what is kept of one is its feature rows alone.
    """
    pairing = _Pairing(index)
    parts = [pairing.pairs(chunk, first) for first, chunk in _numbered(chunks(cases)) if chunk]
    kept = [part for part in parts if len(part.labels)]
    if not kept:
        raise TrainingError("there are no cases to learn from; the registry may be empty")
    return LabelledPairs(
        *(np.concatenate([getattr(part, field.name) for part in kept]) for field in fields(LabelledPairs))
    )


def _numbered(parts: Iterable[list[Case]]) -> Iterator[tuple[int, list[Case]]]:
    first = 0
    for part in parts:
        yield first, part
        first += len(part)


def split_identities(registry: Registry, sizes: Sequence[float], *, seed: int) -> list[Registry]:
    """Split a registry at random into disjoint registries.

    Parameters
    ----------
    sizes : sequence of float
        The share of each part, adding up to at most 1.

    Raises
    ------
    TrainingError
        If a part would be empty.
    """
    order = np.random.default_rng(seed).permutation(len(registry))
    ends = np.floor(np.cumsum([0.0, *sizes]) * len(registry) + 1e-9).astype(int)
    if np.any(np.diff(ends) < 1):
        raise TrainingError(f"{len(registry)} protected accounts are too few to be split; add more")
    return [Registry(registry.accounts[i] for i in order[start:end]) for start, end in pairwise(ends)]


def check_disjoint(*parts: LabelledPairs) -> None:
    """Refuse parts that share an identity.

    Raises
    ------
    TrainingError
        If an identity occurs in more than one part: what is measured on one would be known from the other.
    """
    seen: set[str] = set()
    for part in parts:
        own = set(part.identities.tolist())
        if seen & own:
            raise TrainingError(f"{len(seen & own)} identities occur in more than one split; split by identity")
        seen |= own


# A pair of a case: where its protected account is, the label, and the family.
_Row = tuple[Place, str, str]


class _Pairing:
    """Makes the pairs of cases over one index, protected accounts encoded once for all of them."""

    def __init__(self, index: CandidateIndex) -> None:
        self._index = index
        self._segments = [segment.accounts for segment in index.registry.segments]
        self._cache = EncodedCache(self._segments)
        self._loose = lru_cache(None)(self._loose_forms)

    def pairs(self, cases: Sequence[Case], first: int) -> LabelledPairs:
        """Return the pairs of cases, which are numbered from ``first`` on."""
        views = [View(case.account) for case in cases]
        rows = [self._rows(case, found) for case, found in zip(cases, self._index.places(views), strict=True)]
        owners = np.repeat(np.arange(len(cases)), [len(own) for own in rows])
        flat = [row for own in rows for row in own]
        places = np.array([place for place, _, _ in flat], np.int64).reshape(-1, 2)
        names = [identity(case.protected) for case in cases]
        return LabelledPairs(
            self._values(views, owners, places),
            np.array([label for _, label, _ in flat], str),
            np.array([names[owner] for owner in owners.tolist()], str),
            np.array([family for _, _, family in flat], str),
            owners + first,
        )

    def _values(
        self, views: Sequence[View], owners: NDArray[np.int64], places: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        others, other_numbers, slots = self._cache.take(places)

        def both(pair: int) -> tuple[View, View]:
            return views[owners[pair]], self._cache.view(*places[pair].tolist())

        texts = of_texts(encode(views, turned=True), others, np.column_stack([owners, slots]), both)
        return together(texts, of_numbers(numeric.rows(views)[owners], other_numbers[slots]))

    def _rows(self, case: Case, found: Sequence[Place]) -> list[_Row]:
        """Return the pairs of a case, that with the account it was made from first."""
        own = self._index.place_of(case.protected)
        rows: list[_Row] = [(own, case.label, case.family)] if case.family != "ordinary" else []
        return [*rows, *((other, "unrelated", f"{case.family}/other") for other in self._others(own, found))]

    def _others(self, own: Place, found: Sequence[Place]) -> list[Place]:
        """Leave out candidates that share the name or handle of the case's own: nothing could tell them apart."""
        handle, name = self._loose(own)
        distinct = (
            place for place in found if self._loose(place)[0] != handle and (not name or self._loose(place)[1] != name)
        )
        return list(islice(distinct, OTHERS_KEPT))

    def _loose_forms(self, place: Place) -> tuple[str, str]:
        view = self._cache.view(*place)
        return view.loose_handle, view.loose_name


def chunks(cases: Iterable[Case]) -> Iterator[list[Case]]:
    """Yield the cases in lists, because finding and scoring many at once is cheaper than one by one."""
    chunk: list[Case] = []
    for case in cases:
        chunk.append(case)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
