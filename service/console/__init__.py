"""The pages for people: the form with its result, and the reference. HTML and one style sheet, no scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.resources import files
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from classifier.errors import InputError
from service.console.forms import LABELS, Form, read_form
from service.console.reference import reference
from service.console.views import ALONE_LIMITS, RELATION_WORDS, percent, view
from service.desk import Desk
from service.errors import UnauthenticatedError
from service.problems import PROBLEMS, FieldError, field_errors

DEMO_EXAMPLES = 3
SHOWN_EVIDENCE = 6  # what decides is among the weightiest; the rest is folded away

_STYLE = (files("service.console") / "style.css").read_bytes()
_PAGES = Environment(
    loader=PackageLoader("service.console", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# The address changes with the content, so browsers may keep it for good.
_PAGES.globals["style"] = f"/static/style.css?v={hashlib.sha256(_STYLE).hexdigest()[:12]}"
_PAGES.globals.update(shown_evidence=SHOWN_EVIDENCE, labels=LABELS, percent=percent, relation_words=RELATION_WORDS)
_PAGES.globals["alone_limits"] = ALONE_LIMITS


def console_router(desk: Desk, *, demo: bool, openapi: Callable[[], dict[str, Any]]) -> APIRouter:
    """Return the routes of the pages.

    Parameters
    ----------
    demo : bool
        Whether the protected accounts are invented; the page says so, names some, and asks for no API key.
    openapi : callable
        Gives the document that the reference shows.
    """
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def served() -> dict[str, Any]:
        scorer = desk.current()
        examples = list(islice(scorer.registry, DEMO_EXAMPLES)) if demo else []
        return {
            "registry": scorer.registry,
            "model_id": scorer.model_id,
            "policy": desk.rules.policy,
            "demo": examples,
        }

    @router.get("/")
    async def empty_page() -> HTMLResponse:
        return _page("page.html", served() | {"form": Form({}), "result": None})

    @router.post("/")
    async def checked_page(request: Request) -> HTMLResponse:
        _refuse_other_sites(request)
        form = await _posted(request)
        try:
            asked = read_form(form)
            if not demo:
                await _authenticate(desk, form.value("api_key"))
            checked, response = await desk.preview(asked)
        except (InputError, RequestValidationError, UnauthenticatedError) as error:
            corrected = form.with_errors(_errors(error))
            return _page("page.html", served() | {"form": corrected, "result": None}, 422)
        result = view(response, checked.reading.account, asked)
        return _page("page.html", served() | {"form": form, "result": result})

    @router.get("/docs")
    async def reference_page() -> HTMLResponse:
        return _page("docs.html", {"api": reference(openapi()), "problems": list(PROBLEMS.values())})

    @router.get("/static/style.css")
    async def style_sheet() -> Response:
        return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})

    return router


async def _authenticate(desk: Desk, key: str) -> None:
    caller = await desk.callers.of(key)
    caller.require_access(desk.clock())


def _errors(error: Exception) -> list[FieldError]:
    if isinstance(error, UnauthenticatedError):
        return [FieldError(field="api_key", message=error.message)]
    return field_errors(error)


def _page(name: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGES.get_template(name).render(values), status)


async def _posted(request: Request) -> Form:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "Send application/x-www-form-urlencoded.")
    posted = await request.form(max_fields=50)
    return Form({name: value for name, value in posted.items() if isinstance(value, str)})


def _refuse_other_sites(request: Request) -> None:
    # Browsers say where a form comes from; over plain HTTP from another machine only Origin does.
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not own:
        raise HTTPException(403, "The form was sent from another site. Open this page itself and send it from there.")
