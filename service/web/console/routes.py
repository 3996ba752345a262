"""All routes of the pages, with those that belong to no page of a person: the reference and the files of every page."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from service.web.console import (
    appeal_pages,
    asker_pages,
    batch_pages,
    batch_row_pages,
    check_pages,
    decline_pages,
    demand_pages,
    download_pages,
    finding_pages,
    history_pages,
    import_pages,
    intake_pages,
    overview_pages,
    people_pages,
    protected_pages,
    provider_pages,
    quality_pages,
    queue_pages,
    registry_pages,
    second_look_pages,
    settings_pages,
    sign_in_pages,
    text_pages,
)
from service.web.console.reference_pages import reference
from service.web.console.session_guard import AnyVisit
from service.web.console.templates import STATIC, CurrentPages, speaking
from service.web.problems import PROBLEMS

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, dependencies=[Depends(speaking)])
for pages_ in (
    sign_in_pages,
    provider_pages,
    check_pages,
    download_pages,
    queue_pages,
    history_pages,
    batch_row_pages,  # before the files of a batch, whose names are the same part of an address
    batch_pages,
    appeal_pages,
    demand_pages,
    second_look_pages,
    intake_pages,
    finding_pages,
    text_pages,
    protected_pages,
    import_pages,
    people_pages,
    settings_pages,
    registry_pages,  # after what else is below its address
    decline_pages,
    asker_pages,
    overview_pages,
    quality_pages,
):
    router.include_router(pages_.router)


@router.get("/docs")
async def reference_page(request: Request, pages: CurrentPages, visit: AnyVisit) -> HTMLResponse:
    """Show the HTTP interface."""
    return pages.page("docs.html", visit, api=reference(request.app.openapi()), problems=list(PROBLEMS.values()))


@router.get("/static/{name}")
async def static_file(name: str) -> Response:
    """Give a file that pages name."""
    if name not in STATIC:
        raise HTTPException(404)
    return STATIC[name].response()
