"""The policy: what an assessment allows one actor to do to one account now. Pure: no IO, no clock, no model.

Rules, in the order they are applied; the first that refuses or asks for review cannot be undone by a later one.

1. A protected account, or a declared secondary of one, is refused. Nobody can approve it.
2. An actor whose access has ended is refused; one whose access ends within the margin needs review.
3. Only the relation ``impersonation`` with a target on the same platform can be cleared, and only when the accounts
   are proved to be two: both ids have the platform's form and differ, the handle is another even without case and
   separators, and nothing speaks for the same account: the same second of creation, the same picture with the same
   link, a handle that the protected account had before. The same is asked of every other protected account
   that it resembles.
4. Only above a certified threshold of the target's tier, with the strongest kind of evidence taken away, which the
   policy does not take on trust: two kinds must speak for it, and the rest must bear the probability out. Of the
   certificate and what own genuine accounts say of it, the stricter holds. No certificate, or one that was withdrawn,
   and nothing is cleared; and nothing that the certificate was not measured on.
5. Only where it is nearly excluded that the account is the owner's own or a declared parody: the mistakes that must not
   be made.
6. Only where two of audience, age and verification say that the target is the original, and none says otherwise
   (``direction.agreed``). The policy compares them itself. Of a target of which fewer than two are registered, nothing
   is cleared.
7. A high-impact account (verified, or a large audience), one of unknown impact, and one that the target follows need
   two approvers.
8. What an owner has as well as a thief does not count: links and asks. Nothing is cleared whose texts an owner writes
   as well, about a lost account, a second one, a desk; nor what tells no name or no bio, where it might say so; nor
   what bears the protected handle or name openly in its handle, as an owner's other account and a namesake's do. An
   imitator that nobody else could be hides it: by a look-alike letter, or a slip.
9. Nothing is cleared of what the platform itself calls a parody, or hides: blanks and zeros there are unknown.
10. Nothing is cleared that rests on a protected account that was added or changed lately, or that was itself protected
    until lately: whoever may change the registry could otherwise have anybody cleared.
11. Nothing is cleared of what may be a hijacked account, renamed into the target's look: it is the first reason there
    is, because somebody should secure it (``hijacked``).
12. A demand to change something (``require_change``) is refused and cleared by the same rules as a suspension. What is
    milder is the review: one approver is enough where nothing but the model's doubt, or the relation, speaks against
    it, the impact is known and low, the account is proved to be no protected one and does not look like the original,
    and the actor's access is not about to end. Of nobody's likeness nothing can be demanded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from classifier.accounts.account import Account, Pair
from classifier.accounts.normal_forms import View
from classifier.scoring.assessment import EVIDENCE_KINDS, KIND_WORDS, Assessment
from classifier.scoring.direction import FEWEST_SIGNS, agreed, signs
from classifier.scoring.hijacked import maybe_hijacked
from classifier.scoring.impact import impact
from classifier.scoring.policy_numbers import Policy
from classifier.scoring.reason import Reason
from classifier.scoring.same_account import bears_openly, maybe_the_same
from classifier.text.lexicon import owner_may_say
from classifier.utils.percent import percent, share_percent

if TYPE_CHECKING:  # as in ``assessment``
    from classifier.certification.neyman_pearson import Certificate

__all__ = [
    "ACTIONS",
    "Action",
    "Actor",
    "Policy",
    "Verdict",
    "VerdictName",
    "decide",
]

Action = Literal["suspend", "deactivate", "delete", "require_change"]
ACTIONS: tuple[Action, ...] = ("suspend", "deactivate", "delete", "require_change")
# Against which doubts one person's word is enough for the milder measure: the relation, and what the model is not sure
# of. All others speak of who the account may be, of its impact, of the registry or of the actor.
ONE_PERSON_DECIDES = frozenset({
    "relation_same_owner", "relation_parody_or_fan", "relation_unrelated", "no_certificate", "certificate_withdrawn",
    "outside_certificate", "below_threshold", "single_kind_of_evidence", "owner_has_it_too", "alternatives_unknown",
    "maybe_own_or_parody", "target_unknown", "direction_unknown", "borne_openly", "owner_may_say_so",
})  # fmt: skip
# How many kinds of evidence speak for an impersonation at least, so that one may be taken away (R9).
FEWEST_KINDS = 2
# What an owner's other account has as well as a thief's, a channel and an ask to write there, never counts towards a
# clearance.
OWNERS_TOO = frozenset({"lures"})
# Between two numbers just below 1; what is left of odds beyond; log-odds that no exponential overflows at; and how far
# two ways of computing one probability may differ.
_SPACING, _LEAST, _MOST_LOG_ODDS, _ROUNDING = 2.0**-53, 1e-300, 690.0, 1e-9
VerdictName = Literal["cleared", "needs_review", "refused"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to act.

    Attributes
    ----------
    actor_id : str
        The person's or tool's identifier.
    access_ends_at : datetime or None
        When the actor's access ends, aware; ``None`` when no end is known.
    """

    actor_id: str
    access_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says.

    Attributes
    ----------
    verdict : {"cleared", "needs_review", "refused"}
    reasons : tuple of Reason
        At least one, the weightiest first.
    required_approvals : int
        Approvals the action needs before it may be cleared; 0 when cleared, and when refused, because none would help.
    """

    verdict: VerdictName
    reasons: tuple[Reason, ...]
    required_approvals: int
    policy_version: str


def decide(assessment: Assessment, action: Action, actor: Actor | None, *, now: datetime, policy: Policy) -> Verdict:
    """Return the verdict on one action by one actor on the assessed account.

    Parameters
    ----------
    actor : Actor or None
        ``None`` asks what the policy would say to an actor in good standing; a batch does that.
    now : datetime
        The time of the decision, aware.

    Raises
    ------
    ValueError
        If ``action`` is not one of ``ACTIONS`` or ``now`` is not aware.
    """
    if action not in ACTIONS:
        raise ValueError(f"unknown action; use one of {', '.join(ACTIONS)}")
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    refusals = tuple(_refusals(assessment, action, actor, now))
    if refusals:
        return Verdict("refused", refusals, 0, policy.version)
    doubts = tuple(_doubts(assessment, actor, now, policy))
    if doubts and action == "require_change":
        return _milder(assessment, doubts, actor, now, policy)
    if doubts:
        return Verdict("needs_review", doubts, policy.approvals, policy.version)
    return Verdict("cleared", (_clearing_reason(assessment),), 0, policy.version)


def _refusals(assessment: Assessment, action: Action, actor: Actor | None, now: datetime) -> Iterator[Reason]:
    if assessment.relation == "is_protected":
        yield Reason("is_protected", f"This IS the protected account of {_owner(assessment)}: do not act on it.")
    if assessment.declared_secondary:
        yield Reason("declared_secondary", f"This is a declared secondary account of {_owner(assessment)}: do not act.")
    if actor and actor.access_ends_at and actor.access_ends_at <= now:
        yield Reason("access_ended", "The actor's access has ended.")
    if action == "require_change" and assessment.target is None:
        yield Reason("nothing_to_change", "No protected account resembles it: there is nothing that it could change.")


def _doubts(assessment: Assessment, actor: Actor | None, now: datetime, policy: Policy) -> Iterator[Reason]:
    target = assessment.target
    if target is not None:
        yield from maybe_hijacked(assessment.account, target, now)
    yield from _lately(assessment, now, policy)
    relation = "no_target" if target is None else assessment.relation
    if target is None or relation != "impersonation":
        yield Reason(f"relation_{relation}", _NOT_IMPERSONATION[relation])
        return
    yield from _uncertified(assessment)
    yield from _alternatives(assessment, policy)
    account = assessment.account
    if sum(known is not None for known in (target.followers, target.created_at, target.verified)) < FEWEST_SIGNS:
        yield Reason(
            "target_unknown",
            "Of the protected account's audience, age and verification fewer than two are registered: nothing is "
            "cleared for it.",
        )
    if assessment.direction <= 0 or agreed(Pair(account, target)) <= 0:
        yield Reason("direction_unknown", _undirected(Pair(account, target)))
    if not account.platform or account.platform != target.platform:
        yield Reason("other_platform", "The protected account is on another platform, or this one's is not given.")
    yield from maybe_the_same(account, target)
    yield from _maybe_another(assessment)
    if account.display_name is None or account.bio is None:
        yield Reason(
            "profile_unknown",
            "Its name or its bio is not given: it may say there whose it is, or that it is a parody.",
        )
    if any(bears_openly(account, one) for one in (target, *assessment.others)):
        yield Reason(
            "borne_openly",
            "Its handle has the protected handle or name in it as it is written, as an owner's other account has and a "
            "namesake's: ask a second person.",
        )
    view = View(account)
    if owner_may_say(f"{view.name} | {view.bio}"):
        yield Reason(
            "owner_may_say_so",
            "Its texts say what an owner with a new, second or service account writes as well: ask a second person.",
        )
    yield from impact(account, policy)
    yield from _platform_says(account)
    yield from _access_ending(actor, now, policy)


def _milder(
    assessment: Assessment, doubts: tuple[Reason, ...], actor: Actor | None, now: datetime, policy: Policy
) -> Verdict:
    """Return the verdict on the milder measure where there are doubts: rule 12.

    Where it takes two people the reasons say why: of other relations than impersonation the doubts tell the relation
    alone, so all else is asked here: impact, identity, direction and actor.
    """
    against = tuple(_against_one_person(assessment, actor, now, policy))
    said = {doubt.code for doubt in doubts}
    more = tuple({one.code: one for one in against if one.code not in said}.values())
    approvals = policy.approvals
    if not against and said <= ONE_PERSON_DECIDES:
        approvals = min(max(policy.change_approvals, 1), policy.approvals)
    return Verdict("needs_review", (*doubts, *more), approvals, policy.version)


def _against_one_person(assessment: Assessment, actor: Actor | None, now: datetime, policy: Policy) -> Iterator[Reason]:
    """Yield why one person is not enough for the milder measure, whatever the model thinks."""
    account, target = assessment.account, assessment.target
    yield from impact(account, policy)
    yield from _platform_says(account)
    yield from _access_ending(actor, now, policy)
    if target is None:  # such a demand is refused before
        return
    if assessment.direction < 0 or agreed(Pair(account, target)) < 0:
        yield Reason("maybe_the_original", "The signs say that the reported account is the original: ask two people.")
    yield from maybe_the_same(account, target)
    yield from _maybe_another(assessment)


def _access_ending(actor: Actor | None, now: datetime, policy: Policy) -> Iterator[Reason]:
    if actor and actor.access_ends_at and actor.access_ends_at - now <= policy.access_margin:
        yield Reason("access_ending", "The actor's access is about to end: somebody else must look.")


def _lately(assessment: Assessment, now: datetime, policy: Policy) -> Iterator[Reason]:
    """Yield what the registry's latest changes speak against; a time to come counts as lately."""
    ended, began = assessment.unprotected_at, assessment.registered_at
    if ended and now - ended < policy.recent_registration:
        yield Reason("recently_withdrawn", f"This account was itself protected until {_time(ended)}: ask two people.")
    if began and now - began < policy.recent_registration:
        yield Reason(
            "recently_registered",
            f"The protected account was added to the registry, or changed, on {_time(began)}: two people must agree.",
        )


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d, %H:%M:%S} UTC"


def _undirected(pair: Pair) -> str:
    """Say why it is not known which of two accounts is the original."""
    found = signs(pair)
    towards, against = ([name for name, sign in found.items() if sign == side] for side in (1, -1))
    if towards and against:
        return (
            f"The signs contradict each other: {', '.join(towards)} for the protected account as the original, "
            f"{', '.join(against)} for the reported one."
        )
    if towards:
        return f"Only {', '.join(towards)} tells that the protected account is the original: one sign never decides."
    return "Nothing known of the two accounts tells that the protected one is the original."


def _alternatives(assessment: Assessment, policy: Policy) -> Iterator[Reason]:
    known = assessment.relation_probabilities
    if not {"same_owner", "parody_or_fan"} <= known.keys():
        yield Reason("alternatives_unknown", "How likely it is the owner's own account or a parody is not known.")
    # Comparisons that are false for NaN too.
    elif not (
        known["same_owner"] + known["parody_or_fan"] <= policy.own_or_parody
        and assessment.others_own_or_parody <= policy.own_or_parody
    ):
        yield Reason(
            "maybe_own_or_parody", "It may be the owner's own account or a declared parody: ask a second person."
        )


def _maybe_another(assessment: Assessment) -> Iterator[Reason]:
    """Yield that it may be another protected account than the target, which it resembles too: that one, renamed."""
    account = assessment.account
    near = (one for one in assessment.others if account.platform in (None, one.platform))
    found = [f"@{one.handle}" for one in near if any(maybe_the_same(account, one))]
    if found:
        yield Reason(
            "maybe_another_protected",
            f"It resembles {', '.join(found[:3])} too, and nothing proves that it is not that account, renamed.",
        )


def _platform_says(account: Account) -> Iterator[Reason]:
    if "parody" in account.platform_labels:
        yield Reason("platform_says_parody", "The platform says that it is a parody or fan account.")
    if "hidden" in account.platform_labels:
        yield Reason("profile_hidden", "The platform hides its profile: what is blank there is unknown.")


def _uncertified(assessment: Assessment) -> Iterator[Reason]:
    certificate = assessment.certificate
    if assessment.withdrawn:
        yield Reason("certificate_withdrawn", assessment.withdrawn)
    elif certificate is None:
        yield Reason("no_certificate", "The model has no certified threshold for accounts of this tier.")
    elif assessment.uncovered:
        yield Reason(
            "outside_certificate",
            "The certified threshold was measured on accounts unlike this one in: "
            f"{', '.join(name.replace('_', ' ') for name in assessment.uncovered)}.",
        )
    elif not certificate.covers(assessment.impersonation_probability):
        yield Reason(
            "below_threshold",
            f"The probability of impersonation, {_percent(assessment.impersonation_probability)}, is not above "
            f"{_bar(certificate)}.",
        )
    elif not certificate.covers(assessment.clearing_probability):
        yield Reason(
            "single_kind_of_evidence",
            f"Without its strongest kind of evidence{_named_kind(assessment)} the probability is "
            f"{_percent(assessment.clearing_probability)}, not above {_bar(certificate)}.",
        )
    elif not _is_borne_out(assessment):
        yield Reason(
            "single_kind_of_evidence",
            "Not two kinds of evidence bear the probability out: which speak for it, and how much, does not add up.",
        )
    elif not certificate.covers(left := _left_without(assessment, OWNERS_TOO)):
        yield Reason(
            "owner_has_it_too",
            "Without links and asks, which an owner's other account has as well, and the strongest kind of evidence "
            f"beside them, the probability is {_percent(left)}, not above {_bar(certificate)}.",
        )


def _bar(certificate: Certificate) -> str:
    """Return the threshold in force, and by whose accounts it is what it is."""
    raised = ", which own genuine accounts raised" if certificate.in_force > certificate.threshold else ""
    return f"the certified threshold, {_percent(certificate.in_force)}{raised}"


def _is_borne_out(assessment: Assessment) -> bool:
    """Tell whether the clearing probability is what the kinds of evidence make of it, and two kinds speak for it (R9).

    It is not taken on trust: a probability with no evidence behind it, kinds that are missing, no numbers or not those
    there are, and a strongest kind that is not the strongest clear nothing.
    """
    kinds, strongest = assessment.kinds, assessment.strongest_kind
    if strongest is None or kinds.keys() != EVIDENCE_KINDS or not all(map(math.isfinite, kinds.values())):
        return False
    weightiest = max(kinds.values())
    if kinds.get(strongest) != weightiest or sum(weight > 0.0 for weight in kinds.values()) < FEWEST_KINDS:
        return False
    return assessment.clearing_probability <= _left_without(assessment) + _ROUNDING


def _left_without(assessment: Assessment, gone: frozenset[str] = frozenset()) -> float:
    """Return the probability that is left at most without these kinds and without the strongest of the others.

    It is taken from the highest probability over all candidates, which is at least the one that the kinds make.
    """
    probability, kinds = assessment.impersonation_probability, assessment.kinds
    taken = sum(max(kinds[name], 0.0) for name in gone) + max(0.0, *(kinds[name] for name in kinds.keys() - gone))
    against = max(1.0 - probability - _SPACING, _LEAST) / probability * math.exp(min(taken, _MOST_LOG_ODDS))
    return 1.0 / (1.0 + against)


def _clearing_reason(assessment: Assessment) -> Reason:
    certificate, target = assessment.certificate, assessment.target
    if certificate is None or target is None:  # _doubts has said so already; a mistake there must not clear
        raise ValueError("only an impersonation above a certified threshold can be cleared")
    return Reason(
        "certified_impersonation",
        f"Imitates @{target.handle} with probability {_percent(assessment.impersonation_probability)}; without the "
        f"strongest kind of evidence{_named_kind(assessment)} {_percent(assessment.clearing_probability)}, above the "
        f"threshold {_percent(certificate.in_force)} certified so that at most "
        f"{share_percent(certificate.alpha)} of genuine accounts score above it.",
    )


def _named_kind(assessment: Assessment) -> str:
    words = KIND_WORDS.get(assessment.strongest_kind or "")
    return f" ({words})" if words else ""


def _percent(probability: float) -> str:
    """Two decimals, rounded down: what is not above a threshold does not read as if it were."""
    if not math.isfinite(probability):
        return "not a number"
    return percent(math.floor(round(probability * 10_000, 6)) / 10_000, digits=2)


def _owner(assessment: Assessment) -> str:
    target = assessment.target
    return f"@{target.handle}" if target else "a registered owner"


_NOT_IMPERSONATION = {
    "same_owner": "This may be another genuine account of the same owner: ask a second person.",
    "parody_or_fan": "This declares itself a parody or fan account: ask a second person.",
    "unrelated": "Slight resemblance to a protected account, probably unrelated: it needs approval.",
    "no_target": "No protected account resembles it: this is no case of impersonation we can see.",
}
