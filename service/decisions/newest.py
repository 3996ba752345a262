"""The newest checks that fit one of several conditions, each of which an index finds in the order of the log.

A database that is asked for one condition *or* another goes through all checks, newest first, until enough fit: through
millions for somebody who has none. So each condition is asked for by itself and gives its newest, and of those the
newest count. For the same reason a time is asked for by entries of the log as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, ScalarSelect, Select, and_, exists, func, or_, select, union

from classifier.accounts.identity import identity_key
from service.records.people import People, Read
from service.records.tables import actor_names, approvals, clearances, decision_targets, decisions, outcomes, stamp

# By how much times may go back from one entry of the log to the next: clocks of several machines differ, and are set.
SLACK = timedelta(hours=1)
_NO_ENTRY = 2**62
# What is no column keeps databases from going through all checks to have them in order.
_UNORDERED = decisions.c.seq + 0


def newest(read: Read, found: Found | None, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    """Return the rows of the newest checks that are found so, and of which all conditions hold.

    Parameters
    ----------
    found : Found or None
        ``None``: all checks are gone through, by whatever index the conditions have.
    """
    query = select(decisions).order_by(decisions.c.seq.desc()).limit(limit)
    if found is None:
        return read(query.where(*where))
    each = [select(way.where(*where).limit(limit).subquery().c.seq) for way in found.ways]
    return read(query.where(decisions.c.seq.in_(union(*each))))


def names_of(read: Read, name: str, people: People) -> list[str]:
    """Return all spellings under which a person stands in checks."""
    unkeyed = read(select(actor_names.c.name).where(actor_names.c.key.in_(people.names(name))))
    return sorted({name, *people.spellings(name), *(row.name for row in unkeyed)})


@dataclass(frozen=True, slots=True)
class Found:
    """What finds checks: ways, each of which gives its newest first, and the same as a condition of one check."""

    ways: tuple[Select[Any], ...]
    condition: ColumnElement[bool]

    def __or__(self, other: Found) -> Found:
        """Return what finds what either finds."""
        return Found((*self.ways, *other.ways), or_(self.condition, other.condition))


def asked_by(names: Sequence[str]) -> Found:
    """Return what finds the checks that somebody's key asked for."""
    return Found(_named(decisions.c.caller, names), decisions.c.caller.in_(names))


def acted_by(names: Sequence[str]) -> Found:
    """Return what finds the checks in which somebody acts: as the check says, or of a triage as a clearance does."""
    given = clearances.alias()
    by_clearance = _related(given.c.decision, given.c.given_to.in_(names))
    return Found(_named(decisions.c.actor, names), decisions.c.actor.in_(names)) | by_clearance


def answered_by(names: Sequence[str]) -> Found:
    """Return what finds the checks that somebody answered as a reviewer."""
    answered = approvals.alias()
    return _related(answered.c.decision, answered.c.actor.in_(names))


def with_outcome(outcome: str) -> Found:
    """Return what finds the checks whose latest outcome this is."""
    found, later = outcomes.alias(), outcomes.alias()
    is_latest = ~exists().where(later.c.decision == found.c.decision, later.c.seq > found.c.seq)
    return _related(found.c.decision, and_(found.c.outcome == outcome, is_latest))


def about(handle: str) -> Found:
    """Return what finds the checks that found a protected account of this handle, imitated or not."""
    targets = decision_targets.alias()
    entry, named = targets.c.entry, targets.c.handle == identity_key(handle)
    way = select(decisions.c.seq).join(targets, entry == decisions.c.seq).where(named)
    return Found((way.order_by(entry.desc()),), exists().where(entry == decisions.c.seq, named))


def since(begin: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a check is of this time or later."""
    return decisions.c.at >= stamp(begin), decisions.c.seq > entry_before(begin)


def entry_before(begin: datetime) -> ColumnElement[int]:
    """Return the number of an entry of the log before a time, near to it: of tables without an index of times."""
    before = _entry(decisions.c.at < stamp(_moved(begin, -SLACK)), decisions.c.at.desc())
    return func.coalesce(before, 0)


def until(end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a check is of before this time."""
    after = _entry(decisions.c.at >= stamp(_moved(end, SLACK)), decisions.c.at)
    return decisions.c.at < stamp(end), decisions.c.seq < func.coalesce(after, _NO_ENTRY)


def _moved(moment: datetime, by: timedelta) -> datetime:
    """Return an earlier or later time, at the ends of the calendar the same."""
    try:
        return moment + by
    except OverflowError:
        return moment


def _entry(where: ColumnElement[bool], order: ColumnElement[Any]) -> ScalarSelect[int]:
    query = select(decisions.c.seq).where(where).order_by(order).limit(1)
    return query.correlate(None).scalar_subquery()


def _named(column: Column[str], names: Sequence[str]) -> tuple[Select[Any], ...]:
    """Return a way for each name: of several at once no index gives the newest first."""
    found = select(decisions.c.seq).order_by(decisions.c.seq.desc())
    return tuple(found.where(column == name) for name in names)


def _related(column: Column[str], where: ColumnElement[bool]) -> Found:
    """Return what finds the checks that rows of another table, under a name of its own, are about."""
    way = select(decisions.c.seq).join(column.table, column == decisions.c.id).where(where)
    return Found((way.order_by(_UNORDERED.desc()),), exists().where(column == decisions.c.id, where))
