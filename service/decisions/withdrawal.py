"""Whoever asked for a check withdraws it, or says whether people are asked about it.

Rules:

1. Only who asked does so, the caller or the actor of the check, and not after it was acted on.
2. A withdrawn check is over: nobody can answer it, no clearance is given for it, those that are out are void.
3. A check that is held is in no queue until its asker asks people. It permits no more than another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import select

from service.auth.api_keys import Caller
from service.decisions.asker_steps import ASKED, WITHDRAWN, is_held, record_step, steps_of
from service.decisions.recorded import Decision, Read, askers, clearance_state, find_decision, require_visible
from service.decisions.review_state import find_review, review_out
from service.decisions.reviews import is_spent, void
from service.errors import ReviewError
from service.limits import Rules
from service.records.tables import clearances
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut
from service.schemas.reviews import WithdrawIn

BECAUSE: Final = "check_withdrawn"


def ask(transaction: Transaction, check_id: str, caller: Caller, rules: Rules) -> Answer:
    """Let a check that was held into the queue.

    Raises
    ------
    UnknownCheckError, ReviewError
    """
    decision = _own(transaction, check_id, caller)
    if not is_held(steps_of(transaction.read, [check_id])[check_id]):
        raise ReviewError("this check is not held: people were asked already")
    review = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    if review.state != "open":
        raise ReviewError(f"this check is {review.state}: ask for a new check")
    entry = record_step(transaction, check_id, ASKED, "", caller)
    return Answer(review_out(decision, review, rules, EntryOut(seq=entry.seq, hash=entry.hash)).model_dump_json())


def withdraw(transaction: Transaction, check_id: str, given: WithdrawIn, caller: Caller, rules: Rules) -> Answer:
    """Withdraw a check: rules 1 and 2.

    Raises
    ------
    UnknownCheckError, ReviewError
    """
    decision = _own(transaction, check_id, caller)
    if why := why_not_withdrawn(transaction.read, decision):
        raise ReviewError(why)
    before = find_review(transaction.read, decision, now=transaction.now, rules=rules)
    given_out = transaction.read(select(clearances).where(clearances.c.decision == check_id))
    entry = record_step(transaction, check_id, WITHDRAWN, given.reason, caller)
    for row in given_out:
        if clearance_state(row, transaction.now) == "valid":
            void(transaction, row.id, check_id, caller.actor, because=BECAUSE)
    review = replace(before, state="withdrawn")
    return Answer(review_out(decision, review, rules, EntryOut(seq=entry.seq, hash=entry.hash)).model_dump_json())


def why_not_withdrawn(read: Read, decision: Decision) -> str:
    """Return why nobody can withdraw a check (any more), empty where its asker can."""
    if WITHDRAWN in steps_of(read, [decision.row.id])[decision.row.id]:
        return "this check is withdrawn already"
    return "the action was taken already" if is_spent(read, decision.row.id) else ""


def _own(transaction: Transaction, check_id: str, caller: Caller) -> Decision:
    """Return a check of this person's; others do not learn that it is there, as far as they may not see it."""
    decision = find_decision(transaction.read, check_id)
    require_visible(transaction.read, decision, caller)
    if not any(map(caller.is_called, askers(decision.row))):
        raise ReviewError("only who asked for a check does this")
    return decision
