"""Outstanding clearances: those of an account that could still be redeemed, whatever check they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from service.decisions.reviews import void
from service.records.remembered import Subject, recorded_subject
from service.records.tables import clearances, decisions
from service.records.transaction import Transaction


def outstanding(transaction: Transaction, subject: Subject) -> list[Row[Any]]:
    """Return the clearances for an account that could still be redeemed, in the order of the log.

    Each row has the ``id`` of the clearance and its check, ``decision``.

    Raises
    ------
    RuntimeError
        If this unit of work has written already.
    """
    # Ids stand in decisions as the platform gives them: on Mastodon without the server, or as an address in any form.
    ids = {subject.account_id, subject.account_id.rpartition("@")[0]} - {""}
    same: list[ColumnElement[bool]] = [
        decisions.c.handle.in_(subject.spellings),
        decisions.c.account_id.in_(sorted(ids)),
    ]
    if "://" in subject.account_id:
        same.append(decisions.c.account_id.icontains("://", autoescape=True))
    could = (
        select(clearances.c.id, clearances.c.decision, decisions.c.platform, decisions.c.account_id, decisions.c.handle)
        .join(decisions, decisions.c.id == clearances.c.decision)
        .where(clearances.c.spent.is_(None), clearances.c.revoked.is_(None))
        .where(clearances.c.expires_at > transaction.stamp)
        .where(or_(*same))
        .order_by(clearances.c.seq)
    )
    return [row for row in transaction.read(could) if subject.matches(recorded_subject(row))]


def void_all(transaction: Transaction, found: Sequence[Row[Any]], actor: str, because: str) -> None:
    """Make clearances void that ``outstanding`` found; ``because`` goes into the log's entries."""
    for clearance in found:
        void(transaction, clearance.id, clearance.decision, actor, because=because)
