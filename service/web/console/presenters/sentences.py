"""What a check says, in plain sentences: the answer, its impact, what is certified. ``next_step`` has what follows."""

from __future__ import annotations

from typing import Literal

from classifier.accounts.account import Account
from classifier.model.account_model import AUDIENCE
from classifier.scoring.assessment import KIND_WORDS
from classifier.scoring.impact import impact, impact_level
from classifier.scoring.policy import Policy
from classifier.utils.percent import percent, share_percent
from service.schemas.checks import CertificateOut, CheckResponse
from service.schemas.reviews import ReviewState
from service.web.console.presenters.case_kinds import measured_on

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
    "relation_unrelated": "Slight resemblance to {target}: probably unrelated",
    "relation_no_target": "It resembles no protected account",
    "certificate_withdrawn": "Seems to imitate {target}: {probability}. But the certificate was withdrawn",
    "no_certificate": "Seems to imitate {target}: {probability}. But no threshold is certified for it",
    "outside_certificate": "Seems to imitate {target}: {probability}. But it is unlike what was certified",
    "below_threshold": "Seems to imitate {target}: {probability}. Not enough evidence to act alone",
    "single_kind_of_evidence": "Seems to imitate {target}: {probability}. But one kind of evidence carries most of it",
    "alternatives_unknown": (
        "Seems to imitate {target}: {probability}. But whether it is the owner's account or a parody is not known"
    ),
    "maybe_own_or_parody": "Imitates {target}: {probability}. But {other}",
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
    "same_handle": "Same handle as {target} except for case, underscores or server",
    "owner_may_say_so": (
        "Imitates {target}, but its texts are what an owner with a new, second or service account writes as well"
    ),
    "owner_has_it_too": "Imitates {target}: {probability}. But it rests on links and requests, which owners use too",
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
State = ReviewState | Literal["held"]
_ENDINGS: dict[ReviewState, str] = {
    "open": "needs {approvals}",
    "approved": "{people} agreed",
    "declined": "a reviewer declined",
    "expired": "nobody decided in time",
    "withdrawn": "withdrawn",
    "not_needed": "do not act",  # a doubt is always reviewed; what is not is not acted on
}
_NUMBERS = ("no", "one", "two", "three", "four", "five")


def headline(response: CheckResponse, state: State = "open", required: int = 2, *, policy: Policy | None = None) -> str:
    """Return the answer in one plain sentence, the weightiest reason deciding which.

    Parameters
    ----------
    state : ReviewState or "held"
        How far the review has come, where one is needed; "held" while nobody is asked.
    required : int
        How many people must agree.
    policy : Policy, optional
        Whose limits it is held against, by default the policy that ships.
    """
    known = {
        "target": f"@{response.target.handle}" if response.target else "a protected account",
        "probability": percent(response.impersonation_probability),
        "other": own_or_parody(response, policy or Policy()),
    }
    code = response.reasons[0].code
    if response.verdict == "refused":
        return _REFUSED.get(code, "This is refused: do not act.").format(**known)
    if response.verdict == "cleared":
        return "Imitates {target}: {probability}.".format(**known)
    found = _DOUBTS.get(code, _UNNAMED_DOUBT).format(**known)
    if state == "held":
        return f"{found}."
    return f"{found}: {_ENDINGS[state].format(people=people(required), approvals=approvals(required))}."


def own_or_parody(response: CheckResponse, policy: Policy) -> str:
    """Say how likely it is the owner's account or a parody, and that this is more than the policy allows."""
    known = response.relation_probabilities
    likely = known.get("same_owner", 0.0) + known.get("parody_or_fan", 0.0)
    if likely > policy.own_or_parody:
        return (
            f"it is the owner's account or a parody with {percent(likely)}, and more than "
            f"{percent(policy.own_or_parody)} is too much to act alone"
        )
    return "it may be the account or a parody of another protected owner"


def approvals(number: int) -> str:
    """Return how many approvals something needs.

    Examples
    --------
    >>> approvals(1), approvals(2)
    ('one approval', 'two approvals')
    """
    return f"{_number(number)} approval{'' if number == 1 else 's'}"


def people(number: int) -> str:
    """Return a number of people other than who asked."""
    return "one other person" if number == 1 else f"{_number(number)} other people"


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


# --- high impact -----------------------------------------------------------------------------------------------------


def audience_sentence(account: Account, policy: Policy) -> str:
    """Return the audience in full of an account of high or unknown impact, and what else makes it one; else nothing.

    Examples
    --------
    >>> audience_sentence(Account(handle="a", followers=2_412_345, verified=True), Policy())
    '2,412,345 people follow this account, and it is verified.'
    >>> audience_sentence(Account(handle="a", platform="bluesky", followers=33), Policy())
    '33 people follow this account, and whether it is verified is not given. Unknown: treated with caution.'
    """
    reasons = list(impact(account, policy))
    if not reasons:
        return ""
    caution = " Unknown: treated with caution." if impact_level(reasons) == "unknown" else ""
    besides = "".join(_BESIDES.get(reason.code, "") for reason in reasons)
    return f"{_followed(account.followers)}{besides}.{caution}"


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


# --- what is known ---------------------------------------------------------------------------------------------------


def certificate(certificate: CertificateOut | None) -> str:
    """Return the measured bound on wrongful clearance in words."""
    if certificate is None:
        return (
            "There is no certified threshold for accounts like this one, so nothing can be cleared by the model alone."
        )
    sure, share = 100 - 100 * certificate.delta, 100 * certificate.alpha
    return (
        f"The threshold is {percent(certificate.threshold, 2)}. With {sure:g} % confidence at most {share:g} % of "
        f"genuine accounts score above it. That was measured on {certificate.n:,} of them that the model was not "
        f"trained on ({measured_on(certificate.population).words}); {certificate.errors:,} did.{_own(certificate)}"
    )


def _own(certificate: CertificateOut) -> str:
    """Return what own accounts say of a certificate, and which threshold holds; empty where nobody asked them."""
    own = certificate.own
    if own is None:
        return ""
    found = (
        f" Of {own.n:,} genuine accounts of your own, on {own.at:%Y-%m-%d}, {own.errors:,} scored above it: of "
        f"accounts like these at most {share_percent(own.bound)} do, with the same confidence."
    )
    if own.threshold is None:
        return f"{found} They are too few to ask for another threshold."
    if certificate.in_force == certificate.threshold:
        return f"{found} So it holds for them too."
    return f"{found} They ask for {percent(own.threshold, 2)}, and the stricter threshold holds."


def despite(response: CheckResponse) -> tuple[str, ...]:
    """Return why a check is not cleared although its probability is above the threshold; empty where it is not so."""
    bound = response.certificate
    if bound is None or response.verdict != "needs_review" or response.compared <= bound.in_force:
        return ()
    return tuple(reason.text for reason in response.reasons)


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
