"""What a check says, in plain sentences: the answer, what happens next, who must agree, what is certified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from classifier.accounts.account import Account
from classifier.model.account_model import AUDIENCE
from classifier.scoring.assessment import KIND_WORDS
from classifier.scoring.policy import Policy, impact
from classifier.utils.percent import percent
from service.limits import Rules
from service.schemas.checks import CertificateOut, CheckResponse
from service.schemas.reviews import ApprovalOut, CheckDetail, ClearanceStatus, ReviewState

Tone = Literal["refused", "needs_review", "cleared"]
RELATION_WORDS = {
    "impersonation": "Imitates it",
    "same_owner": "Same owner",
    "parody_or_fan": "Parody or fan",
    "unrelated": "Unrelated",
}
ALONE_LIMITS = (
    "This is about the account alone, whoever it may imitate. It never clears anything, and it is no proof by itself, "
    f"least of all for an account with fewer than {AUDIENCE} followers: new and hardly used genuine accounts look the "
    "same."
)

_REFUSED = {
    "is_protected": "This IS the protected account of {target}: do not act.",
    "declared_secondary": "This is a genuine second account of {target}: do not act.",
    "access_ended": "The actor's access has ended: do not act.",
    "found_genuine": "This account was found genuine, and its profile is as it was: do not act.",
    "nothing_to_change": "It resembles no protected account, so nothing can be demanded of it: do not act.",
}
# Each goes on with who must agree, or did.
_DOUBTS = {
    "found_genuine_before": "This account was found genuine, and its profile changed since",
    "reporter_may_be_imitator": "Whoever reports this may be the imitator, so look at that account first",
    "owner_says_mine": "{target} says that this account is theirs",
    "appeal_open": "An appeal against an earlier action on this account is open",
    "appeal_lifted": "An earlier action on this account is lifted until the appeal against it is decided",
    "triage": "Imitates {target}: {probability}. But nobody is named who acts",
    "demand_open": "Was asked to change something, and nobody has found yet whether it has",
    "relation_same_owner": "This may be another genuine account of {target}",
    "relation_parody_or_fan": "It says that it is a parody or fan account of {target}",
    "relation_unrelated": "It resembles {target}, but not enough to imitate it",
    "relation_no_target": "It resembles no protected account",
    "certificate_withdrawn": "Seems to imitate {target}: {probability}. But the certificate was withdrawn",
    "no_certificate": "Seems to imitate {target}: {probability}. But no threshold is certified for it",
    "outside_certificate": "Seems to imitate {target}: {probability}. But it is unlike what was certified",
    "below_threshold": "Seems to imitate {target}: {probability}. Not enough evidence to act alone",
    "single_kind_of_evidence": "Seems to imitate {target}: {probability}. But one kind of evidence carries most of it",
    "alternatives_unknown": "Seems to imitate {target}, unless it is the owner's own account or a parody",
    "maybe_own_or_parody": "Imitates {target}, or is the owner's own account or a parody",
    "direction_unknown": "Looks like {target}, but which is the original is not known",
    "maybe_the_original": "Looks like {target}, but may be the original itself",
    "other_platform": "Imitates {target}, but not provably on the same platform",
    "identity_unproven": "Imitates {target}, or is that account itself, renamed",
    "target_unknown": "Imitates {target}, of which neither audience nor age nor verification is registered",
    "handle_unknown": "Imitates {target}, but only its id is given, no handle",
    "former_handle": "Has a handle that {target} had before: it may be the same account",
    "maybe_hijacked": "May be a hijacked account, renamed to look like {target}, so secure it and do not suspend it",
    "circumstance_memorial": "Is said to be a memorial",
    "circumstance_deceased": "Its owner is said to have died",
    "circumstance_minor": "Its owner is said to be a minor",
    "same_creation": "Was created in the same second as {target}: it may be the same account",
    "same_picture_and_link": "Has picture and link of {target}: it may be the owner's own account",
    "same_handle": "Has the very handle of {target} but for case, separators or server",
    "owner_may_say_so": (
        "Imitates {target}, but its texts are what an owner with a new, second or service account writes as well"
    ),
    "owner_has_it_too": "Imitates {target}, but only by what its owner has as well",
    "borne_openly": "Bears the handle or name of {target} as it is written: it may be the owner's, or a namesake's",
    "profile_unknown": "Imitates {target}, but its name or bio is not given",
    "maybe_another_protected": "Imitates {target}, or is another protected account",
    "recently_registered": "Imitates {target}: {probability}. But {target} was registered or changed lately",
    "recently_withdrawn": "Imitates {target}: {probability}. But it was itself protected until lately",
    "high_impact_verified": "Imitates {target}: {probability}. But it is verified",
    "verification_unknown": "Imitates {target}: {probability}. But whether it is verified is not known",
    "verification_paid": "Imitates {target}: {probability}. But whether it is more than paid for is not known",
    "platform_says_parody": "Imitates {target}: {probability}. But the platform says that it is a parody",
    "profile_hidden": "Imitates {target}: {probability}. But the platform hides its profile",
    "followed_by_target": "Imitates {target}: {probability}. But {target} follows it",
    "audience_unknown": "Imitates {target}: {probability}. But its audience is not known",
    "high_impact_audience": "Imitates {target}: {probability}. But its audience is large",
    "access_ending": "Imitates {target}: {probability}. But the actor's access is about to end",
    "appeal_overturned": "An appeal overturned an earlier action on this account",
    "identity_proven": "Somebody proved that this account is theirs",
    "seen_at_redemption": "An action on this account was refused before, for what was seen of it",
    "second_look_differs": "Somebody who looked again, not knowing the result, saw no impersonation in it",
    "quota_actor_daily": "Imitates {target}: {probability}. But one actor was cleared too often today",
    "quota_actor_burst": "Imitates {target}: {probability}. But one actor was cleared too often just now",
    "quota_total_daily": "Imitates {target}: {probability}. But too many were cleared today",
    "quota_total_burst": "Imitates {target}: {probability}. But too many were cleared just now",
}
_UNNAMED_DOUBT = "It is not certain that this imitates {target}"
_ENDINGS: dict[ReviewState, str] = {
    "open": "ask a second person",
    "approved": "{people} agreed",
    "declined": "a second person said no",
    "expired": "nobody decided in time",
    "not_needed": "do not act",  # a doubt is always reviewed; what is not is not acted on
}
_NUMBERS = ("no", "one", "two", "three", "four", "five")


def headline(response: CheckResponse, state: ReviewState = "open", required: int = 2) -> str:
    """Return the answer in one plain sentence, the weightiest reason deciding which.

    Parameters
    ----------
    state : ReviewState
        How far the review has come, where one is needed.
    required : int
        How many people must agree.
    """
    known = {
        "target": f"@{response.target.handle}" if response.target else "a protected account",
        "probability": percent(response.impersonation_probability),
    }
    code = response.reasons[0].code
    if response.verdict == "refused":
        return _REFUSED.get(code, "This is refused: do not act.").format(**known)
    if response.verdict == "cleared":
        return "Imitates {target}: {probability}.".format(**known)
    found = _DOUBTS.get(code, _UNNAMED_DOUBT).format(**known)
    return f"{found}: {_ENDINGS[state].format(people=_people(required))}."


def standing(detail: CheckDetail, *, now: datetime, rules: Rules) -> tuple[Tone, str]:
    """Return how a check stands now: whether it says stop, ask or go, and that in a few words."""
    verdict, state = detail.check.verdict, detail.review.state
    issued = {clearance.state for clearance in detail.clearances}
    if bool(detail.outcomes) and detail.outcomes[-1].outcome == "overturned":
        return "refused", "Overturned: do not act"
    if verdict == "refused":
        return "refused", "Do not act"
    if state == "declined":
        return "refused", "Declined: do not act"
    if "spent" in issued:
        return "cleared", "The clearance is spent"
    if is_ended(detail):
        return "refused", "Warned of since: do not act"
    if "valid" in issued or may_take(detail, now, rules):
        return "cleared", "Approved to act" if state == "approved" else "Cleared to act"
    if state == "open":
        return "needs_review", "Ask a second person"
    return "needs_review", "Too late: ask for a new check"


def is_ended(detail: CheckDetail) -> bool:
    """Tell whether a warning came after the check, so that nobody may act on it any more."""
    return any(warning.after for warning in detail.warnings)


def may_take(detail: CheckDetail, now: datetime, rules: Rules) -> bool:
    """Tell whether a clearance can be taken: of a check that was cleared, while it is fresh, or approved."""
    is_fresh = now - detail.check.checked_at < rules.clearance_time
    return (detail.check.verdict == "cleared" and is_fresh) or detail.review.state == "approved"


# --- what happens next -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, and who must agree to it; both in words."""

    step: str
    people: str


def next_step(detail: CheckDetail, *, now: datetime, rules: Rules) -> NextStep:
    """Return what happens next after a check, by its verdict, its review, its clearances and what an appeal found."""
    return NextStep(_step(detail, now, rules), _agreement(detail))


def _step(detail: CheckDetail, now: datetime, rules: Rules) -> str:
    acts, asks = acting(detail), detail.actor.actor_id or detail.caller
    action, state = detail.action, detail.review.state
    if detail.outcomes:
        return _after_appeal(detail)
    if any(clearance.state == "spent" for clearance in detail.clearances):
        return f"{acts} has spent the clearance. If the owner appeals, record what the appeal finds."
    if detail.check.verdict == "refused":
        return _refused_step(detail.check)
    if state == "declined":
        return f"Do not {action} the account. {asks} may ask for a new check if something has changed."
    if is_ended(detail):
        return f"Do not {action} the account: see what is remembered of it. {asks} may ask for a new check."
    valid = next((clearance for clearance in detail.clearances if clearance.state == "valid"), None)
    if valid:
        return _holding(acts, action, valid, now)
    if state == "open":
        return f"Do not {action} the account yet. The check waits in the review queue."
    if may_take(detail, now, rules):
        until = "" if state == "approved" else f" until {detail.check.checked_at + rules.clearance_time:%H:%M %Z}"
        return f"{asks} may take the clearance{until}: a permission for one action, which is checked once more."
    if state == "expired":
        return f"Do not {action} the account. The check is too old to be reviewed: {asks} may ask for a new one."
    return f"Do not {action} the account. The check is too old to act on: {asks} may ask for a new one."


def acting(detail: CheckDetail) -> str:
    """Return who acts: of a triage whom its last clearance is for, else whom the approvals name, if anybody."""
    if not detail.triage:
        return detail.actor.actor_id
    given = [clearance.actor for clearance in detail.clearances if clearance.actor]
    return (given or _named(detail) or [_NOBODY])[-1]


_NOBODY = "somebody who is not named yet"


def _named(detail: CheckDetail) -> list[str]:
    return [approval.executor for approval in detail.review.approvals if approval.executor and approval.counts]


def _holding(actor: str, action: str, valid: ClearanceStatus, now: datetime) -> str:
    left = max(valid.expires_at - now, timedelta())
    minutes = count_of(int(left / timedelta(minutes=1)), "minute") if left >= timedelta(minutes=1) else "seconds"
    return (
        f"{actor} may {action} the account once, until {valid.expires_at:%H:%M %Z} ({minutes} left). "
        "Spend the clearance just before acting: the account is checked again then."
    )


def _refused_step(check: CheckResponse) -> str:
    codes = {reason.code for reason in check.reasons}
    if codes <= {"access_ended"}:
        return "Leave the account as it is. Somebody whose access has not ended may ask for a check."
    return "Leave the account as it is."


def _after_appeal(detail: CheckDetail) -> str:
    last = detail.outcomes[-1]
    if last.outcome == "upheld":
        return "An appeal upheld the decision. Nothing is left to do."
    relation = RELATION_WORDS.get(last.relation, last.relation.replace("_", " ")).lower()
    undo = f" If the account was acted on, undo the {_NOUNS[detail.action]} now."
    return f"An appeal overturned the decision ({relation}): do not act on it.{undo}"


_NOUNS = {"suspend": "suspension", "deactivate": "deactivation", "delete": "deletion", "require_change": "demand"}


def _agreement(detail: CheckDetail) -> str:
    check, review = detail.check, detail.review
    if check.verdict == "refused":
        return "No approval can change this answer."
    if check.verdict == "cleared":
        return "Nobody else has to agree."
    must = f"{_people(review.required).capitalize()} must agree: neither {_asking(detail)} nor anybody about to leave."
    return f"{must} {', '.join(map(_said, review.approvals)) or 'Nobody has answered yet'}."


def _said(one: ApprovalOut) -> str:
    if one.answer == "decline":
        return f"{one.reviewer} said no"
    return f"{one.reviewer} agreed{'' if one.counts else ' (it does not count any more)'}"


def _asking(detail: CheckDetail) -> str:
    asked = (detail.caller,) if detail.triage else (detail.actor.actor_id, detail.caller)
    return " nor ".join(dict.fromkeys((*asked, *_named(detail))))


def _people(number: int) -> str:
    if number == 1:
        return "one other person"
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else f'{number:,}'} other people"


# --- high impact -----------------------------------------------------------------------------------------------------


def is_high_impact(account: Account, policy: Policy) -> bool:
    """Tell whether acting on the account needs care of its own: the policy's rule 7, unknown impact included."""
    return any(True for _ in impact(account, policy))


def audience_sentence(account: Account, policy: Policy) -> str:
    """Return the audience of a high-impact account in full, and what else makes it one; nothing of any other.

    Examples
    --------
    >>> audience_sentence(Account(handle="a", followers=2_412_345, verified=True), Policy())
    '2,412,345 people follow this account, and it is verified.'
    """
    if not is_high_impact(account, policy):
        return ""
    return f"{_followed(account.followers)}{''.join(_besides(account, policy))}."


def _followed(followers: int | None) -> str:
    if followers is None:
        return "How many people follow this account is not given"
    return "1 person follows this account" if followers == 1 else f"{followers:,} people follow this account"


_BESIDES = {
    "high_impact_verified": ", and it is verified",
    "verification_unknown": ", and whether it is verified is not given",
    "verification_paid": ", and its check is a paid one, which tells nothing",
    "followed_by_target": ", and the protected account follows it",
}


def _besides(account: Account, policy: Policy) -> Iterator[str]:
    return (_BESIDES[reason.code] for reason in impact(account, policy) if reason.code in _BESIDES)


# --- what is known ---------------------------------------------------------------------------------------------------


def certificate(certificate: CertificateOut | None) -> str:
    """Return the measured bound on wrongful clearance in words."""
    if certificate is None:
        return (
            "There is no certified threshold for accounts like this one, so nothing can be cleared by the model alone."
        )
    sure, share = 100 - 100 * certificate.delta, 100 * certificate.alpha
    return (
        f"The threshold is {100 * certificate.threshold:.2f} %. With {sure:g} % confidence at most {share:g} % of "
        f"genuine accounts score above it. That was measured on {certificate.n:,} of them that the model was not "
        f"trained on ({certificate.population}); {certificate.errors:,} did."
    )


def without_strongest(response: CheckResponse) -> str:
    """Return what was taken away before the probability is held against the threshold; empty where nothing was."""
    if response.clearing_probability is None:
        return ""
    words = KIND_WORDS.get(response.strongest_kind or "")
    return f" without the strongest kind of evidence{f' ({words})' if words else ''}"


def alone(response: CheckResponse) -> str:
    """Return what the account says by itself, or why it says nothing."""
    probability, flagged = response.inauthentic_probability, response.inauthentic
    if probability is None:
        return f"No answer: {response.inauthentic_reason}."
    found = f"Bought, spam or automated: {percent(probability)}, supposing as many such accounts as genuine ones."
    if flagged is None:
        return f"{found} It is not flagged: {response.inauthentic_reason}."
    side, outcome = ("above", "flagged as inauthentic") if flagged else ("not above", "not flagged")
    return f"{found} That is {side} the certified threshold: {outcome}."


def count_of(number: int, noun: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> count_of(1, "day"), count_of(1_200, "follower")
    ('1 day', '1,200 followers')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
