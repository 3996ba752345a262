"""How much of the quotas is used now: as it is counted where checks are decided (``decisions.quotas``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from service.decisions.recorded import Read
from service.limits import DAY, Quotas
from service.records.people import people_of
from service.records.tables import actor_names, usage
from service.records.transaction import EVERYBODY, minute_of

# People that are named, those with the most checks.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Used:
    """Checks cleared for somebody, or for everybody: within 24 hours, and within the minutes that make a burst."""

    name: str
    daily: int
    burst: int


def used(read: Read, quotas: Quotas, now: datetime) -> tuple[Used, list[Used]]:
    """Return what is cleared for everybody together, and for those with the most."""
    people = people_of(read)
    daily, burst = _counts(read, now, DAY), _counts(read, now, quotas.burst_minutes)
    total = Used(EVERYBODY, daily.pop(EVERYBODY, 0), burst.pop(EVERYBODY, 0))
    names = _names(read, [key for key in daily if key not in people.written])
    found: dict[str, Used] = {}
    for key, count in daily.items():
        written = people.written.get(key)
        name = people.person(min(written)) if written else key
        known = found.get(name, Used(min(written) if written else names.get(key, key), 0, 0))
        found[name] = Used(known.name, known.daily + count, known.burst + burst.get(key, 0))
    return total, sorted(found.values(), key=lambda one: (-one.daily, one.name))[:NAMED]


def _counts(read: Read, now: datetime, minutes: int) -> dict[str, int]:
    cleared = func.sum(usage.c.cleared).label("cleared")
    query = select(usage.c.actor, cleared).where(usage.c.minute >= minute_of(now) - minutes)
    return {row.actor: int(row.cleared) for row in read(query.group_by(usage.c.actor))}


def _names(read: Read, keys: list[str]) -> Mapping[str, str]:
    """Return the names of people without an API key, by their keys: as checks named them."""
    query = select(actor_names.c.key, func.min(actor_names.c.name).label("name")).where(actor_names.c.key.in_(keys))
    return {row.key: row.name for row in read(query.group_by(actor_names.c.key))}
