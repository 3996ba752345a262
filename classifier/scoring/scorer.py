"""Scoring: one reported account in, one assessment out.

Pure: the same account, model and registry give the same answer.

Identity comes first and cannot be overruled by the model. Otherwise every candidate is scored and the best target is
chosen over all of them. ``impersonation`` is said only when it is likelier than everything else together and the
protected account does not look like the copy; whether that is enough to act on is the policy's affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import Identity
from classifier.accounts.normal_forms import View
from classifier.certification.neyman_pearson import OwnBound
from classifier.errors import FeatureMismatchError
from classifier.features import FEATURE_NAMES, KINDS, Kind
from classifier.features.encoded_cache import CACHE_BYTES
from classifier.model.account_model import Authenticity
from classifier.model.pair_model import OTHER_RELATIONS, PairModel, strongest_kind
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring import platform_says
from classifier.scoring.assessment import Assessment
from classifier.scoring.compile_ahead import compile_ahead
from classifier.scoring.evidence import Evidence, gather
from classifier.scoring.near_handle import COMPARED, NearHandle, near
from classifier.scoring.pair_scores import EncodedCaches, Pairs, Reported, Scores, by_wording, score
from classifier.text.information import information

# Accounts that are scored together: more save nothing, and their normal forms would live longer.
_AT_ONCE = 100
# How sure a pair is at least to be of any relation, so that its platform counts: more likely than not.
_RESEMBLES = 0.5
_HANDLE_FEATURES = tuple(map(FEATURE_NAMES.index, COMPARED))
_NO_HEAD = Authenticity(None, None, "the model has no head for the account alone: train it again")


class Scorer:
    """Assesses reported accounts with one model over one registry. Immutable and safe to share between threads.

    Parameters
    ----------
    model : PairModel
    model_id : str
        The name that assessments carry.
    protected : Registry or CandidateIndex
        The protected accounts; a registry is indexed first.
    withdrawn : mapping of str to str
        Why the certificates of tiers were withdrawn, by tier: the scorer goes without them.
    cache_bytes : int
        Memory for protected accounts that were compared before, some 1.3 KB each; beyond it, it is emptied.

    Raises
    ------
    FeatureMismatchError
        If the model was trained on another feature list than this code computes.
    """

    def __init__(
        self,
        model: PairModel,
        model_id: str,
        protected: Registry | CandidateIndex,
        *,
        withdrawn: Mapping[str, str] = MappingProxyType({}),
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        if model.features != FEATURE_NAMES:
            raise FeatureMismatchError(
                "the model was trained on another feature list; train it again with this version"
            )
        information("")  # half a second for its words, now and not when the first account comes
        self.model = model.without_certificates(withdrawn) if withdrawn else model
        self.model_id = model_id
        self.withdrawn = withdrawn
        self._index = protected if isinstance(protected, CandidateIndex) else CandidateIndex(protected)
        compile_ahead(self._index)
        self.registry = self._index.registry
        segments = self.registry.segments
        self._caches = EncodedCaches(
            [segment.accounts for segment in segments],
            [segment.encoded for segment in segments],
            most_bytes=cache_bytes,
        )

    def without(self, withdrawn: Mapping[str, str], own: Mapping[str, OwnBound] = MappingProxyType({})) -> Scorer:
        """Return the scorer without the certificates of further tiers, and with what own accounts say of the others.

        Parameters
        ----------
        withdrawn : mapping of str to str
            Why they were withdrawn, by tier.
        """
        return Scorer(self.model.with_own(own), self.model_id, self._index, withdrawn=withdrawn)

    def over(self, registry: Registry) -> Scorer:
        """Return the scorer over a registry that this one's was changed into."""
        return Scorer(self.model, self.model_id, self._index.after(registry), withdrawn=self.withdrawn)

    def assess(self, account: Account) -> Assessment:
        """Return the assessment of one reported account."""
        return self.assess_many([account])[0]

    def assess_many(self, accounts: Sequence[Account], *, explain: bool = True) -> list[Assessment]:
        """Return the assessments of many reported accounts, in order; an answer does not depend on the company.

        Parameters
        ----------
        explain : bool
            Whether the evidence of compared features is gathered; without it, only that of an identity is there.
        """
        return self.assess_beside((), accounts, explain=explain)[0]

    def assess_beside(
        self, others: Sequence[Scorer], accounts: Sequence[Account], *, explain: bool = False
    ) -> list[list[Assessment]]:
        """Return the assessments of this scorer, then of others over the same index: accounts are compared once.

        Raises
        ------
        ValueError
            If another is over another index.
        """
        scorers = [self, *others]
        if any(other._index is not self._index for other in others):
            raise ValueError("scorers beside each other must be over the same index")
        answers = [scorer._known(accounts) for scorer in scorers]
        open_ones = [place for place in range(len(accounts)) if place not in answers[0]]
        for some in by_wording([accounts[place] for place in open_ones], _AT_ONCE):
            places = [open_ones[number] for number in some]
            pairs = self._pairs([accounts[place] for place in places])
            for scorer, own in zip(scorers, answers, strict=True):
                own.update(zip(places, scorer._assess(pairs, explain=explain), strict=True))
        return [[own[place] for place in range(len(accounts))] for own in answers]

    def assess_against(self, account: Account, protected: Sequence[ProtectedAccount]) -> Assessment:
        """Return the assessment with these candidates in place of those that retrieval finds: to replay a decision."""
        places = [(0, row) for row in range(len(protected))]
        known = self._known([account])
        if known:
            return known[0]
        return self._assess(Pairs(Reported.of([account]), [places], EncodedCaches([protected])), explain=True)[0]

    def nearest_handle(self, account: Account) -> NearHandle | None:
        """Return whose handle an account's is nearest to, ``None`` where it is near nobody's.

        What the handles share counts, and nothing else of the account: not what the model makes of it.
        """
        scores = score(self.model, self._pairs([account]))
        found = [
            near(self._caches.account(place), account.handle, bits, looks_alike=looks_alike > 0.0)
            for place, (bits, looks_alike) in zip(
                scores.places, scores.values[:, _HANDLE_FEATURES].tolist(), strict=True
            )
        ]
        return max(found, key=lambda one: (one.was_theirs, one.looks_alike, one.bits), default=None)

    def _known(self, accounts: Sequence[Account]) -> dict[int, Assessment]:
        """Return the answers, by place, to accounts that are in the registry: nobody is asked whom they may imitate."""
        answers: dict[int, Assessment] = {}
        for place, account in enumerate(accounts):
            identity = self.registry.identify(account)
            if identity is not None:
                answers[place] = self._identified(account, identity)
            elif (owner := platform_says.owner_of(account, self.registry)) is not None:
                answers[place] = self._led(account, owner.protected)
        return answers

    def _pairs(self, accounts: Sequence[Account]) -> Pairs:
        """Return accounts with the candidates that retrieval finds."""
        reported = Reported.of(accounts)
        return Pairs(reported, self._index.places(reported.views), self._caches)

    def _assess(self, pairs: Pairs, *, explain: bool) -> list[Assessment]:
        scores = score(self.model, pairs)
        return [
            self._conclude(account, scores, own, pairs.caches, explain=explain)
            for account, own in zip(pairs.reported.accounts, map(range, scores.starts, scores.starts[1:]), strict=False)
        ]

    def _conclude(
        self, account: Account, scores: Scores, pairs: range, caches: EncodedCaches, *, explain: bool
    ) -> Assessment:
        if not pairs:
            return self._answer(account, relation="no_target")
        accounts = _Accounts(scores, caches)
        # The highest over all candidates, not the best target's own: audience and age may change which target is best,
        # and a larger audience must not raise the answer by changing the question (R7).
        likeliest = max(pairs, key=scores.probability.__getitem__)
        spoken = platform_says.speaking_for(account, map(accounts.__getitem__, pairs))
        best = _at_home(account, scores, pairs, accounts) if spoken is None else pairs[spoken]
        steadiest = max(pairs, key=lambda pair: (scores.cautious[pair], scores.probability[pair]))
        others = [pair for pair in pairs if pair != best and scores.closeness[pair] >= _RESEMBLES]
        target = accounts[best]
        probability, shares = scores.probability[best], scores.shares[best]
        relations = {name: (1.0 - probability) * share for name, share in zip(OTHER_RELATIONS, shares, strict=True)}
        other = OTHER_RELATIONS[shares.index(max(shares))]
        is_impersonation = scores.is_impersonation[best] and not _same_handle_elsewhere(account, target)
        found = platform_says.relation(account, "impersonation" if is_impersonation else other)
        said = tuple(platform_says.evidence(account, target, speaks=spoken is not None)) if explain else ()
        kinds: dict[Kind, float] = dict(zip(KINDS, scores.kinds[steadiest], strict=True))
        values = scores.values[best].tolist()
        return self._answer(
            account,
            relation=found if spoken is None else "same_owner",
            target=target,
            impersonation_probability=scores.probability[likeliest],
            clearing_probability=scores.cautious[steadiest],
            strongest_kind=strongest_kind(kinds),
            kinds=kinds,
            relation_probabilities=relations | {"impersonation": probability},
            evidence=(*said, *gather(account, target, values, scores.contributions[best].tolist())) if explain else (),
            certificate=self.model.certificates.get(target.tier),
            withdrawn=self.withdrawn.get(target.tier),
            uncovered=self.model.beyond(values),
            direction=scores.directions[best],
            likeliest=accounts[likeliest],
            steadiest=accounts[steadiest],
            others=tuple(sorted(map(accounts.__getitem__, others), key=lambda one: (one.platform, one.handle))),
            others_own_or_parody=max(map(scores.own_or_parody, others), default=0.0),
        )

    def _identified(self, account: Account, identity: Identity) -> Assessment:
        is_secondary = identity.kind == "secondary"
        sentence = f"It has the {'declared secondary' if is_secondary else 'protected'} account's {identity.how}"
        reported, protected = (str(getattr(side, identity.how) or "") for side in (account, identity.protected))
        evidence = Evidence("identity", sentence, 1.0, reported, protected, 0.0)
        return self._answer(
            account,
            relation="same_owner" if is_secondary else "is_protected",
            target=identity.protected,
            evidence=(evidence,),
            declared_secondary=is_secondary,
            certificate=self.model.certificates.get(identity.protected.tier),
            withdrawn=self.withdrawn.get(identity.protected.tier),
        )

    def _led(self, account: Account, owner: ProtectedAccount) -> Assessment:
        """Answer about an account that the platform says is the owner's: nobody is asked whom it may imitate."""
        return self._answer(
            account,
            relation="same_owner",
            target=owner,
            evidence=tuple(platform_says.evidence(account, owner, leads=True)),
            certificate=self.model.certificates.get(owner.tier),
            withdrawn=self.withdrawn.get(owner.tier),
        )

    def _answer(self, account: Account, **towards_target: Any) -> Assessment:
        """Complete what was found towards the target with what the account says by itself, and with the versions."""
        alone = _NO_HEAD if self.model.account is None else self.model.account.assess(account)
        rests_on = filter(None, map(towards_target.get, ("target", "likeliest", "steadiest")))
        return Assessment(
            account=account,
            inauthentic_probability=alone.probability,
            inauthentic=alone.inauthentic,
            inauthentic_reason=alone.reason,
            registered_at=self.registry.recent.registered_at(rests_on),
            unprotected_at=self.registry.unprotected_at(account),
            model_id=self.model_id,
            registry_version=self.registry.version,
            **towards_target,
        )


class _Accounts(dict[int, ProtectedAccount]):
    """The protected accounts of pairs, each read from the registry when it is first asked for."""

    def __init__(self, scores: Scores, caches: EncodedCaches) -> None:
        self._scores, self._caches = scores, caches

    def __missing__(self, pair: int) -> ProtectedAccount:
        account = self[pair] = self._caches.account(self._scores.places[pair])
        return account


def _same_handle_elsewhere(account: Account, target: ProtectedAccount) -> bool:
    """Tell whether it has the very handle on another platform: whoever owns the handle here most often does there."""
    if account.platform is None or account.platform == target.platform:
        return False
    return View(account).handle == View(target).handle


def _at_home(account: Account, scores: Scores, pairs: range, accounts: _Accounts) -> int:
    """Return the best pair, one on the account's own platform first if it is as clearly of any relation.

    A namesake elsewhere that is a little nearer must not hide the account that is imitated here.
    """
    best, *others = sorted(pairs, key=scores.rank, reverse=True)
    is_impersonation, _ = scores.rank(best)
    for pair in (best, *others):
        same_answer, sureness = scores.rank(pair)
        if same_answer != is_impersonation or sureness < _RESEMBLES:
            break
        if accounts[pair].platform == account.platform:
            return pair
    return best
