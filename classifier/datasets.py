"""Labelled pairs: cases turned into feature rows, split by identity, checked for leakage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from classifier.accounts import ProtectedAccount
from classifier.candidates import Candidate, CandidateIndex
from classifier.errors import TrainingError
from classifier.features import FEATURE_NAMES, compute
from classifier.registry import Registry
from classifier.simulation import Case
from classifier.views import View

# Further candidates of a case that are kept as "unrelated" pairs: the wrong targets to tell from the right one.
OTHERS_KEPT = 2
_CHUNK = 500
# The family of real labelled cases.
GIVEN = "given"


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
        hasher = hashlib.sha256(np.nan_to_num(self.values, nan=-1e9).tobytes())
        hasher.update("\n".join([*self.labels, *self.identities, *self.families]).encode())
        return hasher.hexdigest()


def identity(account: ProtectedAccount) -> str:
    """Return the name of a protected account among identities."""
    return f"{account.platform}:{account.handle.casefold()}"


def labelled_pairs(cases: Iterable[Case], index: CandidateIndex) -> LabelledPairs:
    """Pair every case with the account it was made from and with other candidates that ``index`` finds.

    Cases of ordinary accounts were made from nobody: they are paired with candidates only.
    """
    found = (own for chunk in chunks(cases) for own in _rows(chunk, index))
    rows = [(*row, number) for number, own in enumerate(found) for row in own]
    if not rows:
        raise TrainingError("there are no cases to learn from; the registry may be empty")
    pairs, *known = zip(*rows, strict=True)
    return LabelledPairs(compute(pairs), *map(np.array, known))


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


_Row = tuple[tuple[View, View], str, str, str]


def _rows(cases: Sequence[Case], index: CandidateIndex) -> Iterator[list[_Row]]:
    """Yield the rows of each case, that of the account it was made from first."""
    views = [View(case.account) for case in cases]
    for case, view, found in zip(cases, views, index.find_many(views), strict=True):
        name, own = identity(case.protected), index.view_of(case.protected)
        rows: list[_Row] = [((view, own), case.label, name, case.family)] if case.family != "ordinary" else []
        others = (((view, one.view), "unrelated", name, f"{case.family}/other") for one in _others(own, found))
        yield [*rows, *others]


def _others(own: View, found: Sequence[Candidate]) -> list[Candidate]:
    """Leave out candidates that share the name or handle of the case's own: nothing could tell them apart."""
    distinct = (
        c
        for c in found
        if c.view.loose_handle != own.loose_handle and (not own.loose_name or c.view.loose_name != own.loose_name)
    )
    return list(distinct)[:OTHERS_KEPT]


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
