"""The overview: how the service does, in counts of a period. The database counts; no check's text is read.

Rules:

1. No name, id or text of anybody is in it. What it counts, a reviewer, an admin and an auditor may look up check by
   check; what second looks found is for admins and auditors (``brief`` in ``second_look_report``).
2. A period begins with a whole hour or a whole day in UTC, so that no column of a picture is a part of one, but for the
   last.
3. What waits are checks with fewer approvals than an action takes. Of a demand that took one approval only, and has it,
   it is not known without its text: it counts until it was acted on.
4. Agreement is of the first two people who answered a check. A decline ends a check, so of two declines nobody knows.
5. Of several outcomes of a check in the period the last counts, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, get_args

from sqlalchemy import case, func, literal_column, select

from classifier.certification.observed_bound import observed_bound
from service.decisions.asker_steps import people_are_asked
from service.decisions.gate_signs import known_gates
from service.decisions.recorded import Read
from service.decisions.review_queue import is_open
from service.limits import Rules
from service.records.elapsed import seconds_between
from service.records.tables import WAS_ASKED, approvals, decisions, moment, outcomes, stamp
from service.utils.desk_metrics import DeskFigures

Span = Literal["24h", "7d", "30d"]
SPANS: tuple[Span, ...] = get_args(Span)
VERDICTS = ("cleared", "needs_review", "refused")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STEPS: dict[Span, tuple[timedelta, int]] = {"24h": (_HOUR, 24), "7d": (_DAY, 7), "30d": (_DAY, 30)}
# Upper ends of what is counted together: how long a check waits, and how long it waited for its first answer.
AGES = (_HOUR, 8 * _HOUR, _DAY, 2 * _DAY)
WAITS = (timedelta(minutes=15), _HOUR, 4 * _HOUR, _DAY)
# How sure an interval is.
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Period:
    """A time that is looked at, in steps of an hour or a day."""

    name: Span
    begin: datetime
    end: datetime
    step: timedelta

    @classmethod
    def of(cls, name: Span, now: datetime) -> Period:
        """Return the period that ends now."""
        step, count = _STEPS[name]
        present = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if step == _DAY:
            present = present.replace(hour=0)
        return cls(name, present - (count - 1) * step, now, step)

    def columns(self) -> Iterator[datetime]:
        """Yield when each step begins."""
        begin = self.begin
        while begin <= self.end:
            yield begin
            begin += self.step

    @property
    def _letters(self) -> int:
        """How many letters of a stamped time tell steps apart."""
        return 13 if self.step == _HOUR else 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits now: how many, how many of them past their due time, since when the oldest; and by ``AGES``."""

    count: int
    overdue: int
    oldest: datetime | None
    ages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of what was counted, with its interval by Clopper and Pearson; no share of nothing."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """What was seen."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """What is believable."""
        if not self.of:
            return None
        delta = (1 - CONFIDENCE) / 2
        low = 1 - observed_bound(self.of - self.count, self.of, delta=delta)
        return low, observed_bound(self.count, self.of, delta=delta)


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period.

    Attributes
    ----------
    volumes : tuple
        When each step begins, and how many checks had which verdict in it, as ``VERDICTS``.
    answered : tuple of int
        Checks of the period by how long they waited for the first answer, as ``WAITS``.
    unanswered : int
        Checks of the period that need people and have no answer.
    overturned : Rate
        Of the actions whose appeal was decided in the period.
    agreed : Rate
        Of the checks of the period that two people answered, those that both approved.
    """

    period: Period
    volumes: tuple[tuple[datetime, tuple[int, ...]], ...]
    waiting: Waiting
    answered: tuple[int, ...]
    unanswered: int
    overturned: Rate
    agreed: Rate

    @property
    def checks(self) -> int:
        """All checks of the period."""
        return sum(sum(counts) for _, counts in self.volumes)


def overview(read: Read, period: Period, rules: Rules) -> Overview:
    """Return the figures of a period."""
    answered, unanswered = _answered(read, period.begin)
    return Overview(
        period,
        tuple(_volumes(read, period)),
        waiting(read, now=period.end, rules=rules),
        answered,
        unanswered,
        overturned(read, period.begin),
        agreed(read, period.begin),
    )


def desk_figures(read: Read, *, now: datetime, rules: Rules) -> DeskFigures:
    """Return what Prometheus keeps of it."""
    found, pairs = waiting(read, now=now, rules=rules), agreed(read, now - timedelta(days=7))
    gates: dict[str, tuple[float, int]] = {}
    for gate in known_gates(read):  # the longest silent of a name comes first
        at, cases = gates.get(gate.name, (gate.at.timestamp(), 0))
        gates[gate.name] = at, cases + gate.waiting
    oldest = (now - found.oldest).total_seconds() if found.oldest else 0.0
    return DeskFigures(found.count, found.overdue, oldest, pairs.of, pairs.count, gates)


def _volumes(read: Read, period: Period) -> Iterator[tuple[datetime, tuple[int, ...]]]:
    letters = period._letters
    # No bound values: PostgreSQL would take it for another expression where it groups.
    step = func.substr(decisions.c.at, literal_column("1"), literal_column(str(letters)))
    query = (
        select(step, decisions.c.verdict, func.count())
        .where(decisions.c.verdict.in_(VERDICTS), decisions.c.at >= stamp(period.begin), WAS_ASKED)
        .group_by(step, decisions.c.verdict)
    )
    found = {(str(begin), str(verdict)): int(count) for begin, verdict, count in map(tuple, read(query))}
    for begin in period.columns():
        yield begin, tuple(found.get((stamp(begin)[:letters], verdict), 0) for verdict in VERDICTS)


def waiting(read: Read, *, now: datetime, rules: Rules) -> Waiting:
    """Return what waits now: rule 3."""
    approved = (
        select(func.count())
        .where(approvals.c.decision == decisions.c.id, approvals.c.at > stamp(now - rules.approval_time))
        .scalar_subquery()
    )
    bands = [stamp(now - age) for age in AGES]
    columns = [_sum(decisions.c.at > bands[0])]
    columns += [_sum((decisions.c.at > older) & (decisions.c.at <= newer)) for newer, older in pairwise(bands)]
    columns.append(_sum(decisions.c.at <= bands[-1]))
    query = select(func.count(), _sum(decisions.c.due <= stamp(now)), func.min(decisions.c.at), *columns).where(
        *is_open(now=now, rules=rules), approved < rules.policy.approvals, WAS_ASKED
    )
    count, overdue, oldest, *ages = tuple(read(query)[0])
    return Waiting(int(count), int(overdue), moment(oldest) if oldest else None, tuple(map(int, ages)))


def _answered(read: Read, begin: datetime) -> tuple[tuple[int, ...], int]:
    """Return how many checks waited how long for their first answer, and how many have none."""
    first = (
        select(decisions.c.at.label("asked"), func.min(approvals.c.at).label("answered"))
        .outerjoin(approvals, approvals.c.decision == decisions.c.id)
        .where(decisions.c.verdict == "needs_review", decisions.c.at >= stamp(begin), people_are_asked(), WAS_ASKED)
        .group_by(decisions.c.seq, decisions.c.at)
        .subquery()
    )
    seconds = seconds_between(first.c.asked, first.c.answered)
    ends = [wait.total_seconds() for wait in WAITS]
    columns = [_sum(seconds <= ends[0])]
    columns += [_sum((seconds > shorter) & (seconds <= longer)) for shorter, longer in pairwise(ends)]
    columns += [_sum(seconds > ends[-1]), _sum(first.c.answered.is_(None))]
    counts = tuple(read(select(*columns))[0])
    return tuple(int(count) for count in counts[:-1]), int(counts[-1])


def overturned(read: Read, begin: datetime) -> Rate:
    """Return how many of the actions whose appeal was decided since then were overturned: rule 5."""
    latest = select(func.max(outcomes.c.seq)).where(outcomes.c.at >= stamp(begin)).group_by(outcomes.c.decision)
    query = select(func.count(), _sum(outcomes.c.outcome == "overturned")).where(outcomes.c.seq.in_(latest))
    count, wrong = tuple(read(query)[0])
    return Rate(int(wrong), int(count))


def agreed(read: Read, begin: datetime) -> Rate:
    """Return how many of the checks since then that two people answered both approved: rule 4."""
    declined = _sum(approvals.c.answer == "decline").label("declined")
    twice = (
        select(declined)
        .join(decisions, decisions.c.id == approvals.c.decision)
        .where(decisions.c.verdict == "needs_review", decisions.c.at >= stamp(begin), WAS_ASKED)
        .group_by(approvals.c.decision)
        .having(func.count() > 1)
        .subquery()
    )
    count, same = tuple(read(select(func.count(), _sum(twice.c.declined == 0)).select_from(twice))[0])
    return Rate(int(same), int(count))


def _sum(condition: Any) -> Any:
    """Return how often a condition holds; 0 where there is no row."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
