"""Appeals as they are recorded: a row when one came in, and a row for each step until it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, select

from service.decisions.recorded import Read
from service.errors import UnknownAppealError
from service.records.tables import appeal_steps, appeals, moment
from service.schemas.appeals import AppealState
from service.texts.compose import About

LIFTED = "lifted"
DECIDED = frozenset({"upheld", "overturned"})
# The appeals that somebody has decided.
_CLOSED = select(appeal_steps.c.appeal).where(appeal_steps.c.kind.in_(DECIDED))
# The checks with an appeal that nobody has decided.
WITH_OPEN_APPEAL = select(appeals.c.decision).where(appeals.c.id.not_in(_CLOSED))


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal and its steps, in order."""

    row: Any
    steps: tuple[Any, ...] = ()

    @property
    def decided(self) -> Any:
        """The step that decided it, ``None`` while there is none."""
        return next((step for step in self.steps if step.kind in DECIDED), None)

    @property
    def is_lifted(self) -> bool:
        """Whether the action was lifted until it is decided, at some time."""
        return any(step.kind == LIFTED for step in self.steps)

    @property
    def state(self) -> AppealState:
        """What has become of it."""
        if self.decided is not None:
            return cast(AppealState, self.decided.kind)
        return "lifted" if self.is_lifted else "open"

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it should have been decided by now: nothing follows from that by itself."""
        return self.decided is None and moment(self.row.due_at) <= now


def with_steps(read: Read, rows: Sequence[Row[Any]]) -> list[Appeal]:
    """Return appeals of rows of the table, in their order."""
    if not rows:
        return []
    query = select(appeal_steps).where(appeal_steps.c.appeal.in_([row.id for row in rows])).order_by(appeal_steps.c.seq)
    steps = read(query)
    return [Appeal(row, tuple(step for step in steps if step.appeal == row.id)) for row in rows]


def find_appeal(read: Read, appeal_id: str) -> Appeal:
    """Return an appeal.

    Raises
    ------
    UnknownAppealError
    """
    found = with_steps(read, read(select(appeals).where(appeals.c.id == appeal_id)))
    if not found:
        raise UnknownAppealError("there is no appeal with this number")
    return found[0]


def appeals_of(read: Read, check_id: str) -> list[Appeal]:
    """Return the appeals of a check, in the order in which they came."""
    return with_steps(read, read(select(appeals).where(appeals.c.decision == check_id).order_by(appeals.c.seq)))


def open_appeal(read: Read, check_id: str, about: About) -> Appeal | None:
    """Return the appeal of a check that nobody has decided; about one thing there is one at most."""
    return next((one for one in appeals_of(read, check_id) if one.row.about == about and one.decided is None), None)
