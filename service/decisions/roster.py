"""The roster: who has which keys, since when, until when, and when each was last signed in with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from service.decisions.recorded import Read
from service.records.people import people_of
from service.records.tables import keys, log, moment, sessions


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key.

    Attributes
    ----------
    signed_in_at : datetime or None
        When somebody last used the pages with it, as far as that is known. Of calls over the API nothing is kept.
    revoked_by : str
        Who revoked it on the pages; empty where it was an operator, or nobody.
    """

    id: str
    actor: str
    roles: tuple[str, ...]
    created_at: datetime
    signed_in_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str

    @property
    def is_in_force(self) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person: all names, the id that ties them if there is one, all keys, and when access ends."""

    name: str
    names: tuple[str, ...]
    person: str | None
    keys: tuple[KeyLine, ...]
    access_ends_at: datetime | None

    @property
    def roles(self) -> tuple[str, ...]:
        """What the person may do by any key in force."""
        found = {role for key in self.keys if key.is_in_force for role in key.roles}
        return tuple(sorted(found))


def roster(read: Read) -> list[PersonLine]:
    """Return everybody who has, or had, a key: by name."""
    people = people_of(read)
    rows = read(select(keys).order_by(keys.c.seq))
    signed_in, ended = _signed_in(read, [row.id for row in rows]), _revoked(read, rows)
    groups: dict[str, list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault(people.person(row.actor), []).append(row)
    found = []
    for own in groups.values():
        lines = tuple(_line(row, signed_in.get(row.id), ended.get(row.revoked)) for row in own)
        names = tuple(dict.fromkeys(row.actor for row in own))
        person = next((row.person for row in reversed(own) if row.person), None)
        found.append(PersonLine(names[0], names, person, lines, people.access_end(names[0])))
    return sorted(found, key=lambda one: (not one.roles, one.name.casefold()))


def _line(row: Row[Any], signed_in: str | None, ended: Row[Any] | None) -> KeyLine:
    return KeyLine(
        row.id,
        row.actor,
        tuple(row.roles.split()),
        moment(row.created_at),
        (signed_in and moment(signed_in)) or None,
        moment(ended.at) if ended else None,
        str(json.loads(ended.data).get("by", "")) if ended else "",
    )


def _signed_in(read: Read, ids: list[str]) -> dict[str, str]:
    """Return when each key was last used on the pages: sessions that last are more exact than the log."""
    began = select(log.c.subject.label("key"), func.max(log.c.at).label("at"))
    began = began.where(log.c.kind == "signed_in", log.c.subject.in_(ids))
    used = select(sessions.c.key_id.label("key"), func.max(sessions.c.used_at).label("at"))
    used = used.where(sessions.c.key_id.in_(ids))
    found: dict[str, str] = {}
    for query in (began.group_by(log.c.subject), used.group_by(sessions.c.key_id)):
        for row in read(query):
            found[row.key] = max(row.at, found.get(row.key, ""))
    return found


def _revoked(read: Read, rows: Iterable[Row[Any]]) -> dict[int, Row[Any]]:
    entries = [row.revoked for row in rows if row.revoked is not None]
    found = read(select(log.c.seq, log.c.at, log.c.data).where(log.c.seq.in_(entries)))
    return {row.seq: row for row in found}
