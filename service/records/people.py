"""Who is who: which names are of one person, and when that person's access ends.

Rules:

1. Names are of one person if they are spellings of one (``person_key``), or if API keys tie them together: a person id
   ties the actor's name to the id, and to all other names that have it. So does an account at the provider of the
   sign-in, whatever it was called when. Keys that were revoked tie as before.
2. Of several ends of access of a name the last counts; of the ends of a person's names the earliest.
3. It rests on rows that the log vouches for, and is made in Python: no row that is there has to change, and what was
   recorded before there were person ids, or under another spelling, counts like the rest.

Operators write these rows, so there are few: they are read when one was added, and then believed as long as the log's
last entry about them is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from service.records.tables import access_ends, keys, log, moment
from service.utils.person_key import person_key

# Runs a query: within a unit of work or outside of one.
Read = Callable[[Select[Any]], Sequence[Row[Any]]]


@dataclass(frozen=True, slots=True)
class People:
    """Whose names are whose, at one state of the log.

    Attributes
    ----------
    groups : mapping of str to frozenset of str
        The keys of all names of a person, by each of them; of a name that is tied to nothing there is no entry.
    written : mapping of str to frozenset of str
        Names as they were written where keys were made and ends of access registered, by their keys.
    ends : mapping of str to datetime or None
        The last end of access that was registered, by the key of the name.
    """

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    written: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ends: Mapping[str, datetime | None] = field(default_factory=dict)

    def names(self, name: str) -> frozenset[str]:
        """Return the keys of all names of the person who has this name."""
        key = person_key(name)
        return self.groups.get(key) or frozenset((key,))

    def person(self, name: str) -> str:
        """Return what stands for the person who has this name: the same for all of that person's names."""
        return min(self.names(name))

    def same(self, one: str, other: str) -> bool:
        """Tell whether two names are of one person."""
        return person_key(one) in self.names(other)

    def access_end(self, name: str) -> datetime | None:
        """Return when the person's access ends, ``None`` where no end is known: rule 2."""
        return min((end for key in self.names(name) if (end := self.ends.get(key))), default=None)

    def spellings(self, name: str) -> list[str]:
        """Return the person's names as they were written where keys were made and ends of access registered."""
        return sorted({text for key in self.names(name) for text in self.written.get(key, ())})


def people_of(read: Read) -> People:
    """Return who is who now."""
    entries = read(_LAST)
    state = tuple(entry.hash for entry in entries)
    found = _known.get(state)
    if found is None:
        found = _made(read, max((entry.seq for entry in entries), default=0))
        if len(_known) >= _KEPT:
            _known.clear()
        _known[state] = found
    return found


def people_by(connection: Connection) -> People:
    """Return who is who, outside of a unit of work."""
    return people_of(lambda query: connection.execute(query).all())


# By the hashes of the last entries about keys and ends of access: each stands for all that came before.
_known: dict[tuple[str, ...], People] = {}
_KEPT = 32
_LAST = (
    select(log.c.seq, log.c.hash)
    .where(or_(*(log.c.seq == select(func.max(table.c.seq)).scalar_subquery() for table in (keys, access_ends))))
    .order_by(log.c.seq)
)


def _made(read: Read, last: int) -> People:
    """Return who is who by the rows up to an entry: others may be added while these are read."""
    actors = read(select(keys.c.actor, keys.c.person, keys.c.subject).where(keys.c.seq <= last).distinct())
    ends = read(select(access_ends).where(access_ends.c.seq <= last).order_by(access_ends.c.seq))
    written = defaultdict(set)
    for row in (*actors, *ends):
        written[person_key(row.actor)].add(row.actor)
    ties = [(person_key(row.actor), person_key(row.person)) for row in actors if row.person]
    first: dict[str, str] = {}
    ties += [
        (person_key(row.actor), first.setdefault(row.subject, person_key(row.actor))) for row in actors if row.subject
    ]
    return People(
        _groups(ties),
        {key: frozenset(names) for key, names in written.items()},
        {person_key(row.actor): row.access_ends_at and moment(row.access_ends_at) for row in ends},
    )


def _groups(ties: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return what is tied together, also over several steps."""
    groups: dict[str, frozenset[str]] = {}
    for pair in ties:
        together = frozenset(pair).union(*(groups.get(key, ()) for key in pair))
        groups |= dict.fromkeys(together, together)
    return groups
