"""Signs of life of gates: when each last said that it works, so that people learn when one stands still.

Rules:

1. A sign of life allows nothing and stops nothing: it is for people to read.
2. A gate is known from its first sign on, which the log records. Later ones only move the time, as pages move that of a
   session: one entry a minute would drown what people did.
3. A gate counts as long as its key is in force. Whoever takes a gate away revokes its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from service.auth.api_keys import Caller
from service.decisions.ledger import Ledger
from service.decisions.recorded import Read
from service.records.tables import gates, keys, moment
from service.records.transaction import Answer, Transaction
from service.schemas.gates import GateSign

_MOVE = (
    update(gates)
    .where(gates.c.key_id == bindparam("which"), gates.c.name == bindparam("named"))
    .values(at=bindparam("now"), waiting=bindparam("cases"))
)
_KNOWN = (
    select(gates, keys.c.actor)
    .join(keys, keys.c.id == gates.c.key_id)
    .where(keys.c.revoked.is_(None))
    .order_by(gates.c.at)
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as it last spoke of itself.

    Attributes
    ----------
    actor : str
        Whose key it has.
    at : datetime
        When it last said that it works.
    waiting : int
        Cases that it had under way then.
    """

    name: str
    actor: str
    at: datetime
    waiting: int


class GateDesk:
    """Hears the gates.

    Attributes
    ----------
    limit : timedelta
        After how long without a sign a gate stands still.
    """

    def __init__(self, ledger: Ledger, limit: timedelta) -> None:
        self.limit = limit
        self._ledger = ledger

    async def note(self, name: str, waiting: int, caller: Caller) -> Answer:
        """Note that a gate works."""
        return await self._ledger.commit(
            lambda transaction: note(transaction, name, waiting, caller, self.limit), caller
        )


def note(transaction: Transaction, name: str, waiting: int, caller: Caller, limit: timedelta) -> Answer:
    """Note that a gate works."""
    known = transaction.read(select(gates.c.at).where(gates.c.key_id == caller.key_id, gates.c.name == name))
    if known:
        transaction.change(_MOVE, which=caller.key_id, named=name, now=transaction.stamp, cases=waiting)
    else:
        transaction.log("gate_began", f"gate:{name}", key=caller.key_id, actor=caller.actor)
        transaction.add(gates, key_id=caller.key_id, name=name, at=transaction.stamp, waiting=waiting)
    sign = GateSign(gate=name, at=transaction.now, silent_after_minutes=limit / timedelta(minutes=1))
    return Answer(sign.model_dump_json())


def known_gates(read: Read) -> list[Gate]:
    """Return the gates whose keys are in force, the longest silent first."""
    return [Gate(row.name, row.actor, moment(row.at), row.waiting) for row in read(_KNOWN)]
