"""What waits for a second person: the queue of reviews, in the order in which it should be looked at.

What will soon be too old to be reviewed, or is overdue, comes first, then what is due before it would be too old, by
its due time; of the rest what has a high impact, then what has an unknown one, then what has waited longest.

What waits is read from two sides, each by an index and at most ``LOOKED_AT`` of it: what is due first, and what is
oldest. So the first ``LOOKED_AT`` by due time are all among it, however many wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select

from classifier.accounts.account import Account
from classifier.scoring.impact import Impact, impact, impact_level
from classifier.scoring.reason import Reason
from service.auth.api_keys import Caller
from service.decisions import account_warnings, overdue
from service.decisions.asker_steps import people_are_asked
from service.decisions.queue_marks import UNMARKED, Marks, find_marks
from service.decisions.recorded import Decision, Read
from service.decisions.review_state import Review, find_reviews
from service.decisions.reviews import why_not_reviewer
from service.limits import Rules
from service.records.tables import approvals, clearances, decisions, moment, stamp
from service.schemas.overdue import FallOut

# How many are looked at and put in order, of what is due first and of the oldest each: beyond that, whoever works them
# off sees the rest later.
LOOKED_AT = 300
# The last quarter of the time that a check may be reviewed in.
URGENT = 0.75
_IMPACT_RANKS: dict[Impact, int] = {"high": 0, "unknown": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One check that waits.

    Attributes
    ----------
    impact_reasons : tuple of Reason
        Why the account is of high or of unknown impact; empty where it is neither.
    why_not : str
        Why this person cannot answer it; empty where the person can.
    expires_at : datetime
        When it is too old to be reviewed.
    due_at : datetime
        By when it should be answered; where nobody knows, when it is too old.
    escalated : bool
        Whether that is past: then it comes first, and nothing else changes.
    falls_to : FallOut or None
        The milder measure that it falls to then, where that is set and fits.
    marks : Marks
        Who has claimed, skipped or escalated it.
    """

    decision: Decision
    account: Account
    review: Review
    at: datetime
    expires_at: datetime
    impact_reasons: tuple[Reason, ...]
    urgent: bool
    due_at: datetime
    escalated: bool
    why_not: str
    falls_to: FallOut | None = None
    marks: Marks = UNMARKED

    @property
    def impact(self) -> Impact:
        """Whether the account is of high impact."""
        return impact_level(self.impact_reasons)

    @property
    def approved(self) -> int:
        """How many approvals count."""
        return sum(approval.counts and approval.row.answer == "approve" for approval in self.review.approvals)


class Queue(NamedTuple):
    """What waits for this person, what waits for others, and how many wait in all."""

    mine: list[Waiting]
    others: list[Waiting]
    total: int


def waiting(
    read: Read, caller: Caller, *, now: datetime, rules: Rules, where: Sequence[ColumnElement[bool]] = ()
) -> Queue:
    """Return the checks that wait for a second person, as this person sees them.

    Parameters
    ----------
    where : sequence of ColumnElement
        What holds of their rows besides.
    """
    open_ = select(decisions).where(*where, *is_open(now=now, rules=rules))
    total = int(read(select(func.count()).select_from(open_.subquery()))[0][0])
    first = _first(read, open_, now=now, rules=rules)
    found = seen_by(read, first, caller, now=now, rules=rules)
    shown = _ordered(item for item in found if item.review.state == "open")
    mine = [item for item in shown if not item.why_not and "reviewer" in caller.roles]
    return Queue(
        mine, [item for item in shown if item not in mine], total - sum(o.review.state != "open" for o in found)
    )


def seen_by(
    read: Read, decisions_: Sequence[Decision], caller: Caller, *, now: datetime, rules: Rules
) -> list[Waiting]:
    """Return checks that may wait as this person sees them, in their order; none of them may be erased."""
    reviews = find_reviews(read, decisions_, now=now, rules=rules)
    marks = find_marks(read, reviews, now=now)
    found = [
        replace(_waiting(one, reviews[one.row.id], caller, now, rules), marks=marks[one.row.id]) for one in decisions_
    ]
    return list(_ended(read, found, now=now, rules=rules))


def is_open(*, now: datetime, rules: Rules) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a row of ``decisions`` that waits, or has enough approvals and was not acted on yet."""
    return (
        decisions.c.verdict == "needs_review",
        decisions.c.at > stamp(now - rules.review_time),
        decisions.c.erased.is_(None),
        people_are_asked(),
        ~exists().where(approvals.c.decision == decisions.c.id, approvals.c.answer == "decline"),
        ~exists().where(clearances.c.decision == decisions.c.id, clearances.c.spent.is_not(None)),
    )


def _first(read: Read, open_: Select[Any], *, now: datetime, rules: Rules) -> list[Decision]:
    """Return what is due first, and the oldest, each once."""
    # No due time is before its check: so only those of the time in which it may be reviewed are read.
    due = open_.where(decisions.c.due > stamp(now - rules.review_time)).order_by(decisions.c.due)
    rows = [row for query in (due, open_.order_by(decisions.c.at)) for row in read(query.limit(LOOKED_AT))]
    return [Decision.of(row) for row in {row.id: row for row in rows}.values()]


def _waiting(decision: Decision, review: Review, caller: Caller, now: datetime, rules: Rules) -> Waiting:
    account, at = decision.account(), moment(decision.row.at)
    return Waiting(
        decision,
        account,
        review,
        at,
        at + rules.review_time,
        tuple(impact(account, rules.policy)),
        now - at >= URGENT * rules.review_time,
        due_at := min(overdue.due_at(decision) or at + rules.review_time, at + rules.review_time),
        due_at <= now,
        why_not_reviewer(decision, review, caller, caller.access_ends_at, now=now, rules=rules),
    )


def _ended(read: Read, found: list[Waiting], *, now: datetime, rules: Rules) -> Iterator[Waiting]:
    """Yield what waits, and what it falls to if it is overdue; nobody can answer what a warning has ended."""
    warned = account_warnings.find(read, (item.decision.subject for item in found))
    for item in found:
        came = any(True for _ in account_warnings.since(warned[item.decision.subject], item.decision))
        falls_to = overdue.falls_to(item.decision, item.review, has_ended=came, now=now, rules=rules)
        yield replace(item, why_not=account_warnings.ENDED if came else item.why_not, falls_to=falls_to)


def _ordered(found: Iterable[Waiting]) -> list[Waiting]:
    return sorted(found, key=queue_rank)


def queue_rank(item: Waiting) -> tuple[bool, bool, datetime, int, datetime]:
    """Return a check's place in the queue: what is due before it would be too old goes before the rest."""
    sooner = item.due_at < item.expires_at
    due_at = item.due_at if sooner else datetime.max.replace(tzinfo=UTC)
    return not (item.urgent or item.escalated), not sooner, due_at, _IMPACT_RANKS[item.impact], item.at
