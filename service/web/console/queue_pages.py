"""What waits for a second person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from classifier.utils.percent import percent
from service.web.api.dependencies import CurrentCheckService
from service.web.console.presenters.spans import span
from service.web.console.session_guard import Visiting
from service.web.console.templates import CurrentPages, Visit

SHOWN = 50


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/reviews")
async def queue_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))],
) -> Response:
    """Show what waits."""
    queue = await check_service.waiting(visit.caller)
    return pages.page("queue.html", visit, queue=queue, shown=SHOWN, span=span, percent=percent)
