"""Declining several checks with one reason: their evidence on one page, then each declined as by its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.decisions.queue_search import PAGE
from service.decisions.review_queue import Waiting
from service.errors import ReviewError, UnknownCheckError
from service.schemas.reviews import CheckApprovalIn
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import LABELS, Form, nonce
from service.web.console.presenters.common_reasons import COMMON_REASONS, reason_of
from service.web.console.presenters.queue_rows import several
from service.web.console.queue_work import queue_address, search_of
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError

# What begins the names of the fields that choose checks: each has a name of its own, with the check's number.
_PICK = "pick-"
_NO_REASON = FieldError(
    field="reason", message="choose a reason or say why in a few words: it is kept with each answer"
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/reviews/decline")
async def choose(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("reviewer"))],
    pick: Annotated[list[UUID] | None, Query(max_length=PAGE)] = None,
    queue: str = "",
) -> Response:
    """Show the evidence of some checks, and the form that declines them. That they were shown is recorded."""
    if not pick:
        return RedirectResponse(queue_address(search_of(queue)), 303)
    ids = list(dict.fromkeys(map(str, pick)))
    found = await check_service.queue.show_several(ids, visit.caller)
    return _page(pages, visit, Form({"queue": queue}), found)


@router.post("/reviews/decline")
async def decline(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    posted: Annotated[Posted, Depends(Posting("reviewer"))],
) -> Response:
    """Decline each of the checks that were chosen, and say which were not."""
    visit, form = posted
    ids = _picked(form)
    try:
        reason = reason_of("decline", form.value("because"), form.value("reason"))
        given = CheckApprovalIn(answer="decline", reason=reason)
    except ValueError:  # pydantic's errors are such as well
        found = await check_service.queue.show_several(ids, visit.caller)
        return _page(pages, visit, form.with_errors([_NO_REASON]), found, status=422)
    handles = {
        item.decision.row.id: item.account.handle for item in await check_service.queue.several(ids, visit.caller)
    }
    refused = {}
    for check_id in ids:
        try:
            await check_service.approve(check_id, given, visit.caller, once(request, form, check_id))
        except (ReviewError, UnknownCheckError) as error:
            refused[check_id] = error.message
    return pages.page(
        "declined.html",
        visit,
        declined=[(check_id, handles.get(check_id, "")) for check_id in ids if check_id not in refused],
        refused=[(check_id, handles.get(check_id, ""), why) for check_id, why in refused.items()],
        back=queue_address(search_of(form.value("queue"))),
    )


def _picked(form: Form) -> list[str]:
    """Return the numbers of the checks that a form chooses, each once."""
    found = []
    for name in form.values:
        if name.startswith(_PICK):
            try:
                found.append(str(UUID(name.removeprefix(_PICK))))
            except ValueError:  # which no page of ours sends
                continue
    return list(dict.fromkeys(found))[:PAGE]


def _page(pages: Pages, visit: Visit, form: Form, found: Sequence[Waiting], status: int = 200) -> HTMLResponse:
    return pages.page(
        "decline.html",
        visit,
        status=status,
        form=form,
        labels=LABELS,
        nonce=nonce(),
        common_reasons={"decline": COMMON_REASONS["decline"]},
        cases=[several(item, visit.caller, pages.check_service.clock()) for item in found],
        back=queue_address(search_of(form.value("queue"))),
    )
