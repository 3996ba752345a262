"""Changes of the registry that take two people: asked by one admin, answered by another.

Rules, each a reason to refuse:

1. Nothing waits where nobody else could answer: with one admin, such a change is made on the machine itself.
2. Who approves is not who asked, has been shown the change first, and has access that is not about to end.
3. Whoever asked is still an admin whose key is in force when it is approved.
4. A change waits for a limited time. One admin who declines it ends it; whoever asked may take it back so.
5. It is put into force only if it still does what was looked at (``Preview.still_holds``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, bindparam, func, select, tuple_, update

from classifier.accounts.identity import Key
from service.auth.api_keys import Caller
from service.decisions.recorded import Read
from service.decisions.registry_import import AnyPreview, ImportPreview, preview_of
from service.decisions.registry_preview import changed_fields, does
from service.decisions.second_admin import OVER, other_admins, state_of, why_not_second
from service.errors import ReviewError, SecondAdminError, UnknownChangeError
from service.limits import Rules
from service.records.tables import moment, registry_answers, registry_changes, registry_views
from service.records.transaction import Answer, Transaction
from service.schemas.checks import EntryOut, ReasonOut
from service.schemas.registry import ChangeAnswer, ChangeState, RegistryChange
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
    preview: AnyPreview
    answers: tuple[Row[Any], ...]
    state: ChangeState


def ask(transaction: Transaction, preview: AnyPreview, caller: Caller, rules: Rules) -> Answer:
    """Write down a change that waits for a second admin: an answer with status 202.

    Raises
    ------
    SecondAdminError
        If there is none.
    """
    if not other_admins(transaction.read, caller, now=transaction.now, rules=rules):
        raise SecondAdminError(ALONE)
    (platform, handle), change_id = preview.subject, str(uuid4())
    row = {"id": change_id, "at": transaction.stamp, "actor": caller.actor, "key_id": caller.key_id}
    row |= {"platform": platform, "handle": handle, "record": preview.text()}
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
        against = why_not_second(read, waiting.row, caller, ends, now=transaction.now, rules=rules)
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
    return OVER.get(waiting.state, "")


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


def about(read: Read, known: Iterable[Key], *, now: datetime, rules: Rules) -> list[Waiting]:
    """Return the changes of accounts that have one of these handles, the newest first."""
    table = registry_changes
    named = [(platform, value.lower()) for _, how, platform, value in known if how == "handle"]
    query = select(table).where(tuple_(table.c.platform, func.lower(table.c.handle)).in_(named))
    return _waiting(read, read(query.order_by(table.c.seq.desc()).limit(LISTED)), now, rules)


def askers(read: Read, ids: Iterable[str]) -> dict[str, str]:
    """Return who asked for changes, by their ids."""
    query = select(registry_changes.c.id, registry_changes.c.actor).where(registry_changes.c.id.in_(list(ids)))
    return {row.id: row.actor for row in read(query)}


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
        Waiting(row, preview_of(row.record), answers[row.id], state_of(row, answers[row.id], now, rules))
        for row in rows
    ]


def change_out(waiting: Waiting, rules: Rules, *, whole: bool = True) -> RegistryChange:
    """Return a change as it goes on the wire; ``whole``: of an import with all accounts."""
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
        **_told(waiting.preview, whole=whole),
    )


def _told(preview: AnyPreview, *, whole: bool = True) -> dict[str, Any]:
    platform, handle = preview.subject
    told: dict[str, Any] = {
        "platform": platform,
        "handle": handle,
        "reasons": [ReasonOut(code=reason.code, text=reason.text) for reason in preview.reasons],
        "registry_version": preview.registry_version,
    }
    if isinstance(preview, ImportPreview):
        return told | {"does": "import", "changes": [], "imported": preview.out(whole=whole)}
    [pair] = preview.pairs
    return told | {"does": does(pair), "changes": list(changed_fields(pair))}
