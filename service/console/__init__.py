"""The pages for people: a person signs in, checks an account, answers for others, and sees what became of it.

HTML, style sheets and one script of this host; everything works without the script. ``pages`` makes them, ``guard``
says who asks, and each other module has the routes of one page, or makes what a page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from service.console.bulk import batches_router
from service.console.checking import Checking
from service.console.failures import page_responder
from service.console.guard import Guard
from service.console.history import history_router
from service.console.pages import STATIC, Pages
from service.console.queue import queue_router
from service.console.reference import reference
from service.console.sign_in import sign_in_router
from service.decisions.check_service import Desk
from service.problems import PROBLEMS
from service.settings import Settings

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
