"""What waits for a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from classifier.utils.percent import percent
from service.web.api.dependencies import CurrentCheckService
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


def span(time: timedelta) -> str:
    """Return how long something is, as people say it.

    Examples
    --------
    >>> span(timedelta(minutes=1)), span(timedelta(hours=5)), span(timedelta(days=3)), span(timedelta(seconds=4))
    ('1 minute', '5 hours', '3 days', 'less than a minute')
    """
    minutes = int(time.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= size * (2 if unit != "minute" else 1):
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
