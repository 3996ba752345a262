"""The pages for people: a person signs in, checks an account, answers for others, and sees what became of it.

HTML, style sheets and one script of this host; everything works without the script. ``templates`` makes
them, ``session_guard`` says who asks, and each ``..._pages`` has the routes of one page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from service.decisions.check_service import Desk
from service.settings import Settings
from service.web.console.batch_pages import batches_router
from service.web.console.check_pages import Checking
from service.web.console.error_pages import page_responder
from service.web.console.history_pages import history_router
from service.web.console.queue_pages import queue_router
from service.web.console.reference_pages import reference
from service.web.console.session_guard import Guard
from service.web.console.sign_in_pages import sign_in_router
from service.web.console.templates import STATIC, Pages
from service.web.problems import PROBLEMS

__all__ = ["console_router", "page_responder"]


def console_router(desk: Desk, pages: Pages, settings: Settings, *, openapi: Callable[[], dict[str, Any]]) -> APIRouter:
    """Return the routes of the pages.

    Parameters
    ----------
    openapi : callable
        Gives the document that the reference shows.
    """
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    guard = Guard(desk, demo=pages.demo)
    checking = Checking(desk, guard, pages)
    router.include_router(sign_in_router(desk, guard, pages, resume=checking.resumed))
    router.include_router(checking.router())
    router.include_router(queue_router(desk, guard, pages))
    router.include_router(history_router(desk, guard, pages))
    router.include_router(batches_router(desk, guard, pages, settings))

    @router.get("/docs")
    async def reference_page(request: Request) -> HTMLResponse:
        visit = await guard.find(request)
        return pages.page("docs.html", visit, api=reference(openapi()), problems=list(PROBLEMS.values()))

    @router.get("/static/{name}")
    async def static_file(name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        return STATIC[name].response()

    return router
