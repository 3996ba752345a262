"""What a request that comes again with its idempotency key is answered: the same, but no clearance that does not hold.

The token of an answer that was lost on the way is given again. One that was spent or revoked since, or has expired, is
not, and to nobody whose access has ended: whoever finds an old request learns what was decided, and gets nothing to act
with. A redemption is not answered again once something speaks against its account: an action that an appeal overturned
is not taken a second time by a tool that asks again. That the key is in force is looked at before
(``records.transaction``).
"""

from __future__ import annotations

import json

from sqlalchemy import select

from classifier.scoring.reason import Reason
from service.auth.api_keys import Caller
from service.decisions import account_warnings
from service.decisions.recorded import clearance_state, find_decision
from service.errors import ClearanceError
from service.records.tables import clearances
from service.records.transaction import Answer, Transaction
from service.schemas.checks import ReasonOut
from service.schemas.reviews import Refused


def check_again(transaction: Transaction, before: Answer, caller: Caller) -> Answer:
    """Return the answer to a check again, without its clearance if that does not hold any more."""
    answer = json.loads(before.body)
    if answer["clearance"] is None or not _lost(transaction, answer["clearance"]["clearance_id"], caller):
        return before
    return before._replace(body=json.dumps(answer | {"clearance": None}, ensure_ascii=False, separators=(",", ":")))


def clearance_again(transaction: Transaction, before: Answer, caller: Caller) -> Answer:
    """Return a clearance that was given for a check again.

    Raises
    ------
    ClearanceError
        If it does not hold any more.
    """
    lost = _lost(transaction, json.loads(before.body)["clearance_id"], caller)
    if lost:
        raise ClearanceError([Reason(lost, f"What this request was given before is {lost.replace('_', ' ')} by now.")])
    return before


def redeemed_again(transaction: Transaction, before: Answer, caller: Caller) -> Answer:
    """Return the answer to a redemption again, or refuse it: an answer with status 409, as a redemption's own is."""
    if before.status != 200:
        return before
    spent = json.loads(before.body)
    decision = find_decision(transaction.read, spent["check_id"])
    reasons = [*account_warnings.since(account_warnings.standing(transaction, decision.subject), decision)]
    if any(_is_gone(transaction, name) for name in (spent["actor"], caller.actor)):
        reasons.append(Reason("access_ended", "The access of whoever acts has ended by now."))
    if not reasons:
        return before
    refused = Refused(reasons=[ReasonOut(code=reason.code, text=reason.text) for reason in reasons])
    return Answer(refused.model_dump_json(), 409)


def _is_gone(transaction: Transaction, actor: str) -> bool:
    end = transaction.access_end(actor)
    return end is not None and end <= transaction.now


def _lost(transaction: Transaction, clearance_id: str, caller: Caller) -> str:
    """Return why a clearance does not hold any more, empty where it does."""
    [row] = transaction.read(select(clearances).where(clearances.c.id == clearance_id))
    if any(_is_gone(transaction, name) for name in (caller.actor, row.given_to) if name):
        return "access_ended"
    state = clearance_state(row, transaction.now)
    return "" if state == "valid" else state
