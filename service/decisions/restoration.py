"""After a database was restored from a backup: what was given before is refused by time.

In it clearances that were spent are unspent, API keys that were revoked open again, and nobody knows what was declined
or overturned since the backup. ``records.log_end`` notices; then an operator says so. Rules:

1. No clearance holds that was given before, and none is given for a check from before: ask anew.
2. All API keys are revoked but those that the operator names, and all sessions have ended.
3. The log has who said so, why, and which entries were lost as far as this home knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import delete, select

from classifier.errors import InputError
from classifier.scoring.reason import Reason
from service.auth.api_keys import take_out
from service.records.log_end import RESTORED, SUBJECT, restored_at
from service.records.retired_keys import Read
from service.records.tables import keys, sessions
from service.records.transaction import Transaction
from service.utils.mark import End


def restore(
    transaction: Transaction, before: End | None, kept: Collection[str] | None, *, by: str, because: str
) -> int:
    """Refuse what was given before, and return how many API keys were revoked.

    Parameters
    ----------
    before : End or None
        Where the log ended before, as this home knows it.
    kept : collection of str, optional
        The ids of the API keys that stay in force; ``None``: all do.

    Raises
    ------
    InputError
        If one of these is no key in force.
    """
    in_force = [row.id for row in transaction.read(select(keys.c.id).where(keys.c.revoked.is_(None)))]
    if unknown := sorted(set(kept or ()) - set(in_force)):
        raise InputError(f"{unknown[0]} is no key in force; 'doublecheck keys list' shows them", field="keep")
    said = {"ended_at": transaction.ends_at, "ended_before_at": before.seq if before else None}
    transaction.log(RESTORED, SUBJECT, by=by, because=because, **said)
    gone = [key for key in in_force if kept is not None and key not in kept]
    for key in gone:
        take_out(transaction, key, by=by, because="restored")
    transaction.change(delete(sessions))
    return len(gone)


def against(read: Read, given: datetime) -> Iterator[Reason]:
    """Yield why something does not hold any more that was given at some time, if so."""
    restored = restored_at(read)
    if restored is not None and given <= restored:
        yield Reason("restored", "The database was restored from a backup since: ask for a new check.")
