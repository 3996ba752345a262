"""Two people: reviewers look at a check and answer it; enough approvals let its actor have a clearance.

Rules, each a reason to refuse:

1. Only a check that needs review is reviewed, while it is recent, and until somebody declines it.
2. A reviewer is neither the actor nor the caller of the check, and answers once. People are people, under whatever name
   or spelling of it.
3. A reviewer has seen the evidence: looking at the check is recorded, and comes before the answer.
4. A reviewer's access neither has ended nor is about to; an approval counts only as long as that stays so, its key is
   in force, and it is fresh.
5. Approvals by ``required_approvals`` different reviewers make a clearance possible; nobody's role replaces one. What
   was cleared without reviewers may have its clearance given later, or anew, within the time of one clearance.
6. Nothing was remembered against the account since the check: an appeal that was overturned, above all
   (``account_warnings``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select, update

from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Actor, decide
from classifier.scoring.reason import Reason
from service.auth.api_keys import Caller
from service.decisions import account_warnings, known_cases, restoration, triage
from service.decisions.check import acting, issue
from service.decisions.recorded import Decision, Read, askers, clearance_state, find_decision, is_triage
from service.decisions.review_state import Review, find_review, review_out
from service.errors import ClearanceError, ReviewError
from service.limits import Rules
from service.records.people import People
from service.records.tables import approvals, clearances, moment, views
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut
from service.schemas.reviews import CheckApprovalIn
from service.signing import Signer


def show(transaction: Transaction, check_id: str, caller: Caller) -> Answer:
    """Record that a reviewer has been shown the evidence of a check."""
    find_decision(transaction.read, check_id)
    if not has_seen(transaction.read, check_id, caller):
        row = {"decision": check_id, "actor": caller.actor, "at": transaction.stamp}
        transaction.record(views, "evidence_shown", check_id, row, actor=caller.actor)
    return Answer("")


def approve(transaction: Transaction, check_id: str, given: CheckApprovalIn, caller: Caller, rules: Rules) -> Answer:
    """Record a reviewer's answer.

    Raises
    ------
    UnknownCheckError, ReviewError
    """
    decision = find_decision(transaction.read, check_id)
    review = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    warned = account_warnings.standing(transaction, decision.subject)
    against = why_not_reviewed(transaction.read, decision, review) or why_not_reviewer(
        decision, review, caller, transaction.access_end(caller.actor), now=transaction.now, rules=rules
    )
    against = against or _why_not_named(decision, review, given, caller, transaction.people)
    if against:
        raise ReviewError(against)
    if came := tuple(account_warnings.since(warned, decision)):
        raise ReviewError(came)
    if not has_seen(transaction.read, check_id, caller):
        raise ReviewError(f"look at the evidence first: GET /v1/checks/{check_id}")
    row: dict[str, Any] = {"decision": check_id, "actor": caller.actor, "key_id": caller.key_id}
    row |= {"answer": given.answer, "reason": given.reason, "at": transaction.stamp, "executor": given.executor}
    named = {"executor": given.executor} if given.executor else {}
    if given.executor:
        transaction.name_actor(given.executor)
    entry = transaction.record(
        approvals, "approval", check_id, row, actor=caller.actor, key=caller.key_id, answer=given.answer, **named
    )
    answered = review.with_answer(SimpleNamespace(**row), decision, now=transaction.now, rules=rules)
    receipt = EntryOut(seq=entry.seq, hash=entry.hash)
    waited = None if review.approvals else (transaction.now - moment(decision.row.at)).total_seconds()
    body = review_out(decision, answered, rules, receipt).model_dump_json()
    return Answer(body, labels=(given.answer,), waited=waited)


def _why_not_named(decision: Decision, review: Review, given: CheckApprovalIn, caller: Caller, people: People) -> str:
    """Return why this person cannot name whom the answer names to act, empty where it is right."""
    if given.executor and caller.is_called(given.executor):
        return "whoever acts cannot approve it: name somebody else"
    return triage.why_not_executor(decision, review, given.executor, people)


def has_seen(read: Read, check_id: str, caller: Caller) -> bool:
    """Tell whether somebody has been shown the evidence of a check, under whatever name."""
    return any(caller.is_called(row.actor) for row in read(select(views.c.actor).where(views.c.decision == check_id)))


def why_not_reviewed(read: Read, decision: Decision, review: Review) -> str:
    """Return why nobody can answer a check (any more), empty where somebody can."""
    if review.state == "withdrawn":
        return "whoever asked for this check withdrew it"
    if review.state == "not_needed":
        return f"this check was {decision.row.verdict}: no approval changes that"
    if review.state == "declined":
        return "somebody declined this check: its actor may ask for a new one"
    if review.state == "expired":
        return "this check is too old to be reviewed: its actor may ask for a new one"
    if any(restoration.against(read, moment(decision.row.at))):
        return "the database was restored since this check: its actor may ask for a new one"
    if decision.is_erased:
        return "the texts of this check's account were erased: its actor may ask for a new one"
    return "the action was taken already" if is_spent(read, decision.row.id) else ""


def why_not_reviewer(
    decision: Decision, review: Review, caller: Caller, access_ends_at: datetime | None, *, now: datetime, rules: Rules
) -> str:
    """Return why this person cannot answer a check, empty where the person can."""
    if any(map(caller.is_called, askers(decision.row))):
        return "whoever asks for an action cannot approve it"
    if any(approval.row.executor and caller.is_called(approval.row.executor) for approval in review.approvals):
        return "whoever is named to act cannot approve it"
    if access_ends_at and access_ends_at - now <= rules.policy.access_margin:
        return "this reviewer's access has ended or is about to: somebody else must look"
    if any(caller.is_called(approval.row.actor) for approval in review.approvals):
        return "you have already answered: a different reviewer must decide"
    return ""


def is_spent(read: Read, check_id: str) -> bool:
    """Tell whether the action that a check was about was taken."""
    return bool(
        read(select(clearances.c.seq).where(clearances.c.decision == check_id, clearances.c.spent.is_not(None)))
    )


def clear(
    transaction: Transaction,
    check_id: str,
    fresh: Assessment,
    caller: Caller,
    rules: Rules,
    signer: Signer,
    named: str | None = None,
) -> Answer:
    """Give a clearance for a check that was cleared, or that enough reviewers approved.

    One that was given before is void then. What was cleared stays so only as long as its clearance could have lasted.

    Parameters
    ----------
    fresh : Assessment
        Of the account as it was checked, made now.
    named : str, optional
        Who acts, of a triage.

    Raises
    ------
    ClearanceError
        If there are not enough approvals, the account may not be acted on any more, or not by this person.
    """
    decision = find_decision(transaction.read, check_id)
    acts = triage.named_for(decision, named, transaction.people)
    issued = transaction.read(select(clearances).where(clearances.c.decision == check_id))
    warned = account_warnings.standing(transaction, decision.subject)
    reasons = (*account_warnings.since(warned, decision), *_against(transaction, decision, fresh, acts, caller, rules))
    if any(row.spent is not None for row in issued):
        reasons = (Reason("spent", "The action was taken already."), *reasons)
    if reasons:
        raise ClearanceError(reasons)
    for row in issued:
        if clearance_state(row, transaction.now) == "valid":
            void(transaction, row.id, check_id, caller.actor)
    if is_triage(decision.row):
        transaction.name_actor(acts)
    given = issue(
        transaction, check_id, decision.account(), acts, decision.row.action, fresh, rules, signer, caller,
        given_to=acts if is_triage(decision.row) else None,
    )  # fmt: skip
    return Answer(given.model_dump_json(), labels=("issued",))


def _against(
    transaction: Transaction, decision: Decision, fresh: Assessment, acts: str, caller: Caller, rules: Rules
) -> Iterator[Reason]:
    review = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    if review.state == "withdrawn":
        yield Reason("check_withdrawn", "Whoever asked for this check withdrew it: ask for a new check.")
    elif known_cases.is_known(transaction.read, decision):
        yield Reason("known_case", "This check was asked again to see how reviewers answer: nothing is done on it.")
    elif decision.row.verdict == "cleared":
        if transaction.now - moment(decision.row.at) >= rules.clearance_time:
            yield Reason("check_outlived", "The account was cleared too long ago: ask for a new check.")
    elif review.state != "approved":
        yield Reason(f"review_{review.state}", f"The review of this check is {review.state.replace('_', ' ')}.")
    yield from restoration.against(transaction.read, moment(decision.row.at))
    if not any(map(caller.is_called, askers(decision.row))):
        yield Reason("other_actor", "A clearance is given to whom asked for it.")
    if is_triage(decision.row):
        yield from triage.against(decision, review, acts, transaction.people)
        yield from triage.without_right(transaction.read, acts, (decision.row.key_id,), transaction.people)
    yield from changed_verdict(transaction, decision, fresh, acts, caller, rules)


def changed_verdict(
    transaction: Transaction,
    decision: Decision,
    fresh: Assessment,
    acts: str,
    caller: Caller,
    rules: Rules,
    *,
    named_end: datetime | None = None,
) -> Iterator[Reason]:
    """Yield what the policy says now against an action that it, or reviewers, allowed before.

    Whatever refuses counts; a doubt counts unless the reviewers knew of it when they approved.

    Parameters
    ----------
    acts : str
        Who acts (``triage.acting_of``).
    named_end : datetime, optional
        When the actor's access ends, as whoever redeems says; the earliest end that is known counts.
    """
    ends = [end for end in (decision.named_end, named_end) if end]
    actor = acting(transaction, Actor(acts, min(ends, default=None)), caller)
    verdict = decide(fresh, decision.row.action, actor, now=transaction.now, policy=rules.policy)
    if verdict.verdict == "cleared":
        return
    if decision.row.verdict == "needs_review" and verdict.required_approvals > decision.answer["required_approvals"]:
        yield Reason(
            "more_approvals", "It takes more people now than it did when it was approved: ask for a new check."
        )
    known = decision.known if decision.row.verdict == "needs_review" and verdict.verdict == "needs_review" else {}
    for reason in verdict.reasons:
        if reason.code not in known or (reason.code in _DATED and reason.text != known[reason.code]):
            yield reason
    target, before = fresh.target, decision.record["target"]
    if (
        verdict.verdict != "refused"
        and target
        and before
        and (target.platform, target.handle) != (before["platform"], before["handle"])
    ):
        yield Reason("other_target", "It resembles another protected account now.")


# Reasons that speak of one change of the registry: whoever knew of one did not know of the next.
_DATED = frozenset({"recently_registered", "recently_withdrawn"})
_VOID = update(clearances).where(clearances.c.id == bindparam("which")).values(revoked=bindparam("entry"))


def void(transaction: Transaction, clearance_id: str, check_id: str, actor: str, **why: str) -> EntryOut:
    """Revoke a clearance; ``why`` goes into the log's entry."""
    entry = transaction.log("clearance_revoked", check_id, clearance=clearance_id, actor=actor, **why)
    transaction.change(_VOID, which=clearance_id, entry=entry.seq)
    return EntryOut(seq=entry.seq, hash=entry.hash)
