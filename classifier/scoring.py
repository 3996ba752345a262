"""Scoring: one reported account in, one assessment out.

Pure: the same account, model and registry give the same answer.

Identity comes first and cannot be overruled by the model. Otherwise every candidate is scored and the best target is
chosen over all of them. ``impersonation`` is said only when it is likelier than everything else together and the
protected account does not look like the copy; whether that is enough to act on is the policy's affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from classifier.accounts import Account, Pair, ProtectedAccount
from classifier.authenticity import Authenticity
from classifier.candidates import Candidate, CandidateIndex
from classifier.direction import direction
from classifier.errors import FeatureMismatchError
from classifier.evidence import Evidence, gather
from classifier.features import FEATURE_NAMES, compute
from classifier.identity import Identity
from classifier.model import OTHER_RELATIONS, Floats, PairModel
from classifier.rarity import information
from classifier.registry import Registry
from classifier.thresholds import Certificate
from classifier.views import View

Relation = Literal["is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target"]
RELATIONS: tuple[Relation, ...] = (
    "is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target",
)  # fmt: skip

_UNRELATED = OTHER_RELATIONS.index("unrelated")
_NO_HEAD = Authenticity(None, None, "the model has no head for the account alone: train it again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the model says of one reported account.

    Attributes
    ----------
    relation : one of ``RELATIONS``
        Towards ``target``; ``no_target`` when no protected account resembles the reported one.
    target : ProtectedAccount or None
        The one protected account it most likely imitates, belongs to, or is.
    impersonation_probability : float
        Calibrated probability that it imitates a protected account, in [0, 1]: the highest over all candidates, which
        is ``target``'s when the relation is impersonation; 0 where there is no candidate or it is protected itself.
    relation_probabilities : mapping of str to float
        Towards ``target``: impersonation, same_owner, parody_or_fan, unrelated, adding up to 1; empty without a pair.
    evidence : tuple of Evidence
        What speaks for and against impersonation, the weightiest first; contributions are in log-odds.
    uncovered : tuple of str
        Circumstances in which the account lies beyond what the certificate was measured on: it does not speak of it.
    certificate : Certificate or None
        The bound for the target's tier; ``None``: nothing in the tier may be cleared.
    direction : {-1, 0, 1}
        Who looks like the original: 1 the target, -1 the reported account, 0 when nothing tells.
    likeliest : ProtectedAccount or None
        The candidate whose probability ``impersonation_probability`` is; with ``target`` all that the answer rests on.
    declared_secondary : bool
        Whether the owner of ``target`` declared this account as their own.
    inauthentic_probability, inauthentic, inauthentic_reason
        What the account says by itself, whoever it may imitate, as in ``authenticity.Authenticity``. The policy does
        not read them: they never clear anything.
    """

    account: Account
    relation: Relation
    target: ProtectedAccount | None = None
    impersonation_probability: float = 0.0
    relation_probabilities: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    certificate: Certificate | None = None
    uncovered: tuple[str, ...] = ()
    direction: int = 0
    likeliest: ProtectedAccount | None = None
    declared_secondary: bool = False
    inauthentic_probability: float | None = None
    inauthentic: bool | None = None
    inauthentic_reason: str | None = None
    model_id: str
    registry_version: str


@dataclass(frozen=True, slots=True)
class _Scored:
    """One candidate and what the model says of it."""

    candidate: Candidate
    values: Floats
    contributions: Floats
    probability: float
    shares: Sequence[float]
    direction: int

    @property
    def relation(self) -> Relation:
        if (
            self.direction >= 0 and self.probability >= 0.5
        ):  # not a threshold for acting: likelier than all else together
            return "impersonation"
        return OTHER_RELATIONS[self.shares.index(max(self.shares))]

    @property
    def closeness(self) -> float:
        """The probability of any relation at all."""
        return self.probability + (1.0 - self.probability) * (1.0 - self.shares[_UNRELATED])


class Scorer:
    """Assesses reported accounts with one model over one registry. Immutable and safe to share between threads.

    Parameters
    ----------
    model : PairModel
    model_id : str
        The name that assessments carry.
    protected : Registry or CandidateIndex
        The protected accounts; a registry is indexed first.

    Raises
    ------
    FeatureMismatchError
        If the model was trained on another feature list than this code computes.
    """

    def __init__(self, model: PairModel, model_id: str, protected: Registry | CandidateIndex) -> None:
        if model.features != FEATURE_NAMES:
            raise FeatureMismatchError(
                "the model was trained on another feature list; train it again with this version"
            )
        information("")  # half a second for its words, now and not when the first account comes
        self.model = model
        self.model_id = model_id
        self._index = protected if isinstance(protected, CandidateIndex) else CandidateIndex(protected)
        self.registry = self._index.registry

    def assess(self, account: Account) -> Assessment:
        """Return the assessment of one reported account."""
        return self.assess_many([account])[0]

    def assess_many(self, accounts: Sequence[Account]) -> list[Assessment]:
        """Return the assessments of many reported accounts, in order; an answer does not depend on the company."""
        views = [View(account) for account in accounts]
        scored = self._score(views, self._index.find_many(views))
        return [self._conclude(view, found) for view, found in zip(views, scored, strict=True)]

    def assess_against(self, account: Account, protected: Sequence[ProtectedAccount]) -> Assessment:
        """Return the assessment with these candidates in place of those that retrieval finds: to replay a decision."""
        view = View(account)
        [scored] = self._score([view], [[Candidate(View(one), 1.0) for one in protected]])
        return self._conclude(view, scored)

    def _score(self, views: Sequence[View], candidates: Sequence[Sequence[Candidate]]) -> list[list[_Scored]]:
        """Score all pairs of all accounts in one pass, because the cost of a call outweighs that of a row."""
        pairs = [(view, one.view) for view, found in zip(views, candidates, strict=True) for one in found]
        if not pairs:
            return [[] for _ in views]
        values = compute(pairs)
        contributions = self.model.contributions(values)
        directions = [direction(Pair(view.reported, other.protected)) for view, other in pairs]
        probability = self.model.probability_of(contributions)
        probability = self._not_beyond_reverse(pairs, np.array(directions) < 0, probability).tolist()
        shares = self.model.shares(values).tolist()
        rows = zip(values, contributions, probability, shares, directions, strict=True)
        return [[_Scored(one, *next(rows)) for one in found] for found in candidates]

    def _not_beyond_reverse(
        self, pairs: Sequence[tuple[View, View]], is_original: NDArray[np.bool_], probability: Floats
    ) -> Floats:
        """Lower the probability where the reported account looks like the original: rule 2.

        It is then a copy at most as likely as the other is none, and at most as likely as not. Without the second
        bound, the highest over all candidates could be that of one which is no target, and clear another.
        """
        reverse = [(other.turned, view.turned) for view, other in compress(pairs, is_original.tolist())]
        if reverse:
            probability = probability.copy()
            unlikely = np.minimum(0.5, 1.0 - self.model.probability(compute(reverse)))
            probability[is_original] = np.minimum(probability[is_original], unlikely)
        return probability

    def _conclude(self, view: View, scored: Sequence[_Scored]) -> Assessment:
        account = view.reported
        identity = self.registry.identify(account)
        if identity is not None:
            return self._identified(account, identity)
        if not scored:
            return self._answer(account, relation="no_target")
        # The highest over all candidates, not the best target's own: audience and age may change which target is best,
        # and a larger audience must not raise the answer by changing the question (rule 7).
        return self._assessment(view, max(scored, key=_rank), max(scored, key=lambda one: one.probability))

    def _identified(self, account: Account, identity: Identity) -> Assessment:
        is_secondary = identity.kind == "secondary"
        sentence = f"It has the {'declared secondary' if is_secondary else 'protected'} account's {identity.how}"
        reported, protected = (str(getattr(one, identity.how) or "") for one in (account, identity.protected))
        evidence = Evidence("identity", sentence, 1.0, reported, protected, 0.0)
        return self._answer(
            account,
            relation="same_owner" if is_secondary else "is_protected",
            target=identity.protected,
            evidence=(evidence,),
            declared_secondary=is_secondary,
            certificate=self.model.certificates.get(identity.protected.tier),
        )

    def _assessment(self, view: View, best: _Scored, likeliest: _Scored) -> Assessment:
        target = best.candidate.view.protected
        shares = {
            name: (1.0 - best.probability) * share for name, share in zip(OTHER_RELATIONS, best.shares, strict=True)
        }
        return self._answer(
            view.reported,
            relation=best.relation,
            target=target,
            impersonation_probability=likeliest.probability,
            relation_probabilities=shares | {"impersonation": best.probability},
            evidence=gather(view, best.candidate.view, best.values.tolist(), best.contributions.tolist()),
            certificate=self.model.certificates.get(target.tier),
            uncovered=self.model.beyond(best.values),
            direction=best.direction,
            likeliest=likeliest.candidate.view.protected,
        )

    def _answer(self, account: Account, **towards_target: Any) -> Assessment:
        """Complete what was found towards the target with what the account says by itself, and with the versions."""
        alone = _NO_HEAD if self.model.account is None else self.model.account.assess(account)
        return Assessment(
            account=account,
            inauthentic_probability=alone.probability,
            inauthentic=alone.inauthentic,
            inauthentic_reason=alone.reason,
            model_id=self.model_id,
            registry_version=self.registry.version,
            **towards_target,
        )


def _rank(scored: _Scored) -> tuple[bool, float]:
    """Order candidates: an impersonation before anything else, then by how sure it is."""
    is_impersonation = scored.relation == "impersonation"
    return is_impersonation, scored.probability if is_impersonation else scored.closeness
