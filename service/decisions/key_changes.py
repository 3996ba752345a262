"""Who may do what, changed on the pages: a new key, an end of access, a key that is revoked.

Whoever makes keys could make two reviewers who do not exist, and have any account suspended. So on the pages what gives
access takes two admins, as what weakens the registry does (``second_admin``); what takes access away takes one.

Rules, each a reason to refuse:

1. A new key, and an end of access that is put off or taken back, waits for a second admin. The key is drawn when it is
   asked for and shown once then; it opens nothing before it is approved.
2. Nobody approves what is for themselves: no admin gets a role, or more time, by their own answer.
3. One admin may end somebody's access, or have it end sooner, and revoke a key; but not so that no admin is left.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, select, update

from service.auth.api_keys import Caller, Drawn, add_key, check_new_key, end_access, revoke_key
from service.decisions.recorded import Read
from service.decisions.second_admin import OVER, admins, other_admins, state_of, why_not_second
from service.errors import ReviewError, SecondAdminError, UnknownChangeError
from service.limits import Rules
from service.records.people import people_of
from service.records.tables import key_answers, key_changes, keys, moment, stamp
from service.records.transaction import Answer, Transaction
from service.schemas.registry import ChangeState
from service.schemas.reviews import ApprovalIn

# Changes that a list shows at most, the newest first.
LISTED = 100
ALONE = (
    "this takes a second admin, and nobody else has an admin's key in force: do it on the machine itself with "
    "'doublecheck keys'"
)
LAST = "no admin would be left: make another admin first"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that an admin wants for somebody, and when that person's access ends, if an end is known."""

    actor: str
    roles: tuple[str, ...]
    person: str | None
    access_ends_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A change that was asked for, with its answers.

    Attributes
    ----------
    row : Row
        Of ``key_changes``.
    """

    row: Row[Any]
    answers: tuple[Row[Any], ...]
    state: ChangeState
    expires_at: datetime

    @property
    def access_ends_at(self) -> datetime | None:
        """When access would end; ``None`` where no end would be known, or none is asked for."""
        return self.row.access_ends_at and moment(self.row.access_ends_at)


def ask_key(transaction: Transaction, wanted: NewKey, drawn: Drawn, caller: Caller, rules: Rules) -> Answer:
    """Write down a key that waits for a second admin.

    Raises
    ------
    InputError, SecondAdminError
    """
    roles = check_new_key(transaction, wanted.actor, wanted.roles, wanted.person)
    asked = {"does": "key", "whose": wanted.actor, "roles": " ".join(roles), "person": wanted.person}
    ends_at = stamp(wanted.access_ends_at) if wanted.access_ends_at else None
    asked |= {"access_ends_at": ends_at, "reason": wanted.reason}
    return _ask(transaction, asked | {"new_key": drawn.id, "digest": drawn.digest}, caller, rules)


def set_access_end(
    transaction: Transaction, whose: str, ends_at: datetime | None, reason: str, caller: Caller, rules: Rules
) -> Answer:
    """Have somebody's access end: at once where that is sooner than before, else a second admin is asked.

    Raises
    ------
    ReviewError, SecondAdminError
    """
    people = transaction.people
    if not people.spellings(whose):
        raise ReviewError("nobody with a key has this name")
    known = people.access_end(whose)
    if known == ends_at:
        return Answer("{}")
    if known is not None and (ends_at is None or ends_at > known):
        asked = {"does": "access_end", "whose": whose, "roles": "", "person": None, "reason": reason}
        asked |= {"access_ends_at": stamp(ends_at) if ends_at else None, "new_key": None, "digest": None}
        return _ask(transaction, asked, caller, rules)
    left = admins(transaction.read, now=transaction.now, rules=rules)
    if left and all(people.same(row.actor, whose) for row in left):
        raise ReviewError(LAST)
    end_access(transaction, whose, ends_at, by=caller.actor, reason=reason)
    return Answer("{}")


def revoke(transaction: Transaction, key_id: str, caller: Caller, rules: Rules) -> Answer:
    """Take a key out of force, for good.

    Raises
    ------
    ReviewError
        If it is none in force, or no admin would be left.
    """
    if not transaction.read(select(keys.c.id).where(keys.c.id == key_id, keys.c.revoked.is_(None))):
        raise ReviewError("this key is not in force")
    left = admins(transaction.read, now=transaction.now, rules=rules)
    if left and all(row.id == key_id for row in left):
        raise ReviewError(LAST)
    revoke_key(transaction, key_id, by=caller.actor)
    return Answer("{}")


def answer(transaction: Transaction, change_id: str, given: ApprovalIn, caller: Caller, rules: Rules) -> Answer:
    """Record an admin's answer; what is approved is in force then.

    Raises
    ------
    UnknownChangeError, ReviewError, InputError
    """
    read = transaction.read
    change = find(read, change_id, now=transaction.now, rules=rules)
    ends = transaction.access_end(caller.actor)
    no_approval, no_answer = why_not(read, change, caller, ends, now=transaction.now, rules=rules)
    if against := no_answer or (no_approval if given.answer == "approve" else ""):
        raise ReviewError(against)
    row = change.row
    # What was possible when it was asked for may not be now: somebody may have tied the name to another id since.
    roles = check_new_key(transaction, row.whose, row.roles.split(), row.person) if row.does == "key" else []
    answered = {"change": change_id, "actor": caller.actor, "key_id": caller.key_id, "answer": given.answer}
    answered |= {"reason": given.reason, "at": transaction.stamp}
    transaction.record(
        key_answers, "key_change_answered", change_id, answered,
        actor=caller.actor, key=caller.key_id, answer=given.answer,
    )  # fmt: skip
    if given.answer == "approve":
        by = {"asked_by": row.actor, "by": caller.actor}
        if row.does == "key":
            add_key(transaction, Drawn(row.new_key, row.digest), row.whose, roles, person=row.person, **by)
        if row.does == "access_end" or change.access_ends_at:
            end_access(transaction, row.whose, change.access_ends_at, **by)
        entry = transaction.log("key_change_applied", change_id, actor=caller.actor)
        transaction.change(_APPLY, which=change_id, entry=entry.seq)
    return Answer("{}")


_APPLY = update(key_changes).where(key_changes.c.id == bindparam("which")).values(applied=bindparam("entry"))


def why_not(
    read: Read, change: KeyChange, caller: Caller, ends: datetime | None, *, now: datetime, rules: Rules
) -> tuple[str, str]:
    """Return why this admin cannot approve a change, and why nobody can answer it; empty where that is possible."""
    closed = OVER.get(change.state, "")
    second = why_not_second(read, change.row, caller, ends, now=now, rules=rules, of="keys")
    if not second and people_of(read).same(caller.actor, change.row.whose):
        second = "it is for yourself: another admin must approve it"
    return closed or second, closed


def find(read: Read, change_id: str, *, now: datetime, rules: Rules) -> KeyChange:
    """Return a change.

    Raises
    ------
    UnknownChangeError
    """
    rows = read(select(key_changes).where(key_changes.c.id == change_id))
    if not rows:
        raise UnknownChangeError("there is no change of keys with this number")
    return _with_answers(read, rows, now, rules)[0]


def listed(read: Read, *, now: datetime, rules: Rules) -> list[KeyChange]:
    """Return the latest changes, the newest first."""
    rows = read(select(key_changes).order_by(key_changes.c.seq.desc()).limit(LISTED))
    return _with_answers(read, rows, now, rules)


def _ask(transaction: Transaction, asked: dict[str, Any], caller: Caller, rules: Rules) -> Answer:
    if not other_admins(transaction.read, caller, now=transaction.now, rules=rules):
        raise SecondAdminError(ALONE)
    change_id = str(uuid4())
    row = {"id": change_id, "at": transaction.stamp, "actor": caller.actor, "key_id": caller.key_id, **asked}
    transaction.record(
        key_changes, "key_change_asked", change_id, row,
        actor=caller.actor, key=caller.key_id, does=row["does"], whose=row["whose"],
    )  # fmt: skip
    return Answer(json.dumps({"change_id": change_id, "new_key": row["new_key"]}), 202)


def _with_answers(read: Read, rows: Sequence[Row[Any]], now: datetime, rules: Rules) -> list[KeyChange]:
    query = select(key_answers).where(key_answers.c.change.in_([row.id for row in rows])).order_by(key_answers.c.seq)
    given = read(query)
    found = []
    for row in rows:
        answers = tuple(one for one in given if one.change == row.id)
        found.append(KeyChange(row, answers, state_of(row, answers, now, rules), moment(row.at) + rules.change_time))
    return found
