"""What the history is searched by besides the account: the protected account, whoever took part, a part of a handle.

Each condition rests on an index (``newest``), however many checks there are. Only a part of a handle has none: it is
looked for among the checks of some days, by an index that holds their handles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row

from classifier.accounts.identity import identity_key
from service.decisions.recorded import Decision
from service.records.tables import decision_targets, decisions
from service.records.transaction import Transaction

# Within so many days a part of a handle is looked for.
PART_DAYS = 92


@dataclass(frozen=True, slots=True)
class Page:
    """Recorded checks, the newest first, and where the next page begins."""

    rows: list[Row[Any]]
    next: int | None

    def decisions(self) -> list[Decision]:
        """Return them with their records taken apart."""
        return [Decision.of(row) for row in self.rows]


def period_of_part(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Return in which time a part of a handle is looked for: what was asked for, or its last ``PART_DAYS``.

    Examples
    --------
    >>> now = datetime(2026, 5, 1)
    >>> period_of_part(datetime(2026, 4, 1), None, now) == (datetime(2026, 4, 1), now)
    True
    >>> period_of_part(datetime(2020, 1, 1), datetime(2021, 1, 1), now)[0]
    datetime.datetime(2020, 10, 1, 0, 0)
    """
    end = until or now
    earliest = end - min(timedelta(days=PART_DAYS), end - datetime.min.replace(tzinfo=end.tzinfo))
    return max(since or earliest, earliest), end


def has_part(part: str) -> ColumnElement[bool]:
    """Return the condition that a handle, in its search form, has a part."""
    return decisions.c.handle.contains(identity_key(part), autoescape=True)


def note_target(transaction: Transaction, entry: int, handle: str) -> None:
    """Note which protected account a check is about, so that it is found by it."""
    transaction.add(decision_targets, entry=entry, handle=identity_key(handle))
