"""The model of a pair: additive, monotone where R7 asks for it, calibrated, with certificates.

Each head is gradient boosting without interactions, so the log-odds are a sum of one step function a feature. The
steps are read out once after fitting and the trees are dropped: what is kept, stored and served is a table a
feature, and for the head of impersonation a straight line beside it (``logistic``), three and seven tenths.
Contributions are counted from "missing", which is held between the lowest and the highest step, so a missing value
contributes exactly nothing, is neither match nor mismatch, and the contributions add up to the score.

References
----------
Y. Lou, R. Caruana, J. Gehrke (2012), "Intelligible models for classification and regression", KDD '12,
https://doi.org/10.1145/2339530.2339556
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from classifier.certification.neyman_pearson import Certificate, OwnBound
from classifier.features import FEATURES, KINDS, Kind
from classifier.model.account_model import AccountModel
from classifier.model.additive_kernel import expit
from classifier.model.additive_tables import AdditiveTables, Floats
from classifier.model.platt import Calibration

# The heads besides impersonation, in the order of ``PairModel.shares``.
OtherRelation = Literal["same_owner", "parody_or_fan", "unrelated"]
OTHER_RELATIONS: tuple[OtherRelation, ...] = ("same_owner", "parody_or_fan", "unrelated")
# Features that are no evidence by themselves but say what kind of account it is.
CIRCUMSTANCES = ("followers", "age", "posts")


class HeadOptions(TypedDict):
    """How a head is fitted, by the names of ``AdditiveClassifier``'s parameters."""

    linear: float
    max_iter: int
    learning_rate: float
    l2_regularization: float
    min_samples_leaf: int


# The head of impersonation, seven tenths a line: steps find more, and the line flags fewer coincidences of handles, on
# accounts that nothing was fitted on (decision record 0008).
IMPERSONATION_HEAD = HeadOptions(
    linear=0.7, max_iter=500, learning_rate=0.3, l2_regularization=1.0, min_samples_leaf=40
)


@lru_cache
def _circumstances(features: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Return which of ``CIRCUMSTANCES`` are among the features, and where."""
    return tuple((name, features.index(name)) for name in CIRCUMSTANCES if name in features)


@lru_cache
def _kinds(features: tuple[str, ...]) -> tuple[NDArray[np.intp], ...]:
    """Return the places of the features of each of ``KINDS``: a conjunction is of the kinds of all its parts."""
    kinds = {feature.name: {feature.kind} for feature in FEATURES}
    for feature in FEATURES:
        kinds[feature.name] |= set().union(*(kinds[part] for part in feature.parts))
    of_features = [kinds.get(name, set()) for name in features]
    return tuple(np.array([place for place, of in enumerate(of_features) if kind in of], np.intp) for kind in KINDS)


def strongest_kind(kinds: Mapping[Kind, float]) -> Kind | None:
    """Return the kind that ``PairModel.without_strongest`` takes away; ``None`` where none speaks for impersonation.

    Parameters
    ----------
    kinds : mapping of str to float
        What each kind adds to the log-odds of a pair.
    """
    strongest = max(KINDS, key=kinds.__getitem__)
    return strongest if kinds[strongest] > 0.0 else None


def _is_within(value: float, low: float, high: float) -> bool:
    return math.isnan(value) or low <= value <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class PairModel:
    """What training makes and scoring uses.

    Attributes
    ----------
    features : tuple of str
        The names of the features, in order; a model of another list is refused.
    impersonation : AdditiveTables
        Impersonation against everything else.
    calibration : Calibration
        Of ``impersonation``.
    others : mapping of relation to AdditiveTables
        One head for each of ``OTHER_RELATIONS``, each against the other two.
    certificates : mapping of str to Certificate
        By tier; a tier without one has nothing cleared.
    ranges : mapping of str to (float, float)
        For each of ``CIRCUMSTANCES`` the lowest and the highest value among genuine accounts drawn like those of the
        certificates: they say nothing of an account beyond.
    """

    features: tuple[str, ...]
    impersonation: AdditiveTables
    calibration: Calibration
    others: Mapping[OtherRelation, AdditiveTables]
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    account: AccountModel | None = None

    def without_certificates(self, tiers: Iterable[str]) -> PairModel:
        """Return the model without the certificates of these tiers, whose accounts R9 lets nobody clear then."""
        gone = set(tiers)
        return replace(self, certificates={tier: one for tier, one in self.certificates.items() if tier not in gone})

    def with_own(self, own: Mapping[str, OwnBound]) -> PairModel:
        """Return the model with what own genuine accounts say of each tier's certificate, and nothing said before."""
        found = {tier: replace(one, own=own.get(tier)) for tier, one in self.certificates.items()}
        return replace(self, certificates=found)

    def contributions(self, values: Floats) -> Floats:
        """Return what each feature adds to the log-odds, shape (n_pairs, n_features); 0 where missing."""
        contributions: Floats = self.calibration.slope * self.impersonation.contributions(values)
        return contributions

    def probability_of(self, contributions: Floats) -> Floats:
        """Return the calibrated probability of impersonation, shape (n_pairs,), that contributions add up to."""
        probability: Floats = expit(self.baseline + contributions.sum(axis=1))
        return probability

    def probability(self, values: Floats) -> Floats:
        """Return the calibrated probability of impersonation, shape (n_pairs,), of features (n_pairs, n_features)."""
        return self.probability_of(self.contributions(values))

    def without_strongest(self, contributions: Floats, kinds: Floats) -> Floats:
        """Return the probability with the strongest kind of evidence taken away, shape (n_pairs,).

        The lowest of those with any kind of ``features.KINDS`` taken away, and never above the probability itself.

        Parameters
        ----------
        kinds : ndarray of shape (n_pairs, n_kinds)
            What ``of_kinds`` makes of the contributions.
        """
        strongest = np.maximum(kinds.max(axis=1), 0.0)
        probability: Floats = expit(self.baseline + contributions.sum(axis=1) - strongest)
        return probability

    def of_kinds(self, contributions: Floats) -> Floats:
        """Return what each of ``features.KINDS`` adds to the log-odds, shape (n_pairs, n_kinds).

        Not as a product of matrices: its last digits depend on how many pairs there are, and no answer may.
        """
        return np.column_stack([contributions.take(places, axis=1).sum(axis=1) for places in _kinds(self.features)])

    def beyond(self, values: Sequence[float]) -> tuple[str, ...]:
        """Return which of ``CIRCUMSTANCES`` lie beyond what the certificates were measured on.

        A missing value lies nowhere, and one of which no range is known lies beyond.

        Parameters
        ----------
        values : sequence of float, length n_features
        """
        unknown = (math.inf, -math.inf)
        known = ((name, values[place]) for name, place in _circumstances(self.features))
        return tuple([name for name, value in known if not _is_within(value, *self.ranges.get(name, unknown))])

    @property
    def baseline(self) -> float:
        """The calibrated log-odds of a pair of which nothing is known."""
        return self.calibration.slope * self.impersonation.intercept + self.calibration.offset

    def shares(self, values: Floats) -> Floats:
        """Return how likely each of ``OTHER_RELATIONS`` is if it is no impersonation: (n_pairs, 3), rows sum to 1."""
        heads = (self.others[name] for name in OTHER_RELATIONS)
        odds = np.column_stack([expit(head.log_odds(values)) for head in heads])
        shares: Floats = odds / odds.sum(axis=1, keepdims=True)
        return shares
