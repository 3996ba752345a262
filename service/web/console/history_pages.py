"""What was checked and what became of it: of one account, of one person, of all; to look at, and to take away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from service.auth.api_keys import Caller
from service.decisions.audit_desk import HistoryPage
from service.decisions.case_file import Step
from service.decisions.check_service import CheckService
from service.decisions.downloads import HISTORY
from service.decisions.history_search import PART_DAYS
from service.decisions.queries import Search
from service.decisions.recorded import MARKED, Decision
from service.web.api.dependencies import CurrentCheckService
from service.web.console.history_form import FIELDS, CurrentAsked
from service.web.console.presenters.history_export import WRITERS, exported
from service.web.console.presenters.standing import Standing, standing
from service.web.console.presenters.timeline import Event, said
from service.web.console.session_guard import Visiting
from service.web.console.templates import CurrentPages, Visit

PAGE = 25
# Checks that are read at once for a file: some megabytes of records.
TOGETHER = 200
# Where the files are, so that they may take as long as those of batches.
FILES = "/history/export"


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Anybody = Annotated[Visit, Depends(Visiting())]


@router.get("/history")
async def history_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: Anybody, asked: CurrentAsked
) -> Response:
    """Show the checks that fit what was asked for."""
    found = await check_service.audit.history(replace(asked.wanted, limit=PAGE), visit.caller)
    too_old = check_service.clock() - check_service.rules.review_time
    return pages.page(
        "history.html",
        visit,
        asked=asked.fields,
        labels=FIELDS,
        filtered=bool(asked.given),
        period=asked.period,
        is_shortened=asked.is_shortened,
        part_days=PART_DAYS,
        checks=[_line(decision, happened, too_old) for decision, happened in found.checks],
        older=asked.address("/history", before=str(found.next)) if found.next else "",
        downloads=[(one, _fields(one.searched)) for one in await check_service.audit.noted(visit.caller)],
        files={name: asked.address(f"{FILES}/{name}") for name in WRITERS},
    )


@router.get("/history/export/{name}")
async def export_history(
    check_service: CurrentCheckService, visit: Anybody, name: str, asked: CurrentAsked
) -> Response:
    """Give all checks that fit as a file, the newest first, a page after the other. That it is sent is recorded."""
    if name not in WRITERS:
        raise HTTPException(404)
    wanted = replace(asked.wanted, limit=TOGETHER, before=None)
    first = await check_service.audit.history(wanted, visit.caller)  # what fails here is still a page
    await check_service.audit.note(HISTORY, name, visit.caller, asked.given)
    writer = WRITERS[name]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = _written(check_service, first, wanted, visit.caller, name)
    return StreamingResponse(content, media_type=writer.media_type, headers=headers)


async def _written(
    check_service: CheckService, page: HistoryPage, wanted: Search, caller: Caller, name: str
) -> AsyncIterator[bytes]:
    writer = WRITERS[name]
    yield writer.head()
    while True:
        too_old = check_service.clock() - check_service.rules.review_time
        yield writer.lines(exported(decision, happened, too_old) for decision, happened in page.checks)
        if page.next is None:
            return
        page = await check_service.audit.history(replace(wanted, before=page.next), caller)


def _fields(searched: Sequence[str]) -> str:
    """Return by what a history was searched, as the form calls it."""
    return ", ".join(FIELDS[name] for name in searched)


def _line(decision: Decision, steps: list[Step], too_old: datetime) -> tuple[Decision, Standing, list[Event]]:
    is_late = decision.at <= too_old
    return decision, standing(decision.row.verdict, steps, is_late=is_late), _events(steps)


def _events(steps: list[Step]) -> list[Event]:
    """Return what became of a check: who only looked, or took it in the queue, or gave it back, changed nothing."""
    return [_event(step) for step in steps if _is_told(step)]


def _is_told(step: Step) -> bool:
    if step.kind == MARKED:
        return step.data["mark"] not in {"claim", "release"}
    return step.kind != "evidence_shown"


def _event(step: Step) -> Event:
    what, who, tone = said(step.kind, step.data)
    return Event(step.at, what, who, tone)
