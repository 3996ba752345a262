"""Candidates: which protected accounts may a reported account imitate? The index over a registry.

Two ways lead to a candidate. *Look-alike*: the loose keys of handle and display name against those of every
protected handle, name, former handle and alias, by cosine of TF-IDF weighted character trigrams, so that a rare
shared part counts more than a common one. *Claim*: a protected name, alias or role, or "@handle", written out in
name or bio.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.accounts import Account, ProtectedAccount
from classifier.registry import Registry
from classifier.text import loose_key
from classifier.views import View

# Below this cosine two short keys share hardly more than one trigram.
MIN_SIMILARITY = 0.3
# A name, alias or role that more protected accounts share tells nothing about which one is meant.
MAX_OWNERS = 25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A protected account that the reported account may imitate, and how much it looks like it, in [0, 1]."""

    view: View
    score: float


class CandidateIndex:
    """Finds candidates in a registry. Immutable; build a new one for a new registry version.

    Parameters
    ----------
    registry : Registry
        The protected accounts.
    limit : int
        Candidates returned at most.
    """

    def __init__(self, registry: Registry, *, limit: int = 10) -> None:
        self.registry = registry
        self.limit = limit
        self._views = tuple(View(account) for account in registry.accounts)
        self._places = {account: place for place, account in enumerate(registry.accounts)}
        keys = [(key, owner) for owner, view in enumerate(self._views) for key in _look_alike_keys(view)]
        self._owners = np.array([owner for _, owner in keys])
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
        self._postings = self._vectorizer.fit_transform(key for key, _ in keys).T.tocsr()
        self._claims = _claims(self._views)

    def view_of(self, protected: ProtectedAccount) -> View:
        """Return the index's own view of a protected account, whose normal forms are made only once."""
        return self._views[self._places[protected]]

    def find(self, reported: Account) -> list[Candidate]:
        """Return up to ``limit`` candidates, the likeliest first; empty when nothing resembles ``reported``."""
        return self.find_many([View(reported)])[0]

    def find_many(self, reported: Sequence[View]) -> list[list[Candidate]]:
        """Return the candidates of many reported accounts, in order; what is found does not depend on the company."""
        if not reported:
            return []
        texts = [key for view in reported for key in (view.loose_handle, view.loose_name)]
        found = self._vectorizer.transform(texts) @ self._postings
        return [self._rank(view, found, 2 * row) for row, view in enumerate(reported)]

    def _rank(self, view: View, found: Any, row: int) -> list[Candidate]:
        best: dict[int, float] = defaultdict(float)
        start, end = found.indptr[row], found.indptr[row + 2]
        scores, documents = found.data[start:end], found.indices[start:end]
        near = scores >= MIN_SIMILARITY
        for owner, score in zip(self._owners[documents[near]].tolist(), scores[near].tolist(), strict=True):
            best[owner] = max(best[owner], score)
        for owner, score in self._claimed(view):
            best[owner] += score
        ranked = sorted(best.items(), key=lambda item: (-round(item[1], 6), item[0]))[: self.limit]
        return [Candidate(self._views[owner], min(score, 1.0)) for owner, score in ranked]

    def _claimed(self, view: View) -> Iterable[tuple[int, float]]:
        claims = view.name_phrases | view.bio_phrases | {("@", handle) for handle in view.mentions}
        return ((owner, 1.0) for owner in sorted({owner for claim in claims for owner in self._claims.get(claim, ())}))


def _look_alike_keys(view: View) -> set[str]:
    account = view.account
    further = (*account.former_handles, *account.aliases) if isinstance(account, ProtectedAccount) else ()
    return {view.loose_handle, view.loose_name, *map(loose_key, further)} - {""}


def _claims(views: Sequence[View]) -> dict[tuple[str, ...], tuple[int, ...]]:
    owners: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for owner, view in enumerate(views):
        for claim in view.phrases | {("@", view.handle)}:
            owners[claim].append(owner)
    return {claim: tuple(found) for claim, found in owners.items() if len(found) <= MAX_OWNERS}
