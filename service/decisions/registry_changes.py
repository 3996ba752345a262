"""Changes of the registry that take two people: asked by one admin, answered by another.

Rules, each a reason to refuse:

1. Nothing waits where nobody else could answer: with one admin, such a change is made on the machine itself.
2. Who approves is not who asked, has been shown the change first, and has access that is not about to end.
3. Whoever asked is still an admin whose key is in force when it is approved.
4. A change waits for a limited time. One admin who declines it ends it; whoever asked may take it back so.
5. It is put into force only if it still does what was looked at (``Preview.still_holds``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, select, update

from classifier.accounts.account import canonical
from service.auth.api_keys import Caller
from service.decisions.recorded import Read
from service.decisions.registry_preview import Preview
from service.decisions.review_state import leaving
from service.errors import ReviewError, SecondAdminError, UnknownChangeError
from service.limits import Rules
from service.records.people import people_of
from service.records.tables import keys, moment, registry_answers, registry_changes, registry_views
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut, ReasonOut
from service.schemas.registry import ChangeAnswer, ChangedField, ChangeState, RegistryChange
from service.schemas.reviews import ApprovalIn

# Changes that a list shows at most, the newest first.
LISTED = 100
ALONE = (
    "this change of the registry takes a second admin, and nobody else has an admin's key in force: make one with "
    "'doublecheck keys create --role admin', or change the registry on the machine itself with 'doublecheck registry'"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that was asked for: its row, what it does, and what was answered."""

    row: Row[Any]
    preview: Preview
    answers: tuple[Row[Any], ...]
    state: ChangeState


def ask(transaction: Transaction, preview: Preview, caller: Caller, rules: Rules) -> Answer:
    """Write down a change that waits for a second admin: an answer with status 202.

    Raises
    ------
    SecondAdminError
        If there is none.
    """
    if not any(_other_admins(transaction, caller, rules)):
        raise SecondAdminError(ALONE)
    account, change_id = preview.account, str(uuid4())
    row = {"id": change_id, "at": transaction.stamp, "actor": caller.actor, "key_id": caller.key_id}
    row |= {"platform": account.platform, "handle": account.handle, "record": preview.text()}
    codes = [reason.code for reason in preview.reasons]
    entry = transaction.record(
        registry_changes, "registry_change_asked", change_id, row, actor=caller.actor, key=caller.key_id, reasons=codes
    )
    shown = RegistryChange(
        change_id=change_id, state="pending", asked_by=caller.actor, asked_at=transaction.now,
        expires_at=transaction.now + rules.change_time, answers=[], applied=None,
        entry=EntryOut(seq=entry.seq, hash=entry.hash), **_told(preview),
    )  # fmt: skip
    return Answer(shown.model_dump_json(), 202)


def show(transaction: Transaction, change_id: str, caller: Caller) -> Answer:
    """Record that an admin has been shown a change."""
    seen = _has_seen(transaction.read, change_id, caller)
    _row(transaction.read, change_id)
    if not seen:
        row = {"change": change_id, "actor": caller.actor, "at": transaction.stamp}
        transaction.record(registry_views, "registry_change_shown", change_id, row, actor=caller.actor)
    return Answer("")


def answer(transaction: Transaction, change_id: str, given: ApprovalIn, caller: Caller, rules: Rules) -> Answer:
    """Record an admin's answer. What was approved is put into force afterwards, by ``RegistryDesk``.

    Raises
    ------
    UnknownChangeError, ReviewError
    """
    read = transaction.read
    waiting = find(read, change_id, now=transaction.now, rules=rules)
    again = waiting.state == "approved" and any(caller.is_called(one.actor) for one in waiting.answers)
    against = why_not_answered(waiting)
    if not against and given.answer == "approve":
        ends = transaction.access_end(caller.actor)
        against = why_not_second(read, waiting, caller, ends, now=transaction.now, rules=rules)
        if not against and not _has_seen(read, change_id, caller):
            against = f"look at the change first: GET /v1/registry/changes/{change_id}"
    if against:
        raise ReviewError(against)
    if given.answer == "approve" and again:  # it was approved, but could not be put into force yet
        return Answer("")
    row = {"change": change_id, "actor": caller.actor, "key_id": caller.key_id, "answer": given.answer}
    row |= {"reason": given.reason, "at": transaction.stamp}
    transaction.record(
        registry_answers, "registry_change_answered", change_id, row,
        actor=caller.actor, key=caller.key_id, answer=given.answer,
    )  # fmt: skip
    return Answer("", labels=(given.answer,))


def why_not_answered(waiting: Waiting) -> str:
    """Return why nobody can answer a change (any more), empty where somebody can."""
    return {
        "applied": "this change is in force already",
        "declined": "this change was declined: ask for a new one",
        "expired": "this change waited too long: ask for a new one",
    }.get(waiting.state, "")


def why_not_second(
    read: Read, waiting: Waiting, caller: Caller, ends: datetime | None, *, now: datetime, rules: Rules
) -> str:
    """Return why this admin cannot approve a change, empty where the admin can."""
    people = people_of(read)
    if people.same(caller.actor, waiting.row.actor):
        return "whoever asks for a change of the registry cannot approve it"
    if ends and ends - now <= rules.policy.access_margin:
        return "this admin's access has ended or is about to: somebody else must look"
    [asked] = read(select(keys.c.revoked, keys.c.actor).where(keys.c.id == waiting.row.key_id))
    if asked.revoked is not None or leaving(people.access_end(asked.actor), now, rules):
        return "the key that asked for this change is not in force any more, or its owner is leaving: ask for a new one"
    return ""


def _has_seen(read: Read, change_id: str, caller: Caller) -> bool:
    seen = read(select(registry_views.c.actor).where(registry_views.c.change == change_id))
    return any(caller.is_called(row.actor) for row in seen)


_APPLY = update(registry_changes).where(registry_changes.c.id == bindparam("which")).values(applied=bindparam("entry"))


def mark_applied(transaction: Transaction, change_id: str, version: str, caller: Caller) -> None:
    """Write down that a change is in force; unless that is written already."""
    if _row(transaction.read, change_id).applied is None:
        entry = transaction.log("registry_change_applied", change_id, registry=version, actor=caller.actor)
        transaction.change(_APPLY, which=change_id, entry=entry.seq)


def find(read: Read, change_id: str, *, now: datetime, rules: Rules) -> Waiting:
    """Return a change.

    Raises
    ------
    UnknownChangeError
    """
    return _waiting(read, [_row(read, change_id)], now, rules)[0]


def listed(read: Read, *, now: datetime, rules: Rules) -> list[Waiting]:
    """Return the latest changes, the newest first."""
    rows = read(select(registry_changes).order_by(registry_changes.c.seq.desc()).limit(LISTED))
    return _waiting(read, rows, now, rules)


def _row(read: Read, change_id: str) -> Row[Any]:
    rows = read(select(registry_changes).where(registry_changes.c.id == change_id))
    if not rows:
        raise UnknownChangeError("there is no change of the registry with this number")
    return rows[0]


def _waiting(read: Read, rows: Sequence[Row[Any]], now: datetime, rules: Rules) -> list[Waiting]:
    asked = select(registry_answers).where(registry_answers.c.change.in_([row.id for row in rows]))
    given = read(asked.order_by(registry_answers.c.seq))
    answers = {row.id: tuple(one for one in given if one.change == row.id) for row in rows}
    return [
        Waiting(row, Preview.of(row.record), answers[row.id], _state(row, answers[row.id], now, rules)) for row in rows
    ]


def _state(row: Row[Any], answers: Sequence[Row[Any]], now: datetime, rules: Rules) -> ChangeState:
    if row.applied is not None:
        return "applied"
    if any(one.answer == "decline" for one in answers):
        return "declined"
    if now - moment(row.at) >= rules.change_time:
        return "expired"
    return "approved" if answers else "pending"


def _other_admins(transaction: Transaction, caller: Caller, rules: Rules) -> list[str]:
    """Return the other people who could approve now."""
    people = transaction.people
    return [
        row.actor
        for row in transaction.read(select(keys.c.actor, keys.c.roles).where(keys.c.revoked.is_(None)))
        if "admin" in row.roles.split()
        and not people.same(row.actor, caller.actor)
        and not leaving(people.access_end(row.actor), transaction.now, rules)
    ]


def change_out(waiting: Waiting, rules: Rules) -> RegistryChange:
    """Return a change as it goes on the wire."""
    row = waiting.row
    return RegistryChange(
        change_id=row.id,
        state=waiting.state,
        asked_by=row.actor,
        asked_at=moment(row.at),
        expires_at=moment(row.at) + rules.change_time,
        answers=[
            ChangeAnswer(admin=one.actor, answer=one.answer, reason=one.reason, at=moment(one.at))
            for one in waiting.answers
        ],
        applied=row.applied,
        **_told(waiting.preview),
    )


def _told(preview: Preview) -> dict[str, Any]:
    before, after = (canonical(one) if one else {} for one in (preview.before, preview.after))
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    return {
        "does": "withdraw" if preview.after is None else "replace" if preview.before else "add",
        "platform": preview.account.platform,
        "handle": preview.account.handle,
        "reasons": [ReasonOut(code=reason.code, text=reason.text) for reason in preview.reasons],
        "changes": [ChangedField(field=name, before=before.get(name), after=after.get(name)) for name in names],
        "registry_version": preview.registry_version,
    }
