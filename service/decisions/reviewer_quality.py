"""How each reviewer answers: known cases, agreement with others, and what appeals found of what the reviewer approved.

Rules:

1. A reviewer sees the reviewer's figures, an admin or auditor those of all. There is no text of a check in it.
2. What happened today is in no figure: else a reviewer could tell from the count which check was a known case.
3. A known case counts for whoever answered it, unless the person asked for the original, was shown its evidence or
   answered it.
4. Agreement is of checks that two people answered, or that one answered and another judged blind and was not unsure. A
   first decline ends a check, so nobody disagrees with it there.
5. An approval counts as overturned where the latest appeal overturned the action.
6. A person is one reviewer, under whatever names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Row, select

from service.auth.api_keys import Caller
from service.decisions.newest import entry_before
from service.decisions.overview import Rate
from service.decisions.recorded import LATEST_OUTCOMES, Read
from service.decisions.second_look_report import brief_looks
from service.records.people import People, people_of
from service.records.tables import approvals, known_cases, outcomes, stamp, views

QualitySpan = Literal["30d", "90d", "365d"]
QUALITY_SPANS: tuple[QualitySpan, ...] = get_args(QualitySpan)
Figure = Literal["known", "agreed", "blind", "overturned"]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What is known of how a reviewer answers.

    Attributes
    ----------
    known : Rate
        Known cases that were answered as the appeal was decided.
    agreed : Rate
        Checks that another reviewer answered in the same way.
    blind : Rate
        Checks that somebody judged in the same way without knowing the answer.
    overturned : Rate
        Approved actions that an appeal overturned, of those whose appeal was decided.
    wrongly_approved, wrongly_declined : int
        Known cases that were answered otherwise.
    """

    name: str
    known: Rate
    agreed: Rate
    blind: Rate
    overturned: Rate
    wrongly_approved: int = 0
    wrongly_declined: int = 0


@dataclass(slots=True)
class _Counts:
    """Whether each of a person's answers was right, or the same, by figure; and the name the person answered under."""

    people: People
    by_person: defaultdict[str, defaultdict[Figure, list[bool]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, actor: str, figure: Figure, *, holds: bool) -> None:
        person = self.people.person(actor)
        self.names[person] = actor
        self.by_person[person][figure].append(holds)


def quality(read: Read, span: QualitySpan, caller: Caller, now: datetime) -> list[Reviewer]:
    """Return the figures of each reviewer that this person may see, by name; none of who has answered nothing."""
    end = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = end - timedelta(days=int(span.removesuffix("d")))
    counts = _Counts(people_of(read))
    given = _answers(read, begin, end)
    _count_known(read, [row for row in given if row.right_answer is not None], counts)
    _count_agreed([row for row in given if row.right_answer is None], counts)
    _count_blind(read, begin, end, counts)
    _count_overturned(read, begin, end, counts)
    found = [_reviewer(person, counts) for person in counts.by_person]
    sees_all = bool(caller.roles & {"admin", "auditor"})
    shown = [one for one in found if sees_all or caller.is_called(one.name)]
    return sorted(shown, key=lambda one: one.name.casefold())


def _answers(read: Read, begin: datetime, end: datetime) -> Sequence[Row[Any]]:
    """Return the approvals and declines of a period, in order; of a known case with the right answer."""
    query = (
        select(approvals, known_cases.c.right_answer, known_cases.c.source)
        .outerjoin(known_cases, known_cases.c.decision == approvals.c.decision)
        .where(approvals.c.seq > entry_before(begin), approvals.c.at >= stamp(begin), approvals.c.at < stamp(end))
        .order_by(approvals.c.seq)
    )
    return read(query)


def _reviewer(person: str, counts: _Counts) -> Reviewer:
    figures = counts.by_person[person]
    return Reviewer(
        counts.names[person],
        **{figure: Rate(sum(figures[figure]), len(figures[figure])) for figure in get_args(Figure)},
        wrongly_approved=counts.wrong[person, "approve"],
        wrongly_declined=counts.wrong[person, "decline"],
    )


def _count_known(read: Read, tests: Sequence[Row[Any]], counts: _Counts) -> None:
    knew = _who_knew(read, sorted({row.source for row in tests}), counts.people)
    for row in tests:
        person = counts.people.person(row.actor)
        if person in knew[row.source]:  # rule 3
            continue
        counts.add(row.actor, "known", holds=row.answer == row.right_answer)
        if row.answer != row.right_answer:
            counts.wrong[person, row.answer] += 1


def _who_knew(read: Read, sources: Sequence[str], people: People) -> defaultdict[str, set[str]]:
    """Return who was shown the evidence of some checks, or answered them, by check."""
    knew: defaultdict[str, set[str]] = defaultdict(set)
    for table in (views, approvals):
        for row in read(select(table.c.decision, table.c.actor).where(table.c.decision.in_(sources))):
            knew[row.decision].add(people.person(row.actor))
    return knew


def _count_agreed(given: Iterable[Row[Any]], counts: _Counts) -> None:
    by_check: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in given:
        by_check[row.decision].append(row)
    for answers in by_check.values():
        for row in answers:
            others = [one.answer for one in answers if not counts.people.same(one.actor, row.actor)]
            if others:
                counts.add(row.actor, "agreed", holds=set(others) == {row.answer})


def _count_blind(read: Read, begin: datetime, end: datetime, counts: _Counts) -> None:
    for look in brief_looks(read, begin, end):
        if look.is_demand:
            continue
        for row in look.reviews:
            others = [one for one in look.sure if not counts.people.same(one.actor, row.actor) and one.at < stamp(end)]
            if others and row.at < stamp(end):
                said = others[0].relation == "impersonation"
                counts.add(row.actor, "blind", holds=(row.answer == "approve") == said)


def _count_overturned(read: Read, begin: datetime, end: datetime, counts: _Counts) -> None:
    query = (
        select(approvals.c.actor, outcomes.c.outcome)
        .join(outcomes, outcomes.c.decision == approvals.c.decision)
        .where(
            outcomes.c.seq.in_(LATEST_OUTCOMES),
            outcomes.c.seq > entry_before(begin),
            outcomes.c.at >= stamp(begin),
            outcomes.c.at < stamp(end),
            approvals.c.answer == "approve",
        )
    )
    for row in read(query):
        counts.add(row.actor, "overturned", holds=row.outcome == "overturned")
