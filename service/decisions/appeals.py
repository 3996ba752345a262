"""Appeals: somebody complains about an action, or about none, and somebody else than everybody before decides.

Rules:

1. There is an appeal about an action once its clearance was redeemed, by the person; about a decline once the check is
   answered without an action, by the reporter. What was overturned already has nothing left to appeal against.
2. About one thing one appeal is open at a time. Once it is decided another may come, which takes yet another person.
3. Whoever decides is none of those who asked, approved or declined (also where that does not count any more), said
   what an earlier appeal found, decided one, or judged the check once more: people are people under all their names.
   To have received the appeal is nothing that counts, and neither is to have lifted the action: both judge nothing.
   Whoever decides has been shown the evidence, and has access that does not end soon.
4. While an appeal about an action is open, the account is warned of: two people, and nothing that was asked before
   holds. Once it is lifted, the clearances of the account are void too, and what was asked before that does not hold.
5. What is found about an action is an outcome (``outcomes``), in the same transaction. About a decline it is none: no
   warning, no label, and nothing becomes easier, least of all an action. A fresh check takes what any other takes.
6. An appeal that is overdue stays open: time decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from service.auth.api_keys import Caller
from service.decisions import account_warnings, triage
from service.decisions.appeal_queries import appeal_out
from service.decisions.appeal_records import LIFTED, Appeal, appeals_of, find_appeal
from service.decisions.outcomes import Found, latest_outcome, write_outcome
from service.decisions.outstanding import outstanding, void_all
from service.decisions.recorded import Decision, Read, find_decision, is_visible
from service.decisions.review_state import find_review, leaving
from service.decisions.reviews import has_seen, is_spent
from service.errors import AppealError, UnknownCheckError
from service.limits import Rules
from service.records.people import People
from service.records.tables import appeal_steps, appeals, approvals, moment, outcomes, second_look_answers, stamp
from service.records.transaction import Answer, Logged, Transaction
from service.schemas.appeals import AppealDecisionIn, AppealIn
from service.schemas.checks import EntryOut
from service.texts.catalogue import DEFAULT

_ANOTHER = "this person has dealt with the case already: another person than all before decides an appeal"
_LEAVES = "this reviewer's access has ended or is about to: somebody else must decide"
_BY = {"action": "person", "decline": "reporter"}
_INSTEAD = frozenset({"namesake", "authorised", "parody", "hijacked", "target_wrong"})
# Which reasons go with which decision.
REASONS: dict[tuple[str, str], frozenset[str]] = {
    ("action", "upheld"): frozenset({"impersonation"}),
    ("action", "overturned"): _INSTEAD,
    ("decline", "upheld"): _INSTEAD,
    ("decline", "overturned"): frozenset({"impersonation"}),
}
# A change may rightly be demanded of what does not imitate: of a parody without its label, or of a namesake.
_DEMANDED = frozenset({"impersonation", "parody", "namesake", "authorised"})
# What an account is to the target, as labels say it. A hijacked one looked like the target, but whoever made it look so
# does not run it: none of the relations fits, and what is unclear teaches nothing.
RELATIONS = {
    "namesake": "unrelated",
    "target_wrong": "unrelated",
    "authorised": "same_owner",
    "parody": "parody_or_fan",
    "hijacked": "unclear",
}


def receive(transaction: Transaction, check_id: str, given: AppealIn, caller: Caller, rules: Rules) -> Answer:
    """Record that somebody complains.

    Raises
    ------
    UnknownCheckError
        If there is no such check, or not for this caller.
    AppealError
        If there is nothing to appeal against, or an appeal is open already.
    """
    decision = find_decision(transaction.read, check_id)
    if not (is_visible(decision, caller) or "executor" in caller.roles):
        raise UnknownCheckError("there is no check with this number")
    if why := _why_no_appeal(transaction, decision, given, rules):
        raise AppealError(why)
    account_warnings.standing(transaction, decision.subject)  # read before anything is written
    row = _new(transaction, decision, given, caller, rules)
    entry = transaction.record(
        appeals, "appeal_received", check_id, row, appeal=row["id"], about=given.about, by=given.by,
        due_at=row["due_at"], actor=caller.actor,
    )  # fmt: skip
    if given.about == "action":
        account_warnings.remember(transaction, decision, account_warnings.APPEAL)
    return _answer(Appeal(SimpleNamespace(**row)), decision, transaction, entry)


def lift(transaction: Transaction, appeal_id: str, caller: Caller) -> Answer:
    """Lift an action until the appeal about it is decided.

    Raises
    ------
    UnknownAppealError
    AppealError
        If it is decided, about a decline, or lifted already.
    """
    appeal, decision = _undecided(transaction.read, appeal_id)
    if appeal.row.about != "action":
        raise AppealError("this appeal is about a decline: there is no action that could be lifted")
    if appeal.is_lifted:
        raise AppealError("the action is lifted already, until the appeal is decided")
    account_warnings.standing(transaction, decision.subject)  # read before anything is written
    found = outstanding(transaction, decision.subject)
    step, entry = _step(transaction, appeal, LIFTED, caller)
    account_warnings.remember(transaction, decision, account_warnings.LIFTED)
    void_all(transaction, found, caller.actor, "appeal_lifted")
    return _answer(Appeal(appeal.row, (*appeal.steps, step)), decision, transaction, entry)


def decide(transaction: Transaction, appeal_id: str, given: AppealDecisionIn, caller: Caller, rules: Rules) -> Answer:
    """Decide an appeal.

    Raises
    ------
    UnknownAppealError
    AppealError
        If it is decided, this person may not decide it, or the reason does not go with the decision.
    """
    appeal, decision = _undecided(transaction.read, appeal_id)
    if why := _why_no_decision(transaction, appeal, decision, given, caller, rules):
        raise AppealError(why)
    if appeal.row.about == "action":
        found = Found(given.found, RELATIONS.get(given.reason, "impersonation"), given.note)
        write_outcome(transaction, decision, found, caller)
        account_warnings.remember(transaction, decision, account_warnings.APPEAL_DECIDED)
        account_warnings.remember(transaction, decision, account_warnings.LIFT_ENDED)
    step, entry = _step(transaction, appeal, given.found, caller, given.reason, given.note)
    return _answer(Appeal(appeal.row, (*appeal.steps, step)), decision, transaction, entry)


# --- why not ---------------------------------------------------------------------------------------------------------


def _why_no_appeal(transaction: Transaction, decision: Decision, given: AppealIn, rules: Rules) -> str:
    """Return why an appeal is not taken, empty where it is: rules 1 and 2."""
    read, check_id = transaction.read, decision.row.id
    if given.by != _BY[given.about]:
        return "about an action it is the person who appeals (by: person), about a decline the reporter (by: reporter)"
    if given.about == "action" and not is_spent(read, check_id):
        return "no clearance of this check was redeemed: there is no action to appeal against"
    if given.about == "decline" and not _is_declined(transaction, decision, rules):
        return "this check is open, or was acted on: nobody has declined to act"
    before = [one for one in appeals_of(read, check_id) if one.row.about == given.about]
    if waits := next((one for one in before if one.decided is None), None):
        return f"an appeal about the same is open: {waits.row.id}"
    last = latest_outcome(read, check_id) if given.about == "action" else (before[-1].state if before else None)
    return "it was overturned already: there is nothing left to appeal against" if last == "overturned" else ""


def _is_declined(transaction: Transaction, decision: Decision, rules: Rules) -> bool:
    """Tell whether a check is answered, and nobody acts on it: by its verdict, its review, or because time went by."""
    if is_spent(transaction.read, decision.row.id):
        return False
    if decision.row.verdict == "cleared":  # one that was given at the last moment has expired as well
        return transaction.now - moment(decision.row.at) >= 2 * rules.clearance_time
    review = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    return decision.row.verdict == "refused" or review.state in {"declined", "expired", "withdrawn"}


def _why_no_decision(
    transaction: Transaction, appeal: Appeal, decision: Decision, given: AppealDecisionIn, caller: Caller, rules: Rules
) -> str:
    """Return why somebody's decision is not taken, empty where it is: rule 3."""
    if why := why_not_another(caller.actor, took_part(transaction.read, decision), transaction.people):
        return why
    if leaving(transaction.access_end(caller.actor), transaction.now, rules):
        return _LEAVES
    if not has_seen(transaction.read, decision.row.id, caller):
        return f"look at the evidence first: GET /v1/checks/{decision.row.id}"
    return _why_not_so(appeal, decision, given)


def reasons_for(about: str, found: str, action: str) -> frozenset[str]:
    """Return which reasons go with a decision; ``action`` is what the check asked for.

    Examples
    --------
    >>> sorted(reasons_for("action", "upheld", "suspend"))
    ['impersonation']
    """
    if (about, found, action) == ("action", "upheld", "require_change"):
        return _DEMANDED
    return REASONS[about, found]


def why_not_decider(read: Read, decision: Decision, caller: Caller, now: datetime, rules: Rules) -> str:
    """Return why somebody cannot decide appeals about a check, empty where somebody can: rule 3, before the look.

    It tells a page what to offer. ``decide`` asks again, within its transaction.
    """
    if any(map(caller.is_called, took_part(read, decision))):
        return _ANOTHER
    return _LEAVES if leaving(caller.access_ends_at, now, rules) else ""


def _why_not_so(appeal: Appeal, decision: Decision, given: AppealDecisionIn) -> str:
    """Return why a reason does not go with a decision, empty where it does."""
    about = appeal.row.about
    allowed = reasons_for(about, given.found, decision.row.action)
    if given.reason in allowed:
        return ""
    others = "overturned" if given.found == "upheld" else "upheld"
    return (
        f"about this {about}, {given.found} goes with {', '.join(sorted(allowed))}; "
        f"{others} goes with {', '.join(sorted(REASONS[about, others]))}"
    )


def took_part(read: Read, decision: Decision) -> set[str]:
    """Return the names of all who decided anything about a check: those that rule 3 leaves out."""
    check_id = decision.row.id
    judged = (
        select(approvals.c.actor).where(approvals.c.decision == check_id),
        select(outcomes.c.actor).where(outcomes.c.decision == check_id),
        select(appeal_steps.c.actor).where(appeal_steps.c.decision == check_id, appeal_steps.c.kind != LIFTED),
        select(second_look_answers.c.actor).where(second_look_answers.c.decision == check_id),
    )
    return {*triage.took_part_in(read, decision), *(row.actor for query in judged for row in read(query))}


def why_not_another(name: str, before: Iterable[str], people: People) -> str:
    """Return why somebody is not another person than all before, empty where it is another."""
    if any(people.same(name, one) for one in before):
        return _ANOTHER
    return ""


# --- how -------------------------------------------------------------------------------------------------------------


def _new(transaction: Transaction, decision: Decision, given: AppealIn, caller: Caller, rules: Rules) -> dict[str, Any]:
    received_at = min(given.received_at or transaction.now, transaction.now)
    notice = decision.record["request"].get("notice") or {}
    row = {"id": str(uuid4()), "decision": decision.row.id, "about": given.about, "by": given.by}
    row |= {"arguments": given.arguments, "language": given.language or notice.get("language") or DEFAULT}
    row |= {"received_at": stamp(received_at), "due_at": stamp(received_at + rules.appeal_time)}
    row |= {"contact": given.contact or None}
    return row | {"actor": caller.actor, "key_id": caller.key_id, "at": transaction.stamp}


def _undecided(read: Read, appeal_id: str) -> tuple[Appeal, Decision]:
    appeal = find_appeal(read, appeal_id)
    if appeal.decided is not None:
        raise AppealError(f"this appeal is {appeal.state} already: whoever complains again hands in another")
    return appeal, find_decision(read, appeal.row.decision)


def _step(
    transaction: Transaction, appeal: Appeal, kind: str, caller: Caller, reason: str = "", note: str = ""
) -> tuple[Any, Logged]:
    row = {"appeal": appeal.row.id, "decision": appeal.row.decision, "kind": kind, "reason": reason, "note": note}
    row |= {"actor": caller.actor, "key_id": caller.key_id, "at": transaction.stamp}
    entry = transaction.record(
        appeal_steps, "appeal_step", appeal.row.decision, row, appeal=appeal.row.id, step=kind, reason=reason,
        actor=caller.actor,
    )  # fmt: skip
    return SimpleNamespace(**row), entry


def _answer(appeal: Appeal, decision: Decision, transaction: Transaction, entry: Logged) -> Answer:
    receipt = EntryOut(seq=entry.seq, hash=entry.hash)
    return Answer(appeal_out(appeal, decision, transaction.now, receipt).model_dump_json())
