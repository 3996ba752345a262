"""Changes of the registry that wait for a second admin: the list, each with what it would do, and the answer to it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.decisions.check_service import CheckService
from service.errors import RegistryConflictError, ReviewError
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import Form, nonce
from service.web.console.presenters.registry_change import shown, shown_import
from service.web.console.second_admin_form import NO_REASON, permitted, read_answer
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit

_Visit = Annotated[Visit, Depends(Visiting("admin", "auditor"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/registry/changes")
async def changes_page(check_service: CurrentCheckService, pages: CurrentPages, visit: _Visit) -> Response:
    """List the changes, those that wait first."""
    found = [shown(one) for one in await check_service.registry.listed()]
    waiting = [one for one in found if one.is_open]
    return pages.page("registry_changes.html", visit, waiting=waiting, over=[one for one in found if not one.is_open])


@router.get("/registry/{change_id}")
async def change_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Visit, change_id: UUID
) -> Response:
    """Show what a change would do, and what this person may do about it."""
    return await _page(check_service, pages, visit, str(change_id), Form({}))


@router.post("/registry/{change_id}/answer")
async def answer_change(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    posted: Annotated[Posted, Depends(Posting("admin"))],
    change_id: UUID,
) -> Response:
    """Record an admin's answer; what is approved is in force then."""
    visit, form = posted
    given = read_answer(form)
    if given is None:
        return await _page(check_service, pages, visit, str(change_id), form.with_errors([NO_REASON]), status=422)
    try:
        await check_service.registry.answer(str(change_id), given, visit.caller, once(request, form))
    except (ReviewError, RegistryConflictError) as error:
        return await _page(check_service, pages, visit, str(change_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/registry/{change_id}", 303)


async def _page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    change_id: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    found = await check_service.registry.show(change_id, visit.caller)
    no_approval, no_answer = await check_service.registry.why_not(change_id, visit.caller)
    return pages.page(
        "registry_change.html",
        visit,
        status=status,
        change=shown(found),
        accounts=shown_import(found.imported) if found.imported else {},
        form=form,
        nonce=nonce(),
        refused=refused,
        **permitted(visit, no_approval, no_answer),
    )
