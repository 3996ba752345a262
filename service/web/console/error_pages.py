"""Errors as pages: the same table as the HTTP interface's, for people who opened an address in a browser."""

from __future__ import annotations

import logging
from contextlib import suppress
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.types import Scope

from classifier.errors import DoublecheckError
from service.texts.recorded import recorded
from service.texts.wording import Message, Words, gettext
from service.utils.traces import place
from service.web.console.session_guard import SignedOutError, find_visit
from service.web.console.sign_in_form import sign_in
from service.web.console.templates import Pages
from service.web.problems import Respond, problem_of, problem_response

log = logging.getLogger(__name__)

_NEXT = Words(
    {
        401: "Sign in, then open the page again.",
        403: "If you need it, ask who runs the service for another role.",
        404: "Check the address.",
        409: "Open the page again: it shows what holds now.",
        413: "Send less at once.",
        429: "Wait a little, then try again.",
        503: "Try again in a moment. Until then do not act.",
    }
)
_OTHERWISE = Message("Go back and try again. If it stays so, tell who runs the service.")


def page_responder(pages: Pages) -> Respond:
    """Return what answers errors: by a page where a person asked for one, by a problem document elsewhere."""

    def respond(error: Exception, request_id: str, scope: Scope) -> Response:
        if _wants_page(scope):
            pages.speak(Headers(scope=scope).get("accept-language", ""))
            try:
                return _page(pages, error, request_id, scope)
            except Exception as second:  # the page itself fails: say so in the simplest way
                failed = type(second).__name__
                log.error(
                    "request %s: the page of an error failed with %s at %s", request_id, failed, place(second),
                    extra={"request_id": request_id},
                )  # fmt: skip
        return problem_response(error, request_id)

    return respond


async def recognise(request: Request) -> None:
    """Find out whose page an error becomes, where no route has done so."""
    state = request.app.state
    if _wants_page(request.scope) and getattr(request.state, "visit", None) is None:
        with suppress(DoublecheckError):  # the page is shown all the same
            await find_visit(request, state.check_service, state.demo)


def _page(pages: Pages, error: Exception, request_id: str, scope: Scope) -> Response:
    if isinstance(error, SignedOutError):
        if scope["method"] == "POST":
            return sign_in(pages, _page_of(scope["path"]), error.kept, status=401)
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        return RedirectResponse(f"/sign-in?next={quote(scope['path'] + query)}", 303)
    problem = problem_of(error, request_id)
    if problem.status == 405 and scope["method"] == "GET":  # the address of a form that was sent, opened again
        return RedirectResponse(_shown_at(scope["path"]), 303)
    step = _NEXT.get(problem.status) or gettext(_OTHERWISE)
    shown = problem.model_dump(exclude={"status"})
    shown |= {"title": recorded(problem.title), "detail": recorded(problem.detail)}
    visit = scope.get("state", {}).get("visit")
    return pages.page("problem.html", visit, status=problem.status, next_step=step, **shown)


def _page_of(path: str) -> str:
    """Return the address of the page whose form was sent to ``path``: a form of /checks/1 goes to /checks/1/answer."""
    return path if path.count("/") == 1 else path.rpartition("/")[0]


def _shown_at(path: str) -> str:
    """Return the page where the form is that is sent to ``path``."""
    page = _page_of(path)
    return page if page != path else "/"


def _wants_page(scope: Scope) -> bool:
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accept and not scope["path"].startswith("/v1/")
