"""Statements of reasons as the EU's database is sent them: complete ones, in the order in which they became so.

The order is what makes an export resumable: a statement that was completed late comes late, and none is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from classifier.errors import InputError
from service.decisions.recorded import Read
from service.records.tables import clearances, decisions, log, stamp, statement_additions, statements

# Statements that the database takes at once.
PAGE = 100


class Page(NamedTuple):
    """Statements to be sent together, and the last one's puid: where to go on after."""

    body: str
    statements: int
    last: str


class Incomplete(NamedTuple):
    """A statement that cannot be sent: the check, and the fields that nobody has given."""

    puid: str
    missing: str


def pages(read: Read, since: datetime, after: str | None = None) -> Iterator[Page]:
    """Yield the complete statements, ``PAGE`` at a time, each page as the body of ``POST /statements``.

    Parameters
    ----------
    since : datetime
        Those that became complete before are left out.
    after : str, optional
        The puid of the last statement that was sent: what follows it is yielded.

    Raises
    ------
    InputError
        If there is no complete statement of that puid.
    """
    position = 0 if after is None else _position(read, after)
    query = _complete().where(stamp(since) <= _SINCE).order_by(_DONE).limit(PAGE)
    while rows := read(query.where(position < _DONE)):
        yield Page(json.dumps({"statements": [_body(row) for row in rows]}), len(rows), rows[-1].decision)
        position = rows[-1].done


def incomplete(read: Read, since: datetime) -> Iterator[Incomplete]:
    """Yield the statements made since a time that still lack something, in order."""
    query = (
        select(statements.c.decision, statements.c.missing)
        .outerjoin(statement_additions, statement_additions.c.decision == statements.c.decision)
        .where(statements.c.missing != "", statement_additions.c.seq.is_(None), statements.c.at >= stamp(since))
        .order_by(statements.c.seq)
    )
    yield from (Incomplete(row.decision, row.missing.replace(" ", ", ")) for row in read(query))


def unstated(read: Read, since: datetime) -> int:
    """Return how many actions since a time have no statement: those taken before statements were kept."""
    query = (
        select(func.count())
        .select_from(clearances)
        .join(log, log.c.seq == clearances.c.spent)
        .outerjoin(statements, statements.c.decision == clearances.c.decision)
        .join(decisions, decisions.c.id == clearances.c.decision)
        .where(decisions.c.action != "require_change")  # it restricts nothing, so there is nothing to state
        .where(statements.c.seq.is_(None), log.c.at >= stamp(since))
    )
    return int(read(query)[0][0])


# When a statement became complete: the entry of what was added, or else its own.
_DONE = func.coalesce(statement_additions.c.seq, statements.c.seq)
_SINCE = func.coalesce(statement_additions.c.at, statements.c.at)


def _complete() -> Select[Any]:
    return (
        select(statements.c.decision, statements.c.body, statement_additions.c.body.label("added"), _DONE.label("done"))
        .outerjoin(statement_additions, statement_additions.c.decision == statements.c.decision)
        .where((statements.c.missing == "") | statement_additions.c.seq.is_not(None))
    )


def _position(read: Read, puid: str) -> int:
    rows = read(_complete().where(statements.c.decision == puid))
    if not rows:
        raise InputError("there is no complete statement with this puid", field="after")
    return int(rows[0].done)


def _body(row: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(row.body)
    added: dict[str, Any] = json.loads(row.added or "{}")
    return body | added
