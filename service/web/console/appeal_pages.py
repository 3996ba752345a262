"""Appeals: what waits for a decision, and one appeal with the case, the decision and the text to send."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from service.decisions.appeal_docket import Opened
from service.decisions.appeal_queries import AppealSearch
from service.decisions.check_service import CheckService
from service.errors import AppealError, ErasedError
from service.schemas.appeals import AppealDecisionIn
from service.schemas.reviews import CheckDetail
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import LABELS, Form, nonce
from service.web.console.presenters import complaint
from service.web.console.presenters.findings import finding
from service.web.console.presenters.pair import Pair, pair_of
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError

PAGE = 50
FINDINGS = 10
_SEES_ALL = ("reviewer", "admin", "auditor")
_NOT_CHOSEN = FieldError(field="found", message="choose what you found")
_NO_NOTE = FieldError(field="note", message="say why, in a few words: it is kept with your decision")
ByReviewer = Annotated[Posted, Depends(Posting("reviewer"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/appeals")
async def docket_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting(*_SEES_ALL))],
    state: Literal["", "upheld", "overturned"] = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """Show what waits for a decision, or what was decided."""
    if state:
        found = await check_service.appeals.search(AppealSearch(state, before=before, limit=PAGE))
        older = f"/appeals?state={state}&before={found.next}" if found.next else ""
        return pages.page("appeals.html", visit, state=state, decided=found.appeals, older=older, said=complaint)
    waiting = await check_service.appeals.docket(visit.caller)
    mine = [one for one in waiting if not one.why_not]
    others = [one for one in waiting if one.why_not]
    return pages.page("appeals.html", visit, state="", mine=mine, others=others, said=complaint)


@router.get("/appeals/{appeal_id}")
async def appeal_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting())],
    appeal_id: UUID,
) -> Response:
    """Show an appeal and what this person may do about it."""
    return await _page(check_service, pages, visit, str(appeal_id), Form({}))


@router.post("/appeals/{appeal_id}/decision")
async def decide(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewer, appeal_id: UUID
) -> Response:
    """Record what this person found."""
    visit, form = posted
    found, reason = complaint.found_of(form.value("found"))
    try:
        given = AppealDecisionIn.model_validate({"found": found, "reason": reason, "note": form.value("note")})
    except ValidationError as error:
        faulty = {fault["loc"][0] for fault in error.errors() if fault["loc"]}
        errors = [_NOT_CHOSEN] if faulty & {"found", "reason"} else []
        errors += [_NO_NOTE] if "note" in faulty else []
        return await _page(check_service, pages, visit, str(appeal_id), form.with_errors(errors), status=422)
    try:
        await check_service.appeals.decide(str(appeal_id), given, visit.caller, once(request, form))
    except AppealError as error:
        return await _page(check_service, pages, visit, str(appeal_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/appeals/{appeal_id}", 303)


@router.post("/appeals/{appeal_id}/lift")
async def lift(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewer, appeal_id: UUID
) -> Response:
    """Lift the action until the appeal is decided."""
    visit, form = posted
    try:
        await check_service.appeals.lift(str(appeal_id), visit.caller, once(request, form))
    except AppealError as error:
        return await _page(check_service, pages, visit, str(appeal_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/appeals/{appeal_id}", 303)


async def _page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    appeal_id: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    opened = await check_service.appeals.opened(appeal_id, visit.caller)
    check, pair = await _case(check_service, visit, opened)
    appeal = opened.appeal
    undecided = appeal.decided_at is None
    return pages.page(
        "appeal.html",
        visit,
        status=status,
        appeal=appeal,
        action=opened.action,
        said=complaint,
        check=check,
        pair=pair,
        findings=_findings(check) if check else [],
        form=form,
        labels=LABELS,
        nonce=nonce(),
        refused=refused,
        choices=complaint.choices(appeal, opened.action),
        why_not=opened.why_not,
        may_decide=undecided and not opened.why_not and pair is not None,
        may_lift=visit.has("reviewer") and appeal.state == "open" and appeal.about == "action",
    )


def _findings(check: CheckDetail) -> list[tuple[str, float]]:
    """Return what weighed most in a check, as its page says it, with the weights."""
    target = check.check.target.handle if check.check.target else ""
    return [(finding(item, target), item.contribution) for item in check.check.evidence[:FINDINGS]]


async def _case(check_service: CheckService, visit: Visit, opened: Opened) -> tuple[CheckDetail | None, Pair | None]:
    """Return the check that the appeal is about, for who sees all checks. A reviewer's look at it is recorded."""
    if not visit.has(*_SEES_ALL):
        return None, None
    try:
        detail = await check_service.show(str(opened.appeal.check_id), visit.caller)
    except ErasedError:
        return None, None
    if detail.erased:
        return detail, None
    target = await check_service.target(str(opened.appeal.check_id), visit.caller)
    return detail, pair_of(detail.account, target, detail.check.checked_at)
