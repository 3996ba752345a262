"""Reading what was recorded of checks: one with its history, or many by account, actor, verdict and time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from classifier.accounts.canonical.handles import read_handle
from classifier.accounts.canonical.platforms import canonical_platform
from classifier.accounts.identity import identity_key
from classifier.errors import InputError
from service.auth.api_keys import Caller
from service.decisions import account_warnings, known_cases, overdue, second_looks
from service.decisions.appeal_queries import appeal_lines
from service.decisions.asker_steps import WITHDRAWN, is_held, steps_of
from service.decisions.history_search import Page, has_part
from service.decisions.newest import (
    Found,
    about,
    acted_by,
    answered_by,
    asked_by,
    names_of,
    newest,
    since,
    until,
    with_outcome,
)
from service.decisions.recorded import (
    SEES_ALL,
    Decision,
    Read,
    clearance_state,
    is_triage,
    is_visible,
    on_platform,
)
from service.decisions.review_queue import waiting
from service.decisions.review_state import find_review, review_out
from service.limits import Rules
from service.records.people import people_of
from service.records.tables import WAS_ASKED, clearances, decisions, log, moment, outcomes
from service.schemas.checks import CheckResponse, EntryOut
from service.schemas.notices import NoticeOut
from service.schemas.reviews import (
    ActorOut,
    CheckDetail,
    CheckLine,
    CheckPage,
    ClearanceStatus,
    HistoryLine,
    OutcomeOut,
    WithdrawalOut,
)


def detail(read: Read, decision: Decision, caller: Caller, *, now: datetime, rules: Rules) -> CheckDetail:
    """Return a decision with all that became of it, as far as this person may know."""
    row, check_id = decision.row, decision.row.id
    request = decision.record["request"]
    history = read(second_looks.told(log.c.subject == check_id, caller))
    issued = read(select(clearances).where(clearances.c.decision == check_id).order_by(clearances.c.seq))
    found = read(select(outcomes).where(outcomes.c.decision == check_id).order_by(outcomes.c.seq))
    own = next(line for line in history if line.seq == row.seq)
    review = find_review(read, decision, now=now, rules=rules)
    steps = steps_of(read, [check_id])[check_id]
    warned = known_cases.warnings_of(read, decision)
    has_ended = any(True for _ in account_warnings.since(warned, decision))
    return CheckDetail(
        check=CheckResponse(**decision.answer, entry=EntryOut(seq=own.seq, hash=own.hash)),
        action=request["action"],
        actor=ActorOut(**request["actor"]),
        caller=row.caller,
        account=decision.record["account"],
        report=request["report"],
        triage=is_triage(row),
        reports=request.get("reports"),
        notice=_notice(decision, caller),
        external_ref=request.get("external_ref"),
        subject_url=request.get("subject_url"),
        erased=decision.is_erased,
        held=is_held(steps),
        withdrawn=_withdrawal(steps.get(WITHDRAWN)),
        review=review_out(decision, review, rules),
        clearances=[
            ClearanceStatus(
                clearance_id=clearance.id,
                issued_at=moment(clearance.issued_at),
                expires_at=moment(clearance.expires_at),
                state=clearance_state(clearance, now),
                actor=clearance.given_to,
            )
            for clearance in issued
        ],
        outcomes=[outcome_out(outcome) for outcome in found],
        appeals=appeal_lines(read, check_id, now),
        warnings=[account_warnings.warning_out(warning, decision) for warning in warned],
        history=[
            HistoryLine(
                seq=entry.seq, at=moment(entry.at), kind=entry.kind, data=json.loads(entry.data), hash=entry.hash
            )
            for entry in history
        ],
        falls_to=overdue.falls_to(decision, review, has_ended=has_ended, now=now, rules=rules),
    )


def _notice(decision: Decision, caller: Caller) -> NoticeOut | None:
    """Return who reports and why, for whoever gave it and for those who judge: an actor need not know the reporter."""
    given = decision.record["request"].get("notice")
    sees = caller.roles & SEES_ALL or caller.is_called(decision.row.caller)
    return NoticeOut.model_validate(given) if given and sees else None


def _withdrawal(row: Row[Any] | None) -> WithdrawalOut | None:
    return None if row is None else WithdrawalOut(reason=row.reason, actor=row.actor, at=moment(row.at))


def outcome_out(row: Any, entry: EntryOut | None = None) -> OutcomeOut:
    """Return an outcome as it goes on the wire."""
    return OutcomeOut(
        check_id=row.decision,
        outcome=row.outcome,
        relation=row.relation,
        note=row.note,
        actor=row.actor,
        at=moment(row.at),
        entry=entry,
    )


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; what is ``None`` does not matter.

    Attributes
    ----------
    part : str or None
        A part of the handle; only with ``since``, which ``history_search.period_of_part`` gives.
    target : str or None
        The handle of the protected account that was found.
    person : str or None
        Who asked, acted or answered.
    """

    platform: str | None = None
    account_id: str | None = None
    handle: str | None = None
    actor: str | None = None
    verdict: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50
    part: str | None = None
    target: str | None = None
    person: str | None = None


def search(read: Read, wanted: Search, caller: Caller) -> CheckPage:
    """Return the checks that fit, the newest first; an agent finds only those that are the agent's own."""
    found = search_rows(read, wanted, caller)
    return CheckPage(checks=[_line(row) for row in found.rows], next=found.next)


def search_rows(read: Read, wanted: Search, caller: Caller) -> Page:
    """Return the rows of ``search``."""
    limit = wanted.limit + 1
    groups = list(_groups(read, wanted, caller))
    if wanted.part is not None:
        rows = _with_part(read, wanted, groups, caller, limit)
    else:
        # An account has few checks, so they are gone through; of anything else the first that is wanted finds them.
        first = None if wanted.account_id or wanted.handle else next(iter(groups), None)
        where = [*_conditions(wanted, caller), *(one.condition for one in groups if one is not first)]
        rows = newest(read, first, where, limit)
    shown = list(rows[: wanted.limit])
    return Page(shown, shown[-1].seq if len(rows) > len(shown) else None)


def _conditions(wanted: Search, caller: Caller) -> Iterator[ColumnElement[bool]]:
    """Yield what has to hold of a row of the search."""
    if wanted.platform is not None:
        platform = canonical_platform(wanted.platform) or wanted.platform.lower()
        yield on_platform(platform) if wanted.account_id or wanted.handle else decisions.c.platform == platform
    for column, value in (
        (decisions.c.account_id, wanted.account_id),
        (decisions.c.handle, wanted.handle and identity_key(_handle(wanted.handle))),
        (decisions.c.verdict + "", wanted.verdict),  # by no index: of a verdict there are very many
    ):
        if value is not None:
            yield column == value
    if wanted.since:
        yield from since(wanted.since)
    if wanted.until:
        yield from until(wanted.until)
    if wanted.before is not None:
        yield decisions.c.seq < wanted.before
    if not second_looks.may_know(caller):
        yield WAS_ASKED


def _groups(read: Read, wanted: Search, caller: Caller) -> Iterator[Found]:
    """Yield what finds checks by each thing that is wanted and no column of theirs, the likely rarest first."""
    people = people_of(read)
    if wanted.person is not None:
        names = names_of(read, wanted.person, people)
        yield acted_by(names) | answered_by(names)
    if wanted.outcome:
        yield with_outcome(wanted.outcome)
    if wanted.target is not None:
        yield about(_handle(wanted.target))
    if wanted.actor is not None:
        yield acted_by(names_of(read, wanted.actor, people))
    if not caller.roles & SEES_ALL:
        names = names_of(read, caller.actor, people)
        yield acted_by(names) | asked_by(names)


def _with_part(read: Read, wanted: Search, groups: Sequence[Found], caller: Caller, limit: int) -> Sequence[Row[Any]]:
    """Return what has a part of a handle, by the index of times and handles: none is used for the order."""
    where = (has_part(wanted.part or ""), *_conditions(wanted, caller), *(one.condition for one in groups))
    return read(select(decisions).where(*where).order_by((decisions.c.seq + 0).desc()).limit(limit))


def due_first(read: Read, caller: Caller, limit: int, *, now: datetime, rules: Rules) -> CheckPage:
    """Return what waits for a second person, what is due first coming first; of an agent's only the agent's own."""
    queue = waiting(read, caller, now=now, rules=rules)
    seen = [item for item in (*queue.mine, *queue.others) if is_visible(item.decision, caller)]
    seen.sort(key=lambda item: (item.due_at, item.decision.row.seq))
    lines = [
        _line(item.decision.row).model_copy(update={"escalated": item.escalated, "falls_to": item.falls_to})
        for item in seen[:limit]
    ]
    return CheckPage(checks=lines, next=None)


def _line(row: Row[Any]) -> CheckLine:
    decision = Decision.of(row)
    return CheckLine(
        check_id=row.id,
        checked_at=moment(row.at),
        verdict=row.verdict,
        action=row.action,
        actor=row.actor,
        platform=row.platform,
        account_id=row.account_id,
        handle=row.handle,
        handle_as_written=decision.written_handle,
        due=decision.answer.get("due"),
    )


def _handle(text: str) -> str:
    """Return the handle that is searched for, in any spelling; what is none is looked for as it is."""
    try:
        return read_handle(text).handle
    except InputError:
        return text
