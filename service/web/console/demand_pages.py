"""Demands: what accounts were asked to change, by when, the text to send, and a look at whether they did."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from classifier.errors import InputError
from service.decisions.check_service import CheckService
from service.decisions.demands import CLOSED, DemandSearch
from service.errors import DemandError
from service.schemas.demands import DemandOut, DemandState
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import LABELS, Form, nonce, read_look
from service.web.console.presenters import demand as said
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import field_errors

PAGE = 50
# Of what waits, so many of each state: the rest comes up as these are answered.
WAITING = 200

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/demands")
async def demands_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("executor", "reviewer", "admin", "auditor"))],
    state: Literal["", "met", "unmet", "withdrawn"] = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """List what waits, what is due first; or what was answered."""
    if state:
        found = await check_service.search_demands(DemandSearch(state, before=before, limit=PAGE))
        older = f"/demands?state={state}&before={found.next}" if found.next else ""
        return pages.page("demands.html", visit, state=state, demands=found.demands, older=older, said=said)
    waiting = [one for each in said.WAITING for one in await _waiting(check_service, each)]
    return pages.page("demands.html", visit, state="", demands=waiting, older="", said=said)


async def _waiting(check_service: CheckService, state: DemandState) -> list[DemandOut]:
    found = await check_service.search_demands(DemandSearch(state, limit=WAITING))
    return sorted(found.demands, key=lambda one: one.due_at)


@router.get("/demands/{demand_id}")
async def demand_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting())],
    demand_id: UUID,
) -> Response:
    """Show a demand, the text to send, and a form for the profile as it is now."""
    return await _page(check_service, pages, visit, str(demand_id), None)


@router.post("/demands/{demand_id}/look")
async def look(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    posted: Annotated[Posted, Depends(Posting())],
    demand_id: UUID,
) -> Response:
    """Record what the profile shows now."""
    visit, form = posted
    try:
        await check_service.look_at_demand(str(demand_id), read_look(form), visit.caller, once(request, form))
    except (InputError, RequestValidationError) as error:
        corrected = form.with_errors(field_errors(error))
        return await _page(check_service, pages, visit, str(demand_id), corrected, status=422)
    except DemandError as error:
        return await _page(check_service, pages, visit, str(demand_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/demands/{demand_id}", 303)


async def _page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    demand_id: str,
    form: Form | None,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    found = await check_service.find_demand(demand_id, visit.caller)
    return pages.page(
        "demand.html",
        visit,
        status=status,
        demand=found,
        said=said,
        # The id says which account it is. What may have changed is left for the person who looks.
        form=form or Form({"platform": found.platform, "account_id": found.account_id}),
        labels=LABELS,
        nonce=nonce(),
        refused=refused,
        may_look=found.state not in CLOSED,
    )
