"""The queue as a table: what each row says, in few words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from classifier.scoring.impact import Impact
from service.auth.api_keys import Caller
from service.decisions.queue_search import AccountGroup
from service.decisions.review_queue import Waiting
from service.schemas.checks import EvidenceOut
from service.texts.dates import number, percent
from service.texts.wording import Words, gettext
from service.web.console.presenters.charts import shortened
from service.web.console.presenters.findings import finding
from service.web.console.presenters.spans import short_span

# Why a check needs a person, in few words. Codes of reasons never change; one without words is shown as it is.
WHY = Words(
    {
        "below_threshold": "Below the threshold",
        "single_kind_of_evidence": "One kind of evidence",
        "owner_has_it_too": "Rests on links, requests",
        "owner_may_say_so": "An owner may write so",
        "borne_openly": "Bears the handle openly",
        "maybe_own_or_parody": "Owner's or a parody",
        "alternatives_unknown": "Owner's or a parody",
        "relation_same_owner": "Maybe the same owner",
        "relation_parody_or_fan": "Parody or fan account",
        "relation_unrelated": "Slight resemblance",
        "relation_no_target": "Resembles nobody",
        "direction_unknown": "Original not known",
        "maybe_the_original": "Maybe the original",
        "maybe_hijacked": "Maybe hijacked",
        "maybe_another_protected": "Maybe another protected",
        "identity_unproven": "Maybe the same account",
        "former_handle": "Has a former handle",
        "same_handle": "Same handle",
        "same_creation": "Created in the same second",
        "same_picture_and_link": "Same picture and link",
        "handle_unknown": "No handle given",
        "profile_unknown": "Name or bio not given",
        "profile_hidden": "Profile is hidden",
        "target_unknown": "Target hardly known",
        "other_platform": "Another platform",
        "no_certificate": "No certified threshold",
        "certificate_withdrawn": "Certificate withdrawn",
        "outside_certificate": "Unlike what was certified",
        "high_impact_verified": "Verified",
        "high_impact_audience": "Large audience",
        "followed_by_target": "Target follows it",
        "audience_unknown": "Audience not known",
        "verification_unknown": "Verification not known",
        "verification_paid": "Paid check",
        "platform_says_parody": "Platform says parody",
        "recently_registered": "Target is newly registered",
        "recently_withdrawn": "Was protected lately",
        "access_ending": "Access is ending",
        "triage": "Nobody is named who acts",
        "reporter_may_be_imitator": "Reporter may be the fake",
        "owner_says_mine": "Owner says it is theirs",
        "appeal_open": "Appeal is open",
        "appeal_lifted": "Lifted for an appeal",
        "appeal_overturned": "Overturned before",
        "demand_open": "Was asked to change",
        "seen_at_redemption": "Refused before",
        "second_look_differs": "Second look differs",
        "identity_proven": "Identity was proven",
        "found_genuine_before": "Found genuine before",
        "circumstance_memorial": "Memorial account",
        "circumstance_deceased": "Owner has died",
        "circumstance_minor": "Owner is a minor",
    }
)
# Of each of several checks on one page, how much of the evidence is shown: what counted most.
EVIDENCE = 4


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has claimed an account: the name, whether it is this person, and until when."""

    name: str
    is_me: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One check of the queue.

    Attributes
    ----------
    target, probability : str
        Whom it resembles and how probable an imitation is; empty where it resembles nobody.
    why : tuple of str
        Why it needs a person, the weightiest first.
    audience : str
        A word where nobody knows it.
    impact : {"high", "unknown", "low"}
    due : str
        When it is due or expires, from now.
    is_pressing : bool
        Whether it is overdue or will soon be too old.
    escalated : str
        Who escalated it and why, empty where nobody did.
    why_not : str
        Why this person cannot answer it; empty where the person can.
    holder : Holder or None
        Who has claimed the account.
    put_off : bool
        Whether this person skipped or escalated it.
    """

    check_id: str
    handle: str
    name: str
    platform: str
    action: str
    target: str
    relation: str
    probability: str
    why: tuple[str, ...]
    asked_by: str
    at: datetime
    waits: str
    audience: str
    is_audience_known: bool
    impact: Impact
    due: str
    is_pressing: bool
    falls: bool
    approved: int
    required: int
    escalated: str
    why_not: str
    is_mine: bool
    holder: Holder | None
    put_off: bool


def rows(groups: list[AccountGroup], mine: frozenset[str], caller: Caller, now: datetime) -> Iterator[list[QueueRow]]:
    """Yield the checks of each account, the first of which stands for it."""
    for group in groups:
        claim = group.claim
        held = Holder(claim.actor, caller.is_called(claim.actor), claim.ends_at) if claim and claim.ends_at else None
        yield [row(item, item.decision.row.id in mine, held, caller, now) for item in group.items]


def row(item: Waiting, is_mine: bool, holder: Holder | None, caller: Caller, now: datetime) -> QueueRow:
    """Return what a row says of a check."""
    answer, account, raised = item.decision.answer, item.account, item.marks.escalation
    target = answer["target"]
    return QueueRow(
        check_id=item.decision.row.id,
        handle=account.handle,
        name=account.display_name or "",
        platform=account.platform or "",
        action=item.decision.row.action,
        target=target["handle"] if target else "",
        relation=answer["relation"],
        probability=percent(answer["impersonation_probability"]) if target else "",
        why=tuple(dict.fromkeys(why(reason["code"]) for reason in answer["reasons"])),
        asked_by=item.decision.row.actor or item.decision.row.caller,
        at=item.at,
        waits=short_span(now - item.at),
        audience=gettext("unknown") if account.followers is None else number(account.followers),
        is_audience_known=account.followers is not None,
        impact=item.impact,
        due=_due(item, now),
        is_pressing=item.urgent or item.escalated,
        falls=item.falls_to is not None,
        approved=item.approved,
        required=answer["required_approvals"],
        escalated=f"{raised.actor}: {raised.note}" if raised else "",
        why_not=item.why_not if "reviewer" in caller.roles else "",
        is_mine=is_mine,
        holder=holder,
        put_off=item.marks.put_off(caller) is not None,
    )


class Compared(NamedTuple):
    """What a compared value says, as on the check's page, and both sides of it."""

    finding: str
    reported: str
    protected: str


class SeveralCase(NamedTuple):
    """One of several checks on one page: its row, and the evidence that counted most."""

    row: QueueRow
    bio: str
    evidence: tuple[Compared, ...]


def several(item: Waiting, caller: Caller, now: datetime) -> SeveralCase:
    """Return what the page of several checks shows of one."""
    target = (item.decision.answer["target"] or {}).get("handle", "")
    found = map(EvidenceOut.model_validate, item.decision.answer["evidence"])
    ranked = sorted(found, key=lambda one: -abs(one.contribution))[:EVIDENCE]
    evidence = tuple(
        Compared(finding(one, target), shortened(one.reported), shortened(one.protected)) for one in ranked
    )
    return SeveralCase(row(item, not item.why_not, None, caller, now), item.account.bio or "", evidence)


def why(code: str) -> str:
    """Return why a check needs a person, by the code of the reason."""
    return WHY.get(code, code.replace("_", " ").capitalize())


def _due(item: Waiting, now: datetime) -> str:
    """Return when a check is due, or where nobody has said so, when it is too old to be reviewed."""
    if item.escalated:
        return gettext("overdue")
    if item.due_at < item.expires_at:
        return gettext("due in %(span)s", span=short_span(item.due_at - now))
    return gettext("%(span)s left", span=short_span(item.expires_at - now))
