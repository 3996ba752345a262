"""Forgetting what is counted or kept for a day only: some rows at a time, because all writers wait meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, delete, select, tuple_

from service.records.tables import answers, stamp, usage
from service.records.transaction import ANSWERS_KEPT, Answer, Transaction, minute_of

# Rows that are forgotten at once.
TOGETHER = 1_000
# No quota counts more than a day, in whole minutes.
COUNTS_KEPT = timedelta(days=1, hours=1)


def forget_answers(transaction: Transaction) -> Answer:
    """Forget old answers under idempotency keys; the answer has a body if there were any."""
    return _forget(transaction, answers, answers.c.at, stamp(transaction.now - ANSWERS_KEPT))


def forget_counts(transaction: Transaction) -> Answer:
    """Forget how many checks were cleared in minutes that no quota counts any more."""
    return _forget(transaction, usage, usage.c.minute, minute_of(transaction.now - COUNTS_KEPT))


# Each is called until it has forgotten all.
FORGETTING: tuple[Callable[[Transaction], Answer], ...] = (forget_answers, forget_counts)


def _forget(transaction: Transaction, table: Table, column: Column[Any], before: object) -> Answer:
    keys = tuple(table.primary_key.columns)
    oldest = select(*keys).where(column < before).order_by(column).limit(TOGETHER)
    if not transaction.read(select(column).where(column < before).limit(1)):
        return Answer("")
    transaction.change(delete(table).where(tuple_(*keys).in_(oldest)))
    return Answer("forgotten")
