"""What whoever asked for a check did with it besides acting, as recorded: held it back, asked people, withdrew it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from service.auth.api_keys import Caller
from service.records.people import Read
from service.records.tables import asker_steps, decisions
from service.records.transaction import Logged, Transaction
from service.schemas.checks import CheckResponse

HELD: Final = "held"
ASKED: Final = "asked"
WITHDRAWN: Final = "withdrawn"


def hold(transaction: Transaction, response: CheckResponse, caller: Caller) -> None:
    """Keep a check that resembles nobody out of the queue, until its asker asks people."""
    if response.verdict == "needs_review" and response.relation == "no_target":
        record_step(transaction, str(response.check_id), HELD, "", caller)


def record_step(transaction: Transaction, check_id: str, kind: str, reason: str, caller: Caller) -> Logged:
    """Write down that whoever asked for a check did something with it."""
    row = {"decision": check_id, "kind": kind, "reason": reason, "actor": caller.actor, "key_id": caller.key_id}
    row |= {"at": transaction.stamp}
    return transaction.record(
        asker_steps, "asker_step", check_id, row, actor=caller.actor, key=caller.key_id, step=kind, reason=reason
    )


def steps_of(read: Read, check_ids: Collection[str]) -> dict[str, dict[str, Row[Any]]]:
    """Return the steps of each of some checks by their kind, by the checks' numbers."""
    found: dict[str, dict[str, Row[Any]]] = {check_id: {} for check_id in check_ids}
    for row in read(select(asker_steps).where(asker_steps.c.decision.in_(sorted(check_ids)))):
        found[row.decision][row.kind] = row
    return found


def is_held(steps: Collection[str]) -> bool:
    """Tell whether a check with these steps is in nobody's queue, because its asker has not asked a person.

    Examples
    --------
    >>> is_held({"held"}), is_held({"held", "asked"}), is_held(set())
    (True, False, False)
    """
    return HELD in steps and ASKED not in steps


def people_are_asked() -> ColumnElement[bool]:
    """Return the condition that a decision is neither withdrawn nor held."""
    return and_(~_has(WITHDRAWN), or_(~_has(HELD), _has(ASKED)))


def is_not_withdrawn() -> ColumnElement[bool]:
    """Return the condition that a decision is not withdrawn."""
    return ~_has(WITHDRAWN)


def _has(kind: str) -> ColumnElement[bool]:
    return exists().where(asker_steps.c.decision == decisions.c.id, asker_steps.c.kind == kind)
