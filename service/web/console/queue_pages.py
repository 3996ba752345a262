"""The reviewers' queue: what waits, as a table, and what is done with it besides answering it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import TypeAdapter, ValidationError

from service.decisions.check_service import CheckService
from service.decisions.queue_marks import MarkKind
from service.decisions.queue_search import PAGE, QueuePage, QueueSearch
from service.errors import ReviewError
from service.schemas.queue_marks import CommentIn
from service.web.api.dependencies import CurrentCheckService
from service.web.console.check_view import not_taken
from service.web.console.forms import nonce
from service.web.console.presenters.queue_rows import rows, why
from service.web.console.queue_work import (
    Searched,
    carried,
    go_on,
    queue_address,
    search_of,
    told_done,
)
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError

_KIND: TypeAdapter[MarkKind] = TypeAdapter(MarkKind)
_NO_COMMENT = FieldError(field="comment", message="say why, in up to 500 characters: it is kept with the check")
# Marks that say why.
_COMMENTED = frozenset({"skip", "escalate"})
ByReviewer = Annotated[Posted, Depends(Posting("reviewer"))]
ByReviewerOrAdmin = Annotated[Posted, Depends(Posting("reviewer", "admin"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/reviews")
async def queue_page(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))],
    wanted: Searched,
    done: UUID | None = None,
) -> Response:
    """Show what waits, as far as it fits what was asked for."""
    told = await told_done(check_service, visit, str(done)) if done else None
    number = request.query_params.get("page", "")
    place = int(number) if number.isascii() and number.isdecimal() and len(number) < len(str(10**6)) else 1
    has_ended = request.query_params.get("empty") == "yes"
    return await _page(check_service, pages, visit, wanted, place=max(place, 1), told=told, has_ended=has_ended)


@router.post("/reviews/next")
async def next_check(request: Request, check_service: CurrentCheckService, posted: ByReviewer) -> Response:
    """Claim what comes next, and go there."""
    visit, form = posted
    return await go_on(request, check_service, visit, form)


@router.post("/reviews/mark")
async def mark_here(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewer
) -> Response:
    """Claim or release a check, and show the queue again."""
    visit, form = posted
    wanted = search_of(form.value("queue"))
    for kind in ("claim", "release"):
        try:
            check_id = str(UUID(form.value(kind)))
        except ValueError:
            continue
        try:
            idempotency = once(request, form, f"{kind} {check_id}")
            await check_service.queue.mark(_KIND.validate_python(kind), check_id, visit.caller, idempotency)
        except ReviewError as error:
            return await _page(check_service, pages, visit, wanted, refused=error.message, status=409)
        return RedirectResponse(queue_address(wanted, done=check_id), 303)
    return RedirectResponse(queue_address(wanted), 303)


@router.post("/checks/{check_id}/mark")
async def mark(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    posted: ByReviewerOrAdmin,
    check_id: UUID,
) -> Response:
    """Claim, release, skip or escalate a check from its page, or settle an escalation."""
    visit, form = posted
    try:
        kind = _KIND.validate_python(form.value("mark"))
    except ValidationError:  # which no page of ours sends
        return RedirectResponse(f"/checks/{check_id}", 303)
    if kind != "settle":
        visit.caller.require("reviewer")
    try:
        comment = CommentIn(comment=form.value("comment")).comment if kind in _COMMENTED else ""
        await check_service.queue.mark(kind, str(check_id), visit.caller, once(request, form, kind), comment)
    except ValidationError:
        return await not_taken(check_service, pages, visit, str(check_id), form, [_NO_COMMENT])
    except ReviewError as error:
        return await not_taken(check_service, pages, visit, str(check_id), form, error)
    if form.value("queue") and kind in _COMMENTED:
        return await go_on(request, check_service, visit, form, str(check_id))
    if form.value("queue") and kind == "release":
        return RedirectResponse(queue_address(search_of(form.value("queue")), done=str(check_id)), 303)
    return RedirectResponse(f"/checks/{check_id}", 303)


async def _page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    wanted: QueueSearch,
    *,
    place: int = 1,
    told: tuple[str, str] | None = None,
    has_ended: bool = False,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    found = await check_service.queue.find(visit.caller, wanted)
    last = max(1, -(-len(found.groups) // PAGE))
    place = min(place, last)
    shown = found.groups[(place - 1) * PAGE : place * PAGE]
    return pages.page(
        "queue.html",
        visit,
        status=status,
        found=found,
        groups=list(rows(shown, found.mine, visit.caller, check_service.clock())),
        wanted=wanted,
        carried=carried(wanted),
        reasons=_reasons(found, wanted),
        platforms=[(name, name) for name in sorted({*found.platforms, wanted.platform} - {""})],
        before=queue_address(wanted, page=str(place - 1)) if place > 1 else "",
        after=queue_address(wanted, page=str(place + 1)) if place < last else "",
        place=place,
        last=last,
        nonce=nonce(),
        told=told,
        has_ended=has_ended,
        refused=refused,
    )


def _reasons(found: QueuePage, wanted: QueueSearch) -> list[tuple[str, str]]:
    """Return the reasons that can be asked for, and what they say, in the order of that."""
    codes = {*found.reasons, wanted.reason} - {""}
    return sorted(((code, why(code)) for code in codes), key=lambda one: one[1])
