"""Reading appeals: one as it goes on the wire, with what to do and to say now, or many by state and due time.

Rules:

1. What people wrote, and who did what, is for reviewers, admins and auditors. Whoever hands appeals in sees the rest.
2. The text names the reported account's public handle and nobody else. Of an erased account there is none.
3. That an appeal is overdue is said, and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, select

from service.auth.api_keys import Caller
from service.decisions.appeal_records import DECIDED, LIFTED, Appeal, appeals_of, find_appeal, with_steps
from service.decisions.recorded import SEES_ALL, Decision, Read, find_decision, is_visible
from service.errors import UnknownAppealError, UnknownLanguageError
from service.records.tables import appeal_steps, appeals, decisions, moment
from service.schemas.appeals import AppealDetail, AppealLine, AppealOut, AppealPage, AppealState, AppealStep
from service.schemas.checks import EntryOut
from service.texts.catalogue import DEFAULT, Catalogue, language_of
from service.texts.compose import Written, appeal_text

_DECIDE = (
    "Somebody who has not dealt with the case before looks at the check, GET /v1/checks/{check_id}, and decides by "
    "{due}: POST /v1/appeals/{appeal_id}/decision."
)
_NEXT = {
    ("open", "action"): _DECIDE + " Until then POST /v1/appeals/{appeal_id}/lift can lift the action.",
    ("open", "decline"): _DECIDE,
    ("lifted", "action"): "Undo the action on the platform until the appeal is decided. " + _DECIDE,
    ("upheld", "action"): "Tell the person. If the action was lifted, ask for a fresh check before it is taken again.",
    ("overturned", "action"): "Undo the action on the platform now, and tell the person.",
    ("upheld", "decline"): "Tell the reporter. The account is left as it is.",
    (
        "overturned",
        "decline",
    ): "Tell the reporter, and ask for a fresh check of the account as it is now. It takes what "
    "any other takes: this decision clears nothing.",
}
_SECURE = " Secure the account before it is given back: somebody else had taken it over."


def appeal_out(appeal: Appeal, decision: Decision, now: datetime, entry: EntryOut | None = None) -> AppealOut:
    """Return an appeal as whoever handed it in may see it."""
    written, decided = _written(appeal, decision), appeal.decided
    language = _language(appeal)
    return AppealOut(
        **appeal_line(appeal, now).model_dump(),
        check_id=appeal.row.decision,
        platform=decision.row.platform,
        account_id=decision.row.account_id,
        handle=decision.row.handle,
        handle_as_written=decision.written_handle,
        decided_at=moment(decided.at) if decided else None,
        reason=decided.reason if decided else None,
        language=language,
        direction=Catalogue.of(language).direction,
        subject=written and written.subject,
        text=written and written.text,
        next_step=_next_step(appeal),
        entry=entry,
    )


def appeal_line(appeal: Appeal, now: datetime) -> AppealLine:
    """Return an appeal in short."""
    return AppealLine(
        appeal_id=appeal.row.id,
        about=appeal.row.about,
        by=appeal.row.by,
        state=appeal.state,
        received_at=moment(appeal.row.received_at),
        due_at=moment(appeal.row.due_at),
        overdue=appeal.is_overdue(now),
    )


def appeal_lines(read: Read, check_id: str, now: datetime) -> list[AppealLine]:
    """Return the appeals of a check in short, in the order in which they came."""
    return [appeal_line(one, now) for one in appeals_of(read, check_id)]


def appeal_detail(read: Read, appeal_id: str, caller: Caller, now: datetime) -> AppealDetail:
    """Return an appeal as this person may see it: rule 1.

    Raises
    ------
    UnknownAppealError
        If there is none, or not for this caller.
    """
    appeal = find_appeal(read, appeal_id)
    decision = find_decision(read, appeal.row.decision)
    if not (is_visible(decision, caller) or "executor" in caller.roles):
        raise UnknownAppealError("there is no appeal with this number")
    sees_all = bool(caller.roles & SEES_ALL)
    return AppealDetail(
        **appeal_out(appeal, decision, now).model_dump(),
        received_by=appeal.row.actor if sees_all else None,
        arguments=appeal.row.arguments if sees_all else None,
        contact=appeal.row.contact if sees_all else None,
        steps=[
            AppealStep(kind=step.kind, at=moment(step.at), reason=step.reason or None, actor=step.actor, note=step.note)
            for step in (appeal.steps if sees_all else ())
        ],
    )


@dataclass(frozen=True, slots=True)
class AppealSearch:
    """Which appeals to look for; what is ``None`` does not matter.

    Attributes
    ----------
    by_due_time : bool
        Whether what is due first comes first: of what nobody has decided, unless a state is named, and in one page.
    """

    state: AppealState | None = None
    check_id: str | None = None
    before: int | None = None
    limit: int = 50
    by_due_time: bool = False


def search(read: Read, wanted: AppealSearch, now: datetime) -> AppealPage:
    """Return the appeals that fit, the newest first, or what is due first."""
    rows = read(_query(wanted).limit(wanted.limit + 1))
    found = with_steps(read, rows[: wanted.limit])
    about = read(select(decisions).where(decisions.c.id.in_([one.row.decision for one in found])))
    by_check = {row.id: Decision.of(row) for row in about}
    more = len(rows) > len(found) and not wanted.by_due_time
    out = [appeal_out(one, by_check[one.row.decision], now) for one in found]
    return AppealPage(appeals=out, next=found[-1].row.seq if more else None)


def _query(wanted: AppealSearch) -> Select[tuple[object, ...]]:
    query = select(appeals)
    if wanted.check_id is not None:
        query = query.where(appeals.c.decision == wanted.check_id)
    undecided, lifted = ~_has(*DECIDED), _has(LIFTED)
    if wanted.state in DECIDED:
        query = query.where(_has(wanted.state))
    elif wanted.state is not None:
        query = query.where(and_(undecided, lifted if wanted.state == LIFTED else ~lifted))
    if wanted.by_due_time:
        query = query if wanted.state else query.where(undecided)
        return query.order_by(appeals.c.due_at, appeals.c.seq)
    if wanted.before is not None:
        query = query.where(appeals.c.seq < wanted.before)
    return query.order_by(appeals.c.seq.desc())


def _has(*kinds: str) -> ColumnElement[bool]:
    return exists().where(appeal_steps.c.appeal == appeals.c.id, appeal_steps.c.kind.in_(kinds))


def _language(appeal: Appeal) -> str:
    """Return the language of an appeal's texts: the one that was asked for, or English where there are none in it."""
    try:
        return language_of(appeal.row.language)
    except UnknownLanguageError:
        return DEFAULT


def _written(appeal: Appeal, decision: Decision) -> Written | None:
    if decision.is_erased:
        return None
    row, decided = appeal.row, appeal.decided
    return appeal_text(
        "received" if appeal.state == "open" else appeal.state,
        row.about,
        decision.account().handle,
        _language(appeal),
        reason=decided.reason if decided else None,
        due_at=moment(row.due_at),
    )


def _next_step(appeal: Appeal) -> str:
    row, decided = appeal.row, appeal.decided
    due = f"{moment(row.due_at):%-d %B %Y at %H:%M} UTC"
    said = _NEXT[appeal.state, row.about].format(check_id=row.decision, appeal_id=row.id, due=due)
    return said + _SECURE if decided is not None and decided.reason == "hijacked" else said
