"""What a check says, in plain sentences: the answer, its impact, what is certified. ``next_step`` has what follows."""

from __future__ import annotations

from typing import Literal

from classifier.accounts.account import Account
from classifier.model.account_model import AUDIENCE
from classifier.scoring.assessment import KIND_WORDS
from classifier.scoring.impact import impact, impact_level
from classifier.scoring.policy import Policy
from service.schemas.checks import CertificateOut, CheckResponse
from service.schemas.reviews import ReviewState
from service.texts.dates import number as grouped
from service.texts.dates import percent, share_percent
from service.texts.recorded import recorded
from service.texts.wording import Message, Words, gettext, ngettext
from service.web.console.presenters.case_kinds import measured_on

RELATION_WORDS = Words(
    {
        "impersonation": "Imitates it",
        "same_owner": "Same owner",
        "parody_or_fan": "Parody or fan",
        "unrelated": "Unrelated",
    }
)
_ALONE_LIMITS = Message(
    "This is about the account alone, whoever it may imitate. It never clears anything, and it is no proof by itself, "
    "least of all for an account with fewer than %(audience)s followers: new and hardly used genuine accounts look the "
    "same."
)

_REFUSED = Words(
    {
        "is_protected": "This IS the protected account of %(target)s: do not act.",
        "declared_secondary": "This is a genuine second account of %(target)s: do not act.",
        "access_ended": "The actor's access has ended: do not act.",
        "found_genuine": "This account was found genuine, and its profile is as it was: do not act.",
        "nothing_to_change": "It resembles no protected account, so nothing can be demanded of it: do not act.",
    }
)
_OTHERWISE_REFUSED = Message("This is refused: do not act.")
# Each goes on with who must agree, or did.
_DOUBTS = Words(
    {
        "found_genuine_before": "This account was found genuine, and its profile changed since",
        "reporter_may_be_imitator": "Whoever reports this may be the imitator, so look at that account first",
        "owner_says_mine": "%(target)s says that this account is theirs",
        "appeal_open": "An appeal against an earlier action on this account is open",
        "appeal_lifted": "An earlier action on this account is lifted until the appeal against it is decided",
        "triage": "Imitates %(target)s: %(probability)s. But nobody is named who acts",
        "demand_open": "Was asked to change something, and nobody has found yet whether it has",
        "relation_same_owner": "This may be another genuine account of %(target)s",
        "relation_parody_or_fan": "It says that it is a parody or fan account of %(target)s",
        "relation_unrelated": "Slight resemblance to %(target)s: probably unrelated",
        "relation_no_target": "It resembles no protected account",
        "certificate_withdrawn": "Seems to imitate %(target)s: %(probability)s. But the certificate was withdrawn",
        "no_certificate": "Seems to imitate %(target)s: %(probability)s. But no threshold is certified for it",
        "outside_certificate": "Seems to imitate %(target)s: %(probability)s. But it is unlike what was certified",
        "below_threshold": "Seems to imitate %(target)s: %(probability)s. Not enough evidence to act alone",
        "single_kind_of_evidence": (
            "Seems to imitate %(target)s: %(probability)s. But one kind of evidence carries most of it"
        ),
        "alternatives_unknown": (
            "Seems to imitate %(target)s: %(probability)s. But whether it is the owner's account or a parody is not "
            "known"
        ),
        "maybe_own_or_parody": "Imitates %(target)s: %(probability)s. But %(other)s",
        "direction_unknown": "Looks like %(target)s, but which is the original is not known",
        "maybe_the_original": "Looks like %(target)s, but may be the original itself",
        "other_platform": "Imitates %(target)s, but not provably on the same platform",
        "identity_unproven": "Imitates %(target)s, or is that account itself, renamed",
        "target_unknown": "Imitates %(target)s, of which neither audience nor age nor verification is registered",
        "handle_unknown": "Imitates %(target)s, but only its id is given, no handle",
        "former_handle": "Has a handle that %(target)s had before: it may be the same account",
        "maybe_hijacked": (
            "May be a hijacked account, renamed to look like %(target)s, so secure it and do not suspend it"
        ),
        "circumstance_memorial": "Is said to be a memorial",
        "circumstance_deceased": "Its owner is said to have died",
        "circumstance_minor": "Its owner is said to be a minor",
        "same_creation": "Was created in the same second as %(target)s: it may be the same account",
        "same_picture_and_link": "Has picture and link of %(target)s: it may be the owner's own account",
        "same_handle": "Same handle as %(target)s except for case, underscores or server",
        "owner_may_say_so": (
            "Imitates %(target)s, but its texts are what an owner with a new, second or service account writes as well"
        ),
        "owner_has_it_too": (
            "Imitates %(target)s: %(probability)s. But it rests on links and requests, which owners use too"
        ),
        "borne_openly": (
            "Bears the handle or name of %(target)s as it is written: it may be the owner's, or a namesake's"
        ),
        "profile_unknown": "Imitates %(target)s, but its name or bio is not given",
        "maybe_another_protected": "Imitates %(target)s, or is another protected account",
        "recently_registered": "Imitates %(target)s: %(probability)s. But %(target)s was registered or changed lately",
        "recently_withdrawn": "Imitates %(target)s: %(probability)s. But it was itself protected until lately",
        "high_impact_verified": "Imitates %(target)s: %(probability)s. But it is verified",
        "verification_unknown": "Imitates %(target)s: %(probability)s. But whether it is verified is not known",
        "verification_paid": "Imitates %(target)s: %(probability)s. But whether it is more than paid for is not known",
        "platform_says_parody": "Imitates %(target)s: %(probability)s. But the platform says that it is a parody",
        "profile_hidden": "Imitates %(target)s: %(probability)s. But the platform hides its profile",
        "followed_by_target": "Imitates %(target)s: %(probability)s. But %(target)s follows it",
        "audience_unknown": "Imitates %(target)s: %(probability)s. But its audience is not known",
        "high_impact_audience": "Imitates %(target)s: %(probability)s. But its audience is large",
        "access_ending": "Imitates %(target)s: %(probability)s. But the actor's access is about to end",
        "appeal_overturned": "An appeal overturned an earlier action on this account",
        "identity_proven": "Somebody proved that this account is theirs",
        "seen_at_redemption": "An action on this account was refused before, for what was seen of it",
        "second_look_differs": "Somebody who looked again, not knowing the result, saw no impersonation in it",
        "quota_actor_daily": "Imitates %(target)s: %(probability)s. But one actor was cleared too often today",
        "quota_actor_burst": "Imitates %(target)s: %(probability)s. But one actor was cleared too often just now",
        "quota_total_daily": "Imitates %(target)s: %(probability)s. But too many were cleared today",
        "quota_total_burst": "Imitates %(target)s: %(probability)s. But too many were cleared just now",
    }
)
_UNNAMED_DOUBT = Message("It is not certain that this imitates %(target)s")
State = ReviewState | Literal["held"]
_ENDINGS: Words[ReviewState, str] = Words(
    {
        "open": "%(found)s: needs %(approvals)s.",
        "approved": "%(found)s: %(people)s agreed.",
        "declined": "%(found)s: a reviewer declined.",
        "expired": "%(found)s: nobody decided in time.",
        "withdrawn": "%(found)s: withdrawn.",
        "not_needed": "%(found)s: do not act.",  # a doubt is always reviewed; what is not is not acted on
    }
)
_NUMBERS = (
    Message("no"), Message("one"), Message("two"), Message("three"), Message("four"), Message("five"),
)  # fmt: skip


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
        "target": f"@{response.target.handle}" if response.target else gettext("a protected account"),
        "probability": percent(response.impersonation_probability),
        "other": own_or_parody(response, policy or Policy()),
    }
    code = response.reasons[0].code
    if response.verdict == "refused":
        return gettext(_REFUSED.english.get(code, _OTHERWISE_REFUSED), **known)
    if response.verdict == "cleared":
        return gettext("Imitates %(target)s: %(probability)s.", **known)
    found = gettext(_DOUBTS.english.get(code, _UNNAMED_DOUBT), **known)
    if state == "held":
        return f"{found}."
    return gettext(_ENDINGS.english[state], found=found, people=people(required), approvals=approvals(required))


def own_or_parody(response: CheckResponse, policy: Policy) -> str:
    """Say how likely it is the owner's account or a parody, and that this is more than the policy allows."""
    known = response.relation_probabilities
    likely = known.get("same_owner", 0.0) + known.get("parody_or_fan", 0.0)
    if likely > policy.own_or_parody:
        return gettext(
            "it is the owner's account or a parody with %(likely)s, and more than %(limit)s is too much to act alone",
            likely=percent(likely),
            limit=percent(policy.own_or_parody),
        )
    return gettext("it may be the account or a parody of another protected owner")


def approvals(number: int) -> str:
    """Return how many approvals something needs.

    Examples
    --------
    >>> approvals(1), approvals(2)
    ('one approval', 'two approvals')
    """
    return ngettext("%(number)s approval", "%(number)s approvals", number, number=_number(number))


def people(number: int) -> str:
    """Return a number of people other than who asked."""
    return ngettext("%(number)s other person", "%(number)s other people", number, number=_number(number))


def _number(number: int) -> str:
    return gettext(_NUMBERS[number]) if number < len(_NUMBERS) else grouped(number)


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
    said = _followed(account.followers)
    for reason in reasons:
        if reason.code in _BESIDES:
            said = gettext(_BESIDES[reason.code], said=said)
    unknown = impact_level(reasons) == "unknown"
    return f"{said}. {gettext('Unknown: treated with caution.')}" if unknown else f"{said}."


def _followed(followers: int | None) -> str:
    if followers is None:
        return gettext("How many people follow this account is not given")
    return ngettext(
        "%(count)s person follows this account",
        "%(count)s people follow this account",
        followers,
        count=grouped(followers),
    )


_BESIDES = {
    "high_impact_verified": Message("%(said)s, and it is verified"),
    "verification_unknown": Message("%(said)s, and whether it is verified is not given"),
    "verification_paid": Message("%(said)s, and its check is a paid one, which tells nothing"),
    "followed_by_target": Message("%(said)s, and the protected account follows it"),
}


# --- what is known ---------------------------------------------------------------------------------------------------


def certificate(certificate: CertificateOut | None) -> str:
    """Return the measured bound on wrongful clearance in words."""
    if certificate is None:
        return gettext(
            "There is no certified threshold for accounts like this one, so nothing can be cleared by the model alone."
        )
    bound = gettext(
        "The threshold is %(threshold)s. With %(confidence)s %% confidence at most %(share)s %% of genuine accounts "
        "score above it. That was measured on %(count)s of them that the model was not trained on (%(population)s); "
        "%(errors)s did.",
        threshold=percent(certificate.threshold, 2),
        confidence=f"{100 - 100 * certificate.delta:g}",
        share=f"{100 * certificate.alpha:g}",
        count=grouped(certificate.n),
        population=measured_on(certificate.population).words,
        errors=grouped(certificate.errors),
    )
    return f"{bound} {_own(certificate)}".rstrip()


def _own(certificate: CertificateOut) -> str:
    """Return what own accounts say of a certificate, and which threshold holds; empty where nobody asked them."""
    own = certificate.own
    if own is None:
        return ""
    found = gettext(
        "Of %(count)s genuine accounts of your own, on %(day)s, %(errors)s scored above it: of accounts like these at "
        "most %(bound)s do, with the same confidence.",
        count=grouped(own.n),
        day=f"{own.at:%Y-%m-%d}",
        errors=grouped(own.errors),
        bound=share_percent(own.bound),
    )
    if own.threshold is None:
        return f"{found} {gettext('They are too few to ask for another threshold.')}"
    if certificate.in_force == certificate.threshold:
        return f"{found} {gettext('So it holds for them too.')}"
    asked = gettext(
        "They ask for %(threshold)s, and the stricter threshold holds.", threshold=percent(own.threshold, 2)
    )
    return f"{found} {asked}"


def despite(response: CheckResponse) -> tuple[str, ...]:
    """Return why a check is not cleared although its probability is above the threshold; empty where it is not so."""
    bound = response.certificate
    if bound is None or response.verdict != "needs_review" or response.compared <= bound.in_force:
        return ()
    return tuple(recorded(reason.text) for reason in response.reasons)


def without_strongest(response: CheckResponse) -> str:
    """Return what was taken away before the probability is held against the threshold; empty where nothing was."""
    if response.clearing_probability is None:
        return ""
    words = KIND_WORDS.get(response.strongest_kind or "")
    if not words:
        return f" {gettext('without the strongest kind of evidence')}"
    return f" {gettext('without the strongest kind of evidence (%(kind)s)', kind=recorded(words))}"


def alone(response: CheckResponse) -> str:
    """Return what the account says by itself, or why it says nothing."""
    probability, flagged = response.inauthentic_probability, response.inauthentic
    if probability is None:
        return gettext("No answer: %(why)s.", why=recorded(response.inauthentic_reason or ""))
    found = gettext(
        "Bought, spam or automated: %(probability)s, supposing as many such accounts as genuine ones.",
        probability=percent(probability),
    )
    if flagged is None:
        return f"{found} {gettext('It is not flagged: %(why)s.', why=recorded(response.inauthentic_reason or ''))}"
    if flagged:
        return f"{found} {gettext('That is above the certified threshold: flagged as inauthentic.')}"
    return f"{found} {gettext('That is not above the certified threshold: not flagged.')}"


def alone_limits() -> str:
    """Return what the account by itself never says."""
    return gettext(_ALONE_LIMITS, audience=AUDIENCE)
