"""How a check stands now, what happens next with it, and who must agree, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from service.auth.api_keys import same_person
from service.limits import Rules
from service.schemas.checks import CheckResponse
from service.schemas.reviews import ApprovalOut, CheckDetail, ClearanceStatus
from service.texts.dates import dated
from service.texts.wording import Message, Words, gettext, ngettext
from service.web.console.presenters.sentences import approvals, people
from service.web.console.presenters.words import WORDS

Tone = Literal["refused", "needs_review", "cleared"]


def standing(detail: CheckDetail, *, now: datetime, rules: Rules) -> tuple[Tone, str]:
    """Return how a check stands now: whether it says stop, ask or go, and that in a few words."""
    verdict, state = detail.check.verdict, detail.review.state
    issued = {clearance.state for clearance in detail.clearances}
    if bool(detail.outcomes) and detail.outcomes[-1].outcome == "overturned":
        return "refused", gettext("Overturned: do not act")
    if verdict == "refused":
        return "refused", gettext("Do not act")
    if detail.withdrawn:
        return "refused", gettext("Withdrawn: do not act")
    if state == "declined":
        return "refused", gettext("Declined: do not act")
    if "spent" in issued:
        return "cleared", gettext("The clearance is spent")
    if is_ended(detail):
        return "refused", gettext("Warned of since: do not act")
    if "valid" in issued or may_take(detail, now, rules):
        return "cleared", gettext("Approved to act") if state == "approved" else gettext("Cleared to act")
    if state == "open":
        if detail.held:
            return "needs_review", gettext("Withdraw it, or ask for a review")
        return "needs_review", gettext("Needs %(approvals)s", approvals=approvals(detail.review.required))
    return "needs_review", gettext("Too late: ask for a new check")


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
    action, state = WORDS["verb"][detail.action], detail.review.state
    if detail.outcomes:
        return _after_appeal(detail)
    if any(clearance.state == "spent" for clearance in detail.clearances):
        spent = gettext("%(name)s has spent the clearance.", name=acts)
        return f"{spent} {_after_spending(detail, acts)}"
    if detail.withdrawn:
        why = gettext(_WITHDRAWN[detail.withdrawn.reason], name=detail.withdrawn.actor)
        return f"{why} {gettext('Do not %(action)s the account.', action=action)}"
    if detail.check.verdict == "refused":
        return _refused_step(detail.check)
    if state == "declined":
        return gettext(
            "Do not %(action)s the account. %(name)s may ask for a new check if something has changed.",
            action=action,
            name=asks,
        )
    if is_ended(detail):
        return gettext(
            "Do not %(action)s the account: see what is remembered of it. %(name)s may ask for a new check.",
            action=action,
            name=asks,
        )
    valid = next((clearance for clearance in detail.clearances if clearance.state == "valid"), None)
    if valid:
        return _holding(acts, action, valid, now)
    if state == "open" and detail.held:
        return gettext("Nobody is asked yet: withdraw the check, or ask people to review it.")
    if state == "open":
        return gettext("Do not %(action)s the account yet. The check waits in the review queue.", action=action)
    if may_take(detail, now, rules):
        return _may_act(asks, None if state == "approved" else detail.check.checked_at + rules.clearance_time)
    if state == "expired":
        return gettext(
            "Do not %(action)s the account. The check is too old to be reviewed: %(name)s may ask for a new one.",
            action=action,
            name=asks,
        )
    return gettext(
        "Do not %(action)s the account. The check is too old to act on: %(name)s may ask for a new one.",
        action=action,
        name=asks,
    )


def _may_act(name: str, until: datetime | None) -> str:
    if until is None:
        return gettext("%(name)s may act, once. The account is compared once more then.", name=name)
    return gettext(
        "%(name)s may act until %(until)s, once. The account is compared once more then.",
        name=name,
        until=dated(until, "%H:%M UTC"),
    )


_WITHDRAWN = {
    "mistyped": Message("%(name)s withdrew this check: another account was meant."),
    "not_needed": Message("%(name)s withdrew this check: it is not needed any more."),
    "resembles_nobody": Message("%(name)s withdrew this check: the account resembles nobody who is protected."),
}


def _after_spending(detail: CheckDetail, acts: str) -> str:
    """Say what is left to do in the tool of the person who acts, or that another tool does it."""
    redeemed = [line.data["caller"] for line in detail.history if line.kind == "clearance_redeemed"]
    appeal = gettext("If the owner appeals, record what the appeal finds.")
    if redeemed and not same_person(redeemed[-1], acts):
        return f"{gettext(_CARRIED_OUT[detail.action], name=redeemed[-1])} {appeal}"
    return f"{_IN_THE_TOOL[detail.action]} {appeal}"


def acting(detail: CheckDetail) -> str:
    """Return who acts: of a triage whom its last clearance is for, else whom the approvals name, if anybody."""
    if not detail.triage:
        return detail.actor.actor_id
    given = [clearance.actor for clearance in detail.clearances if clearance.actor]
    return (given or _named(detail) or [gettext(_NOBODY)])[-1]


_NOBODY = Message("somebody who is not named yet")


def _named(detail: CheckDetail) -> list[str]:
    return [approval.executor for approval in detail.review.approvals if approval.executor and approval.counts]


def _holding(actor: str, action: str, valid: ClearanceStatus, now: datetime) -> str:
    left = max(valid.expires_at - now, timedelta())
    minutes = int(left / timedelta(minutes=1))
    return gettext(
        "%(name)s may %(action)s the account once, until %(until)s (%(left)s left). Spend the clearance just before "
        "acting: the account is checked again then.",
        name=actor,
        action=action,
        until=dated(valid.expires_at, "%H:%M UTC"),
        left=ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else gettext("seconds"),
    )


def _refused_step(check: CheckResponse) -> str:
    codes = {reason.code for reason in check.reasons}
    if codes <= {"access_ended"}:
        return gettext("Leave the account as it is. Somebody whose access has not ended may ask for a check.")
    return gettext("Leave the account as it is.")


def _after_appeal(detail: CheckDetail) -> str:
    last = detail.outcomes[-1]
    if last.outcome == "upheld":
        return gettext("An appeal upheld the decision. Nothing is left to do.")
    relation = WORDS["instead"].get(last.relation, last.relation.replace("_", " "))
    found = gettext("An appeal overturned the decision (%(relation)s): do not act on it.", relation=relation)
    return f"{found} {_UNDO[detail.action]}"


_IN_THE_TOOL = Words(
    {
        "suspend": "Suspend the account in your platform's tool now: Doublecheck does not do it.",
        "deactivate": "Deactivate the account in your platform's tool now: Doublecheck does not do it.",
        "delete": "Delete the account in your platform's tool now: Doublecheck does not do it.",
        "require_change": "Tell the account what to change, in your platform's tool, now: Doublecheck does not do it.",
    }
)
_CARRIED_OUT = {
    "suspend": Message("%(name)s redeemed it and carries out the suspension."),
    "deactivate": Message("%(name)s redeemed it and carries out the deactivation."),
    "delete": Message("%(name)s redeemed it and carries out the deletion."),
    "require_change": Message("%(name)s redeemed it and carries out the demand."),
}
_UNDO = Words(
    {
        "suspend": "If the account was acted on, undo the suspension now.",
        "deactivate": "If the account was acted on, undo the deactivation now.",
        "delete": "If the account was acted on, undo the deletion now.",
        "require_change": "If the account was acted on, undo the demand now.",
    }
)


def _agreement(detail: CheckDetail) -> str:
    check, review = detail.check, detail.review
    if check.verdict == "refused":
        return gettext("No approval can change this answer.")
    if check.verdict == "cleared":
        return gettext("Nobody else has to agree.")
    if review.state == "withdrawn":
        return gettext("Nobody is asked any more.")
    if detail.held:
        return gettext("A review takes %(approvals)s.", approvals=approvals(review.required))
    must = gettext(
        "%(people)s must approve: neither %(names)s nor anybody whose access ends soon.",
        people=people(review.required).capitalize(),
        names=_asking(detail),
    )
    answered = ", ".join(map(_said, review.approvals))
    return f"{must} {f'{answered}.' if answered else gettext('Nobody has answered yet.')}"


def _said(one: ApprovalOut) -> str:
    if one.answer == "decline":
        return gettext("%(name)s declined", name=one.reviewer)
    if one.counts:
        return gettext("%(name)s agreed", name=one.reviewer)
    return gettext("%(name)s agreed (it does not count any more)", name=one.reviewer)


def _asking(detail: CheckDetail) -> str:
    asked = (detail.caller,) if detail.triage else (detail.actor.actor_id, detail.caller)
    names: list[str] = list(dict.fromkeys((*asked, *_named(detail))))
    listed = names[0]
    for name in names[1:]:
        listed = gettext("%(names)s nor %(name)s", names=listed, name=name)
    return listed
