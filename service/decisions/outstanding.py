"""Clearances that could still be redeemed: what an appeal that is lifted or overturned makes void."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_, select

from service.decisions.recorded import Decision
from service.decisions.reviews import void
from service.records.remembered import recorded_subject
from service.records.tables import clearances, decisions
from service.records.transaction import Transaction


def outstanding(transaction: Transaction, decision: Decision) -> list[Row[Any]]:
    """Return the clearances for the account of a check that could still be redeemed, whatever check they are of."""
    subject = decision.subject
    same = [decisions.c.handle.in_(subject.spellings)]
    if decision.row.account_id:
        same.append(decisions.c.account_id == decision.row.account_id)
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
