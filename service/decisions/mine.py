"""A person's checks that are not done: what is ready to act on, waits, was declined, or soon lapses.

What is read is bounded, by indexes, of the time in which a check may be reviewed. With a hundred open checks it takes
some twenty milliseconds, so the counters of the menu are believed for some seconds (``believed``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Row, exists

from service.auth.api_keys import Caller
from service.decisions import account_warnings
from service.decisions.asker_steps import is_held, is_not_withdrawn, steps_of
from service.decisions.newest import acted_by, asked_by, names_of, newest, since
from service.decisions.recorded import Decision, Read
from service.decisions.review_state import Review, find_reviews
from service.limits import Rules
from service.records.people import people_of
from service.records.tables import WAS_ASKED, clearances, decisions, moment

# Checks that are looked at, the newest first, of those that a person asked for and of those that name the person.
LOOKED_AT = 100
# The last quarter of the time in which something can be done.
SOON = 0.25

Group = Literal["ready", "waiting", "held", "declined"]


@dataclass(frozen=True, slots=True)
class MyCheck:
    """One check that is not done.

    Attributes
    ----------
    ends_at : datetime or None
        Until when it can be acted on, or answered; ``None`` where that is over.
    soon : bool
        Whether that is in the last quarter of its time.
    """

    decision: Decision
    group: Group
    at: datetime
    ends_at: datetime | None
    soon: bool
    approved: int


class Counted(NamedTuple):
    """How many of a person's checks are not done, by their group, and how many are about to lapse."""

    groups: Mapping[Group, int]
    lapsing: int


@dataclass(frozen=True, slots=True)
class Mine:
    """A person's checks that are not done; ``more`` says that older ones were not looked at."""

    checks: tuple[MyCheck, ...]
    more: bool

    def of(self, group: Group) -> list[MyCheck]:
        """Return those of a group: what ends first comes first."""
        found = [one for one in self.checks if one.group == group]
        return sorted(found, key=lambda one: (one.ends_at or one.at, one.decision.row.seq))

    def counted(self) -> Counted:
        """Return how many there are of each group, and how many are about to lapse."""
        return Counted(Counter(one.group for one in self.checks), sum(one.soon for one in self.checks))


def mine(read: Read, caller: Caller, *, now: datetime, rules: Rules) -> Mine:
    """Return what a person asked for, or is named in, within the time of a review, and has not acted on."""
    names = names_of(read, caller.actor, people_of(read))
    where = (
        *since(now - rules.review_time),
        decisions.c.verdict != "refused",
        decisions.c.erased.is_(None),
        is_not_withdrawn(),
        WAS_ASKED,
        ~exists().where(clearances.c.decision == decisions.c.id, clearances.c.spent.is_not(None)),
    )
    rows: dict[str, Row[Any]] = {}
    more = False
    for by in (asked_by(names), acted_by(names)):
        found = newest(read, by, where, LOOKED_AT)
        more |= len(found) == LOOKED_AT
        rows |= {row.id: row for row in found}
    found_ = [Decision.of(row) for row in rows.values()]
    reviews = find_reviews(read, found_, now=now, rules=rules)
    steps = steps_of(read, list(rows))
    warned = account_warnings.find(read, (decision.subject for decision in found_))
    checks = (
        _mine(decision, reviews[decision.row.id], is_held(steps[decision.row.id]), now, rules)
        for decision in found_
        if not any(True for _ in account_warnings.since(warned[decision.subject], decision))
    )
    return Mine(tuple(one for one in checks if one), more)


def _mine(decision: Decision, review: Review, held: bool, now: datetime, rules: Rules) -> MyCheck | None:
    at = moment(decision.row.at)
    approved = sum(approval.counts and approval.row.answer == "approve" for approval in review.approvals)
    if review.state == "declined":
        return MyCheck(decision, "declined", at, None, soon=False, approved=approved)
    is_cleared = decision.row.verdict == "cleared"
    time = rules.clearance_time if is_cleared else rules.review_time
    ends_at = min((at + time, *_approvals_end(decision, review, rules)))
    if ends_at <= now or not (is_cleared or review.state in {"open", "approved"}):
        return None  # nobody can act on it any more: it is history
    group: Group = "ready" if is_cleared or review.state == "approved" else "held" if held else "waiting"
    return MyCheck(decision, group, at, ends_at, soon=ends_at - now <= SOON * time, approved=approved)


def _approvals_end(decision: Decision, review: Review, rules: Rules) -> Iterator[datetime]:
    """Yield when an approved check is approved no more, because too few of its approvals are fresh."""
    if review.state != "approved":
        return
    given: dict[str, datetime] = {}
    for approval in review.approvals:
        if approval.counts:
            given[approval.person] = max(moment(approval.row.at), given.get(approval.person, moment(approval.row.at)))
    needed = max(1, int(decision.answer["required_approvals"]))
    yield sorted(given.values(), reverse=True)[needed - 1] + rules.approval_time
