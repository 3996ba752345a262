"""What a database is for: the demonstration, or a real registry. It says so itself, once and for good.

1. What was approved, found or labelled in the demonstration counts nowhere else: a database that was begun by the
   demonstration is never opened for a real registry, nor the reverse.
2. Nothing is changed or deleted because of that: the start is refused and the error says what to do.
3. The log vouches for the mark, as for every other row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import Engine, select

from service.errors import SettingsError
from service.records.database import translated
from service.records.tables import head, keys, log, purposes
from service.records.transaction import Answer, Transaction, Unit, commit
from service.signing import Signer

Purpose = Literal["demonstration", "registry"]
_PURPOSE = select(purposes.c.purpose)
_REFUSED = {
    "demonstration": (
        "this database is of a real registry, and the demonstration may not write to it: import the registry with "
        "'doublecheck registry import' or name it by --registry; or name another database by --database, or none"
    ),
    "registry": (
        "this database is of the demonstration, and what was approved there counts nowhere else: name another by "
        "--database or DOUBLECHECK_DATABASE_URL, or move the file away; a fresh one is then started"
    ),
}


def purpose_of(engine: Engine) -> Purpose | None:
    """Return what a database is for, ``None`` where nothing was served from it yet.

    Raises
    ------
    RecordsError
        If it cannot be asked.
    """
    with translated(), engine.connect() as connection:
        found: Purpose | None = connection.execute(_PURPOSE).scalar_one_or_none()
    return found


def claim(
    engine: Engine,
    signer: Signer,
    purpose: Purpose,
    *,
    now: Callable[[], datetime],
    people: Collection[str] = (),
    version: Callable[[], str] = str,
) -> None:
    """Mark a database as being for ``purpose``, unless it is already.

    Parameters
    ----------
    people : collection of str
        The demonstration's invented people. A database without a mark, from before there were marks, in which one of
        them has a key is the demonstration's.
    version : callable
        Gives the version of the demonstration's registry, by which such a database is known as well.

    Raises
    ------
    SettingsError
        If it is for something else.
    RecordsError
        If it cannot be asked or written.
    """
    if purpose_of(engine) == purpose:
        return

    def write(transaction: Transaction) -> Answer:
        known = transaction.read(_PURPOSE)
        is_other = known[0].purpose != purpose if known else _is_other(transaction, purpose, people, version)
        if is_other:
            raise SettingsError(_REFUSED[purpose])
        if not known:
            row = {"purpose": purpose, "at": transaction.stamp}
            transaction.record(purposes, "purpose_set", "database", row, purpose=purpose)
        return Answer("")

    [answer] = commit(engine, signer, [Unit(write)], now=now)
    if isinstance(answer, Exception):
        raise answer


def _is_other(transaction: Transaction, purpose: Purpose, people: Collection[str], version: Callable[[], str]) -> bool:
    """Tell whether a database without a mark was used for something else."""
    if not transaction.read(select(head.c.seq))[0].seq:
        return False
    if purpose == "demonstration":  # it has a database of its own; whatever else is written somewhere was not its
        return True
    if transaction.read(select(keys.c.id).where(keys.c.actor.in_(people)).limit(1)):
        return True
    noted = transaction.read(select(log.c.data).where(log.c.kind == "in_force"))
    return version() in {json.loads(row.data)["registry"] for row in noted}
