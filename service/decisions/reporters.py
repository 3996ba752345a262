"""Who reported: how many of somebody's notices were unfounded, as the Digital Services Act asks (Art. 23(2) and (3)).

Rules:

1. Only notices with a ``reporter_id`` are counted, one a check. The reporter is kept as a digest of platform and name:
   whoever has the name finds the notices, the table names nobody. All spellings of a name are one reporter.
2. Each notice is in one of four, by what its check has come to by now (``kind_of``). What nobody has decided is open,
   and is never held against the reporter.
3. Nothing follows from a count. Art. 23(3) asks for the absolute number of manifestly unfounded notices, their share of
   all, how grave the misuse is and what was intended. The first two are counted here, of all that were unfounded;
   whether they were manifestly so, and the rest, people judge, case by case and after a warning (Art. 23(2)).

References
----------
Regulation (EU) 2022/2065, Article 23: https://eur-lex.europa.eu/eli/reg/2022/2065/oj
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, Subquery, select

from classifier.accounts.canonical.platforms import canonical_platform
from service.decisions.ledger import Ledger
from service.decisions.recorded import Read, with_latest_outcome
from service.limits import Rules
from service.records.tables import (
    appeal_steps,
    appeals,
    approvals,
    clearances,
    decisions,
    log,
    moment,
    notices,
    stamp,
)
from service.records.transaction import Transaction
from service.schemas.notices import NoticeIn
from service.schemas.reporters import ReporterCounts
from service.utils.person_key import person_key

Kind = Literal["open", "acted_on", "not_acted_on", "unfounded"]
# Notices that are counted at most, the newest: it takes a third of a second for so many.
MOST = 10_000
# What is counted where nobody says since when: a year.
WINDOW = timedelta(days=365)
# The reasons of a refusal that say that the account is genuine.
GENUINE = frozenset({"is_protected", "declared_secondary"})
_NEXT = (
    "Nothing follows from this by itself: look at the checks, and judge whether notices were manifestly unfounded, how "
    "grave that is and what was intended. Warn the reporter before anything else."
)


def note(transaction: Transaction, check_id: str, platform: str | None, notice: NoticeIn | None) -> None:
    """Write down who reported what a check is of, where the notice says so: rule 1."""
    if notice is None or notice.reporter_id is None:
        return
    row = {"decision": check_id, "reporter": reporter_key(platform or "", notice.reporter_id)}
    row |= {"kind": notice.reporter, "at": transaction.stamp}
    transaction.record(notices, "notice_noted", check_id, row, reporter=notice.reporter)


def reporter_key(platform: str, reporter_id: str) -> str:
    """Return what a reporter is counted by: a SHA-256 in hexadecimal.

    Examples
    --------
    >>> reporter_key("x", "Flagger-3") == reporter_key("x", "flagger-3")
    True
    >>> reporter_key("x", "flagger-3") == reporter_key("bluesky", "flagger-3")
    False
    """
    return hashlib.sha256(f"{platform}\n{person_key(reporter_id)}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReporterSearch:
    """Whose notices to count, from when, and until when; by default those of a year until now."""

    platform: str
    reporter_id: str
    since: datetime | None = None
    until: datetime | None = None


def count(read: Read, wanted: ReporterSearch, *, now: datetime, rules: Rules) -> ReporterCounts:
    """Return what became of somebody's notices.

    A handful of queries, whatever their number; of more than ``MOST`` the newest are counted, and the answer says so.
    """
    platform = canonical_platform(wanted.platform) or wanted.platform.lower()
    until = wanted.until or now
    since = wanted.since or until - WINDOW
    newest = (
        select(notices.c.decision)
        .where(notices.c.reporter == reporter_key(platform, wanted.reporter_id))
        .where(notices.c.at >= stamp(since))
        .order_by(notices.c.at.desc(), notices.c.seq.desc())
    )
    if wanted.until:
        newest = newest.where(notices.c.at < stamp(wanted.until))
    is_cut = len(read(newest.offset(MOST).limit(1))) > 0
    found = Counter(_kinds(read, newest.limit(MOST).subquery(), now, rules))
    total = found.total()
    return ReporterCounts(
        platform=platform, since=since, until=until, notices=total, cut=is_cut, next_step=_NEXT,
        open=found["open"], acted_on=found["acted_on"], not_acted_on=found["not_acted_on"],
        unfounded=found["unfounded"], share_unfounded=found["unfounded"] / total if total else None,
    )  # fmt: skip


def _kinds(read: Read, counted: Subquery, now: datetime, rules: Rules) -> list[Kind]:
    spent = _checks(read, select(clearances.c.decision).where(clearances.c.spent.is_not(None)), counted)
    declined = _checks(read, select(approvals.c.decision).where(approvals.c.answer == "decline"), counted)
    overturned = _checks(read, _OVERTURNED, counted)
    complained = _checks(read, _COMPLAINED, counted)
    genuine = _genuine(read, counted)
    rows = read(select(decisions.c.id, decisions.c.verdict, decisions.c.at).where(_is_in(decisions.c.id, counted)))
    return [
        kind_of(
            row.verdict,
            is_genuine=row.id in genuine,
            is_declined=row.id in declined,
            is_spent=row.id in spent,
            is_overturned=row.id in overturned,
            is_right_after_all=row.id in complained,
            is_too_old=now - moment(row.at) >= rules.review_time,
        )
        for row in rows
    ]


def kind_of(
    verdict: str,
    *,
    is_genuine: bool = False,
    is_declined: bool = False,
    is_spent: bool = False,
    is_overturned: bool = False,
    is_right_after_all: bool = False,
    is_too_old: bool = False,
) -> Kind:
    """Return what has become of a notice: rule 2.

    Parameters
    ----------
    verdict : str
        Of its check: "cleared", "needs_review" or "refused".
    is_genuine : bool
        Whether it was refused because the account is protected, or declared by the owner of one that is.
    is_declined : bool
        Whether a reviewer declined it.
    is_spent : bool
        Whether the action was taken.
    is_overturned : bool
        Whether the latest outcome of an appeal is "overturned".
    is_right_after_all : bool
        Whether a complaint of the reporter against a decline was found to be right.
    is_too_old : bool
        Whether nobody can review it any more.

    Examples
    --------
    >>> kind_of("refused", is_genuine=True), kind_of("refused")
    ('unfounded', 'not_acted_on')
    >>> kind_of("needs_review"), kind_of("needs_review", is_declined=True)
    ('open', 'unfounded')
    >>> kind_of("cleared"), kind_of("cleared", is_spent=True)
    ('open', 'acted_on')
    """
    if is_spent:
        return "unfounded" if is_overturned else "acted_on"
    if is_declined:
        return "not_acted_on" if is_right_after_all else "unfounded"
    if verdict == "refused":
        return "unfounded" if is_genuine else "not_acted_on"
    return "not_acted_on" if verdict == "needs_review" and is_too_old else "open"


def _is_in(column: Any, counted: Subquery) -> Any:
    return column.in_(select(counted.c.decision))


def _checks(read: Read, query: Select[Any], counted: Subquery) -> set[str]:
    """Return those of the counted checks that a query finds by its first column."""
    column = query.selected_columns[0]
    return {row[0] for row in read(query.where(_is_in(column, counted)))}


def _genuine(read: Read, counted: Subquery) -> set[str]:
    """Return which were refused as genuine: the entries of the log name the reasons, and are small."""
    said = (
        select(decisions.c.id, log.c.data)
        .join(log, log.c.seq == decisions.c.seq)
        .where(decisions.c.verdict == "refused", _is_in(decisions.c.id, counted))
    )
    return {row.id for row in read(said) if not GENUINE.isdisjoint(json.loads(row.data)["reasons"])}


_OVERTURNED = with_latest_outcome("overturned")
_COMPLAINED = (
    select(appeal_steps.c.decision)
    .join(appeals, appeals.c.id == appeal_steps.c.appeal)
    .where(appeals.c.by == "reporter", appeal_steps.c.kind == "overturned")
)


class ReporterDesk:
    """Counts what became of somebody's notices."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def count(self, wanted: ReporterSearch) -> ReporterCounts:
        """Return what became of somebody's notices."""
        ledger = self._ledger
        return await ledger.read(lambda read: count(read, wanted, now=ledger.clock(), rules=ledger.rules))
