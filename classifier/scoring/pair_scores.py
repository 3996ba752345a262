"""Scores: what the model says of all pairs of a batch of reported accounts and their candidates, in one pass.

Reports of one account are frequent, and they differ in little but its audience. What follows from an account's wording
is found once for all who share it: who its candidates are and what their texts have in common. What follows from its
numbers is found for each, so that an answer does not depend on the company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import numeric
from classifier.features.encoded import of_numbers, of_texts, together
from classifier.features.encoded_cache import CACHE_BYTES, EncodedCache, Place, encode
from classifier.model.additive_tables import Floats
from classifier.model.pair_model import OTHER_RELATIONS, PairModel
from classifier.registry.segments import EncodedSegment
from classifier.scoring.direction import directions

_Ints = NDArray[np.int64]
_UNRELATED = OTHER_RELATIONS.index("unrelated")


@dataclass(frozen=True, slots=True, eq=False)
class Reported:
    """Reported accounts, grouped by wording.

    Attributes
    ----------
    accounts : sequence of Account
    views : list of View
        One of each wording.
    wording : ndarray of int64, shape (n_accounts,)
        Which of ``views`` says what each account says.
    """

    accounts: Sequence[Account]
    views: list[View]
    wording: _Ints

    @classmethod
    def of(cls, accounts: Sequence[Account]) -> Reported:
        """Group accounts."""
        known: dict[object, int] = {}
        wording = [known.setdefault(_wording(account), len(known)) for account in accounts]
        firsts = dict(zip(reversed(wording), reversed(accounts), strict=True))
        return cls(accounts, [View(firsts[number]) for number in range(len(known))], np.array(wording, np.int64))


class EncodedCaches:
    """The candidates of a batch, encoded as they are and as somebody would report them."""

    def __init__(
        self,
        accounts: Sequence[Sequence[ProtectedAccount]],
        encoded: Sequence[EncodedSegment | None] = (),
        *,
        most_bytes: int = CACHE_BYTES,
    ) -> None:
        self.as_protected = EncodedCache(accounts, encoded, most_bytes=most_bytes)
        self.as_reported = EncodedCache(accounts, encoded, turned=True, most_bytes=most_bytes)
        self._accounts = accounts

    def account(self, place: _Ints) -> ProtectedAccount:
        """Return the protected account of a segment and a row."""
        number, row = place.tolist()
        found: ProtectedAccount = self._accounts[number][row]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What the model says of pairs.

    Attributes
    ----------
    values, contributions : ndarray of shape (n_pairs, n_features)
    probability : list of float
    cautious : list of float
        As ``PairModel.without_strongest``, bound by R2 as well.
    shares : list of list of float
        As ``PairModel.shares``.
    directions : list of int
    is_impersonation : list of bool
        Not a threshold for acting: likelier than all else together, and the protected account is not the copy.
    closeness : list of float
        The probability of any relation at all.
    kinds : list of list of float
        As ``PairModel.of_kinds``.
    places : ndarray of int64, shape (n_pairs, 2)
        The segment and the row of each pair's protected account.
    starts : list of int
        Account i has the pairs from ``starts[i]`` up to ``starts[i + 1]``.
    """

    values: Floats
    contributions: Floats
    probability: list[float]
    cautious: list[float]
    shares: list[list[float]]
    directions: list[int]
    is_impersonation: list[bool]
    closeness: list[float]
    kinds: list[list[float]]
    places: _Ints
    starts: list[int]

    def rank(self, pair: int) -> tuple[bool, float]:
        """Order pairs: an impersonation before anything else, then by how sure it is."""
        is_impersonation = self.is_impersonation[pair]
        return is_impersonation, self.probability[pair] if is_impersonation else self.closeness[pair]

    def own_or_parody(self, pair: int) -> float:
        """Return the probability that it is the owner's own account, or a parody, of the pair's protected one."""
        return (1.0 - self.probability[pair]) * (1.0 - self.shares[pair][_UNRELATED])


def score(model: PairModel, pairs: Pairs) -> Scores:
    """Score pairs with a model; of several models on the same pairs, each finds them compared by the first."""
    values, signs = pairs.values, pairs.directions
    contributions = model.contributions(values)
    probability = model.probability_of(contributions)
    is_original = signs < 0
    if is_original.any():
        # R2. It is a copy at most as likely as the other is none, and at most as likely as not. Without the second
        # bound, the highest over all candidates could be that of one which is no target, and clear another.
        unlikely = np.minimum(0.5, 1.0 - model.probability(pairs.reversed_values))
        probability[is_original] = np.minimum(probability[is_original], unlikely)
    kinds = model.of_kinds(contributions)
    cautious = np.minimum(probability, model.without_strongest(contributions, kinds))
    shares = model.shares(values)
    return Scores(
        values=values,
        contributions=contributions,
        probability=probability.tolist(),
        cautious=cautious.tolist(),
        shares=shares.tolist(),
        directions=signs.tolist(),
        is_impersonation=((signs >= 0) & (probability >= 0.5)).tolist(),
        closeness=(probability + (1.0 - probability) * (1.0 - shares[:, _UNRELATED])).tolist(),
        kinds=kinds.tolist(),
        places=pairs.places[pairs.rows],
        starts=pairs.starts.tolist(),
    )


class Pairs:
    """The pairs of reported accounts and their candidates: by wording, where texts are compared, and by account.

    What is compared is compared once, when it is first asked for.

    Attributes
    ----------
    reported : Reported
    caches : EncodedCaches
    wordings, places : ndarray of shape (n_wording_pairs,), (n_wording_pairs, 2)
    rows, owners : ndarray of shape (n_pairs,)
        Which pair of a wording each pair of an account is, and the account.
    """

    def __init__(self, reported: Reported, candidates: Sequence[Sequence[Place]], caches: EncodedCaches) -> None:
        self.reported, self.caches = reported, caches
        counts = np.array([len(found) for found in candidates], np.int64)
        self.wordings = np.repeat(np.arange(len(counts)), counts)
        flat = chain.from_iterable(chain.from_iterable(candidates))
        self.places = np.fromiter(flat, np.int64).reshape(-1, 2)
        sizes = counts[reported.wording]
        self.starts, firsts = _sums(sizes), _sums(counts)[reported.wording]
        self.rows = np.repeat(firsts - self.starts[:-1], sizes) + np.arange(self.starts[-1])
        self.owners = np.repeat(np.arange(len(sizes)), sizes)
        self._packs, self._numbers, self._slots = caches.as_protected.take(self.places)
        self._own_numbers = numeric.rows(map(View, reported.accounts))

    @cached_property
    def values(self) -> Floats:
        """The features of all pairs, shape (n_pairs, n_features)."""
        own = encode(self.reported.views, turned=True)
        texts = of_texts(own, self._packs, np.column_stack([self.wordings, self._slots]), self._views)
        return together(texts[self.rows], of_numbers(*self._both_numbers()))

    @cached_property
    def directions(self) -> _Ints:
        """The direction of all pairs, shape (n_pairs,)."""
        own, others = self._both_numbers()
        return directions(numeric.standing(own), numeric.standing(others))

    @cached_property
    def reversed_values(self) -> Floats:
        """The features, the other way round, of those pairs in which the reported account is the original."""
        chosen = np.flatnonzero(self.directions < 0)
        distinct, where = np.unique(self.rows[chosen], return_inverse=True)
        wordings, which = np.unique(self.wordings[distinct], return_inverse=True)
        packs, own_numbers, slots = self.caches.as_reported.take(self.places[distinct])
        others = encode([self.reported.views[wording].turned for wording in wordings.tolist()], turned=False)
        texts = of_texts(packs, others, np.column_stack([slots, which]), lambda slot: self._turned(int(distinct[slot])))
        other_numbers = self._own_numbers[self.owners[chosen]]
        return together(texts[where], of_numbers(own_numbers[slots][where], other_numbers))

    def _both_numbers(self) -> tuple[Floats, Floats]:
        return self._own_numbers[self.owners], self._numbers[self._slots[self.rows]]

    def _views(self, row: int) -> tuple[View, View]:
        """Return the views of a wording's pair."""
        number, place = self.places[row].tolist()
        return self.reported.views[self.wordings[row]], self.caches.as_protected.view(number, place)

    def _turned(self, row: int) -> tuple[View, View]:
        """Return the views of a wording's pair the other way round."""
        view, other = self._views(row)
        return other.turned, view.turned


def by_wording(accounts: Sequence[Account], at_once: int) -> Iterator[list[int]]:
    """Yield the places of accounts, so many at once, those of one wording one behind the other."""
    places: dict[object, list[int]] = {}
    for place, account in enumerate(accounts):
        places.setdefault(_wording(account), []).append(place)
    ordered = list(chain.from_iterable(places.values()))
    for start in range(0, len(ordered), at_once):
        yield ordered[start : start + at_once]


def _wording(account: Account) -> object:
    """Return all that texts are compared by."""
    return account.platform, account.handle, account.display_name, account.bio, account.links, account.avatar_pdq


def _sums(counts: _Ints) -> _Ints:
    """Return where each of so many begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
