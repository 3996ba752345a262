"""What holds for every change that one admin asks for and another approves: of the registry, and of who may do what.

Rules, each a reason to refuse:

1. Nothing waits where nobody else could answer.
2. Who approves is not who asked, and has access that is not about to end.
3. Whoever asked is still an admin whose key is in force when it is approved.
4. A change waits for a limited time. One admin who declines it ends it; whoever asked may take it back so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Table, exists, select

from service.auth.api_keys import Caller
from service.decisions.recorded import Read
from service.decisions.review_state import leaving
from service.limits import Rules
from service.records.people import people_of
from service.records.tables import key_answers, key_changes, keys, moment, registry_answers, registry_changes, stamp
from service.schemas.registry import ChangeState

# Why nobody can answer a change any more, by its state.
OVER = {
    "applied": "this change is in force already",
    "declined": "this change was declined: ask for a new one",
    "expired": "this change waited too long: ask for a new one",
}


def state_of(row: Row[Any], answers: Sequence[Row[Any]], now: datetime, rules: Rules) -> ChangeState:
    """Return how far a change is: of its row, which has ``at`` and ``applied``, and the answers to it."""
    if row.applied is not None:
        return "applied"
    if any(one.answer == "decline" for one in answers):
        return "declined"
    if now - moment(row.at) >= rules.change_time:
        return "expired"
    return "approved" if answers else "pending"


def why_not_second(
    read: Read,
    row: Row[Any],
    caller: Caller,
    ends: datetime | None,
    *,
    now: datetime,
    rules: Rules,
    of: str = "the registry",
) -> str:
    """Return why this admin cannot approve a change, empty where the admin can.

    Parameters
    ----------
    row : Row
        The change: who asked for it (``actor``), and by which key (``key_id``).
    ends : datetime or None
        When the admin's access ends.
    """
    people = people_of(read)
    if people.same(caller.actor, row.actor):
        return f"whoever asks for a change of {of} cannot approve it"
    if ends and ends - now <= rules.policy.access_margin:
        return "this admin's access has ended or is about to: somebody else must look"
    [asked] = read(select(keys.c.revoked, keys.c.actor).where(keys.c.id == row.key_id))
    if asked.revoked is not None or leaving(people.access_end(asked.actor), now, rules):
        return "the key that asked for this change is not in force any more, or its owner is leaving: ask for a new one"
    return ""


def admins(read: Read, *, now: datetime, rules: Rules) -> list[Row[Any]]:
    """Return the keys in force of admins who are not about to leave."""
    people = people_of(read)
    return [
        row
        for row in read(select(keys.c.id, keys.c.actor, keys.c.roles).where(keys.c.revoked.is_(None)))
        if "admin" in row.roles.split() and not leaving(people.access_end(row.actor), now, rules)
    ]


def other_admins(read: Read, caller: Caller, *, now: datetime, rules: Rules) -> list[str]:
    """Return the other people who could approve now."""
    people = people_of(read)
    return [row.actor for row in admins(read, now=now, rules=rules) if not people.same(row.actor, caller.actor)]


class Waits(NamedTuple):
    """How many changes wait for an admin: of the registry, and of keys."""

    registry: int
    keys: int


def waits(read: Read, caller: Caller, *, now: datetime, rules: Rules) -> Waits:
    """Return how many changes wait for this admin: what the admin asked for, or would get by it, is left out."""
    people, since = people_of(read), stamp(now - rules.change_time)

    def waiting(table: Table, given: Table, *columns: str) -> int:
        open_ = select(*(table.c[name] for name in columns)).where(
            table.c.applied.is_(None), table.c.at > since, ~exists().where(given.c.change == table.c.id)
        )
        return sum(not any(people.same(caller.actor, name) for name in row) for row in read(open_))

    return Waits(
        waiting(registry_changes, registry_answers, "actor"), waiting(key_changes, key_answers, "actor", "whose")
    )
