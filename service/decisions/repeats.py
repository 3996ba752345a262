"""What a request that comes again with its idempotency key is answered: the same, but no clearance that does not hold.

The token of an answer that was lost on the way is given again. One that was spent or revoked since, or has expired, is
not, and to nobody whose access has ended: whoever finds an old request learns what was decided, and gets nothing to act
with. That the key is in force is looked at before (``records.transaction``).
"""

from __future__ import annotations

import json

from sqlalchemy import select

from classifier.scoring.policy import Reason
from service.auth.api_keys import Caller
from service.decisions.recorded import clearance_state
from service.errors import ClearanceError
from service.records.tables import clearances
from service.records.transaction import Answer, Transaction


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


def _lost(transaction: Transaction, clearance_id: str, caller: Caller) -> str:
    """Return why a clearance does not hold any more, empty where it does."""
    end = transaction.access_end(caller.actor)
    if end and end <= transaction.now:
        return "access_ended"
    [row] = transaction.read(select(clearances).where(clearances.c.id == clearance_id))
    state = clearance_state(row, transaction.now)
    return "" if state == "valid" else state
