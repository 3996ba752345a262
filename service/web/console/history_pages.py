"""What was checked and what became of it: of one account, of one actor, of all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from service.decisions.case_file import Step
from service.decisions.queries import Search
from service.decisions.recorded import MARKED
from service.schemas.reviews import CheckLine
from service.web.api.dependencies import CurrentCheckService
from service.web.console.presenters.standing import Standing, standing
from service.web.console.presenters.timeline import Event, said
from service.web.console.session_guard import Visiting
from service.web.console.templates import CurrentPages, Visit

PAGE = 25
_Word = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]
_Verdict = Literal["", "cleared", "needs_review", "refused"]


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/history")
async def history_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting())],
    platform: _Word = "",
    handle: _Word = "",
    account_id: _Word = "",
    actor: _Word = "",
    verdict: _Verdict = "",
    outcome: Literal["", "upheld", "overturned"] = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """Show the checks that fit what was asked for."""
    asked = {"platform": platform, "handle": handle, "account_id": account_id, "actor": actor}
    asked |= {"verdict": verdict, "outcome": outcome}
    given = {name: value.strip().removeprefix("@") for name, value in asked.items() if value.strip()}
    wanted = Search(
        platform=given.get("platform"),
        account_id=given.get("account_id"),
        handle=given.get("handle"),
        actor=given.get("actor"),
        verdict=given.get("verdict"),
        outcome=given.get("outcome"),
        before=before,
        limit=PAGE,
    )
    found = await check_service.search(wanted, visit.caller)
    too_old = check_service.clock() - check_service.rules.review_time
    happened = await check_service.steps([str(line.check_id) for line in found.checks], visit.caller)
    return pages.page(
        "history.html",
        visit,
        asked=asked,
        filtered=bool(given),
        checks=[_line(line, happened[str(line.check_id)], too_old) for line in found.checks],
        older=f"/history?{urlencode(given | {'before': str(found.next)})}" if found.next else "",
    )


def _line(line: CheckLine, steps: Sequence[Step], too_old: datetime) -> tuple[CheckLine, Standing, list[Event]]:
    is_late = line.checked_at <= too_old
    return (
        line,
        standing(line.verdict, steps, is_late=is_late),
        [_event(step) for step in steps if not _is_a_claim(step)],
    )


def _is_a_claim(step: Step) -> bool:
    """Tell whether somebody only took, or gave back, a check in the queue: nothing became of it."""
    return step.kind == MARKED and step.data["mark"] in {"claim", "release"}


def _event(step: Step) -> Event:
    what, who, tone = said(step.kind, step.data)
    return Event(step.at, what, who, tone)
