"""How a check stands now, what happens next with it, and who must agree, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from service.auth.api_keys import same_person
from service.limits import Rules
from service.schemas.checks import CheckResponse
from service.schemas.reviews import ApprovalOut, CheckDetail, ClearanceStatus
from service.web.console.presenters.sentences import approvals, count_of, people
from service.web.console.presenters.words import WORDS

Tone = Literal["refused", "needs_review", "cleared"]


def standing(detail: CheckDetail, *, now: datetime, rules: Rules) -> tuple[Tone, str]:
    """Return how a check stands now: whether it says stop, ask or go, and that in a few words."""
    verdict, state = detail.check.verdict, detail.review.state
    issued = {clearance.state for clearance in detail.clearances}
    if bool(detail.outcomes) and detail.outcomes[-1].outcome == "overturned":
        return "refused", "Overturned: do not act"
    if verdict == "refused":
        return "refused", "Do not act"
    if detail.withdrawn:
        return "refused", "Withdrawn: do not act"
    if state == "declined":
        return "refused", "Declined: do not act"
    if "spent" in issued:
        return "cleared", "The clearance is spent"
    if is_ended(detail):
        return "refused", "Warned of since: do not act"
    if "valid" in issued or may_take(detail, now, rules):
        return "cleared", "Approved to act" if state == "approved" else "Cleared to act"
    if state == "open":
        needs = f"Needs {approvals(detail.review.required)}"
        return "needs_review", "Withdraw it, or ask for a review" if detail.held else needs
    return "needs_review", "Too late: ask for a new check"


def is_ended(detail: CheckDetail) -> bool:
    """Tell whether a warning came after the check, so that nobody may act on it any more."""
    return any(warning.after for warning in detail.warnings)


def may_take(detail: CheckDetail, now: datetime, rules: Rules) -> bool:
    """Tell whether a clearance can be taken: of a check that was cleared, while it is fresh, or approved."""
    is_fresh = now - detail.check.checked_at < rules.clearance_time
    is_cleared = detail.check.verdict == "cleared" and is_fresh
    return detail.withdrawn is None and (is_cleared or detail.review.state == "approved")


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
        return f"{acts} has spent the clearance. {_after_spending(detail, acts)}"
    if detail.withdrawn:
        return f"{_WITHDRAWN[detail.withdrawn.reason].format(detail.withdrawn.actor)} Do not {action} the account."
    if detail.check.verdict == "refused":
        return _refused_step(detail.check)
    if state == "declined":
        return f"Do not {action} the account. {asks} may ask for a new check if something has changed."
    if is_ended(detail):
        return f"Do not {action} the account: see what is remembered of it. {asks} may ask for a new check."
    valid = next((clearance for clearance in detail.clearances if clearance.state == "valid"), None)
    if valid:
        return _holding(acts, action, valid, now)
    if state == "open" and detail.held:
        return "Nobody is asked yet: withdraw the check, or ask people to review it."
    if state == "open":
        return f"Do not {action} the account yet. The check waits in the review queue."
    if may_take(detail, now, rules):
        until = "" if state == "approved" else f" until {detail.check.checked_at + rules.clearance_time:%H:%M %Z}"
        return f"{asks} may act{until}, once. The account is compared once more then."
    if state == "expired":
        return f"Do not {action} the account. The check is too old to be reviewed: {asks} may ask for a new one."
    return f"Do not {action} the account. The check is too old to act on: {asks} may ask for a new one."


_WITHDRAWN = {
    "mistyped": "{} withdrew this check: another account was meant.",
    "not_needed": "{} withdrew this check: it is not needed any more.",
    "resembles_nobody": "{} withdrew this check: the account resembles nobody who is protected.",
}


def _after_spending(detail: CheckDetail, acts: str) -> str:
    """Say what is left to do in the tool of the person who acts, or that another tool does it."""
    redeemed = [line.data["caller"] for line in detail.history if line.kind == "clearance_redeemed"]
    appeal = "If the owner appeals, record what the appeal finds."
    if redeemed and not same_person(redeemed[-1], acts):
        return f"{redeemed[-1]} redeemed it and carries out the {_NOUNS[detail.action]}. {appeal}"
    return f"{_IN_THE_TOOL[detail.action]} {appeal}"


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
    relation = WORDS["instead"].get(last.relation, last.relation.replace("_", " "))
    undo = f" If the account was acted on, undo the {_NOUNS[detail.action]} now."
    return f"An appeal overturned the decision ({relation}): do not act on it.{undo}"


_IN_THE_TOOL = {
    "suspend": "Suspend the account in your platform's tool now: Doublecheck does not do it.",
    "deactivate": "Deactivate the account in your platform's tool now: Doublecheck does not do it.",
    "delete": "Delete the account in your platform's tool now: Doublecheck does not do it.",
    "require_change": "Tell the account what to change, in your platform's tool, now: Doublecheck does not do it.",
}
_NOUNS = {"suspend": "suspension", "deactivate": "deactivation", "delete": "deletion", "require_change": "demand"}


def _agreement(detail: CheckDetail) -> str:
    check, review = detail.check, detail.review
    if check.verdict == "refused":
        return "No approval can change this answer."
    if check.verdict == "cleared":
        return "Nobody else has to agree."
    if review.state == "withdrawn":
        return "Nobody is asked any more."
    if detail.held:
        return f"A review takes {approvals(review.required)}."
    must = (
        f"{people(review.required).capitalize()} must approve: neither {_asking(detail)} nor anybody whose access ends "
        "soon."
    )
    return f"{must} {', '.join(map(_said, review.approvals)) or 'Nobody has answered yet'}."


def _said(one: ApprovalOut) -> str:
    if one.answer == "decline":
        return f"{one.reviewer} declined"
    return f"{one.reviewer} agreed{'' if one.counts else ' (it does not count any more)'}"


def _asking(detail: CheckDetail) -> str:
    asked = (detail.caller,) if detail.triage else (detail.actor.actor_id, detail.caller)
    return " nor ".join(dict.fromkeys((*asked, *_named(detail))))
