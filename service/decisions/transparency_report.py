"""The transparency report: counts of a period, of what Implementing Regulation (EU) 2024/2835 asks for.

It is a table of figures to copy from, not the regulation's templates themselves; what these ask under headings of
their own comes under those headings (``annex_templates``). Rules:

1. Only what was recorded is counted. What Doublecheck is not told has a row with an empty value that says so.
2. An action counts when its clearance was redeemed, an appeal when its outcome was recorded. Of several outcomes of one
   check within the period the last counts. A complaint counts when it came in, and when somebody decided it; where none
   was ever handed in, nobody knows whether there were any.
3. A share without anything to divide by is empty, never 0.
4. No text, name or id of anybody is in it.

References
----------
Commission Implementing Regulation (EU) 2024/2835, https://eur-lex.europa.eu/eli/reg_impl/2024/2835/oj
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from service.decisions import annex_templates, second_look_report
from service.decisions.appeal_records import DECIDED
from service.decisions.recorded import Read
from service.records.tables import (
    WAS_ASKED,
    appeal_steps,
    appeals,
    approvals,
    clearances,
    decisions,
    log,
    moment,
    outcomes,
    stamp,
    statement_additions,
    statements,
)

_HOUR = 3600.0
NOT_KNOWN = "not known to Doublecheck"
# What the regulation asks and no table of ours holds.
_UNKNOWN = (
    ("orders", "orders of authorities"),
    ("notices", "notices received, by kind of reporter"),
    ("appeals", "disputes before bodies of out-of-court settlement"),
    ("suspensions", "suspensions for misuse (Article 23)"),
    ("people", "people who moderate, by language"),
    ("recipients", "average monthly recipients"),
)
_ABOUT = {"action": "by the person, about an action", "decline": "by the reporter, about no action"}


class Line(NamedTuple):
    """A row of the report; ``value`` is empty where nothing is known, and ``note`` then says why."""

    section: str
    indicator: str
    part: str
    value: str
    note: str = ""


def lines(read: Read, begin: datetime, end: datetime) -> Iterator[Line]:
    """Yield the rows of the report for what happened from ``begin`` up to, and without, ``end``; both aware."""
    since, until = stamp(begin), stamp(end)
    verdicts = select(decisions.c.verdict, func.count()).where(decisions.c.at >= since, decisions.c.at < until)
    verdicts = verdicts.where(WAS_ASKED)
    yield from _counts("checks", "checks by verdict", dict(map(tuple, read(verdicts.group_by(decisions.c.verdict)))))
    acts = _acts(read, since, until)
    yield from _actions(acts)
    bodies = _bodies(read, since, until)
    yield from _statements(bodies)
    yield from _appeals(_found(read, since, until))
    yield from _complaints(read, since, until)
    judged = second_look_report.report(read, begin, end).errors
    yield from (Line(*cell) for cell in annex_templates.cells(bodies, judged))
    yield from (Line(section, indicator, "all", "", NOT_KNOWN) for section, indicator in _UNKNOWN)


def as_csv(rows: Iterable[Line]) -> str:
    """Return rows as CSV with a heading; lines end in CRLF, as RFC 4180 says."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(Line._fields)
    writer.writerows(rows)
    return stream.getvalue()


_APPROVALS = (
    select(func.count())
    .where(approvals.c.decision == decisions.c.id, approvals.c.answer == "approve")
    .scalar_subquery()
    .label("approved")
)


def _acts(read: Read, since: str, until: str) -> Sequence[Row[Any]]:
    query = (
        select(decisions.c.action, decisions.c.at, log.c.at.label("acted_at"), _APPROVALS)
        .join(clearances, clearances.c.decision == decisions.c.id)
        .join(log, log.c.seq == clearances.c.spent)
        .where(log.c.at >= since, log.c.at < until)
    )
    return read(query)


def _actions(acts: Sequence[Row[Any]]) -> Iterator[Line]:
    yield from _counts("actions", "actions taken", Counter(row.action for row in acts))
    people = Counter("with approval" if row.approved else "cleared without approval" for row in acts)
    yield from _counts("actions", "actions by whether a second person approved", people)
    yield _median("actions", "median hours from check to action", [(row.at, row.acted_at) for row in acts])


def _bodies(read: Read, since: str, until: str) -> list[dict[str, Any]]:
    query = (
        select(statements.c.body, statement_additions.c.body.label("added"))
        .outerjoin(statement_additions, statement_additions.c.decision == statements.c.decision)
        .where(statements.c.at >= since, statements.c.at < until)
    )
    return [json.loads(row.body) | json.loads(row.added or "{}") for row in read(query)]


def _statements(bodies: Sequence[dict[str, Any]]) -> Iterator[Line]:
    for field in ("decision_ground", "source_type", "automated_detection", "automated_decision"):
        counts = Counter(str(body.get(field) or "not stated") for body in bodies)
        yield from _counts("statements", field, counts)


def _found(read: Read, since: str, until: str) -> Sequence[Row[Any]]:
    latest = (
        select(func.max(outcomes.c.seq))
        .where(outcomes.c.at >= since, outcomes.c.at < until)
        .group_by(outcomes.c.decision)
    )
    query = (
        select(outcomes.c.outcome, outcomes.c.at, log.c.at.label("acted_at"), _APPROVALS)
        .join(decisions, decisions.c.id == outcomes.c.decision)
        .join(clearances, clearances.c.decision == decisions.c.id)
        .join(log, log.c.seq == clearances.c.spent)
        .where(outcomes.c.seq.in_(latest))
    )
    return read(query)


def _appeals(found: Sequence[Row[Any]]) -> Iterator[Line]:
    yield from _counts("appeals", "appeals decided", Counter(row.outcome for row in found))
    yield _median("appeals", "median hours from action to outcome", [(row.acted_at, row.at) for row in found])
    for part, approved in (("cleared without approval", False), ("with approval", True)):
        wrong = [row.outcome == "overturned" for row in found if bool(row.approved) == approved]
        share = f"{sum(wrong) / len(wrong):.4f}" if wrong else ""
        note = f"{sum(wrong)} of {len(wrong)} appeals decided; actions without an appeal are not in it"
        yield Line("accuracy", "share overturned of appeals decided", part, share, note)


def _complaints(read: Read, since: str, until: str) -> Iterator[Line]:
    if not read(select(appeals.c.seq).limit(1)):
        yield Line("appeals", "complaints received", "all", "", NOT_KNOWN)
        return
    received = select(appeals.c.about).where(appeals.c.received_at >= since, appeals.c.received_at < until)
    yield from _counts("appeals", "complaints received", Counter(_ABOUT[row.about] for row in read(received)))
    query = (
        select(appeals.c.received_at, appeal_steps.c.at, appeal_steps.c.kind)
        .join(appeals, appeals.c.id == appeal_steps.c.appeal)
        .where(appeal_steps.c.kind.in_(DECIDED), appeal_steps.c.at >= since, appeal_steps.c.at < until)
    )
    decided = read(query)
    yield from _counts("appeals", "complaints decided", Counter(row.kind for row in decided))
    yield _median("appeals", "median hours from complaint to decision", [(row.received_at, row.at) for row in decided])


def _counts(section: str, indicator: str, counts: dict[str, int] | Counter[str]) -> Iterator[Line]:
    yield Line(section, indicator, "all", str(sum(counts.values())))
    yield from (Line(section, indicator, part, str(counts[part])) for part in sorted(counts))


def _median(section: str, indicator: str, spans: Sequence[tuple[str, str]]) -> Line:
    hours = [(moment(after) - moment(before)).total_seconds() / _HOUR for before, after in spans]
    return Line(
        section, indicator, "all", f"{median(hours):.2f}" if hours else "", "" if hours else "nothing to measure"
    )
