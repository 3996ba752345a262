"""What follows a check, beside its page: the texts to send about it, and a complaint that came in by other ways."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from service.decisions.check_service import CheckService
from service.errors import AppealError
from service.schemas.appeals import AppealIn, AppealOut
from service.texts.catalogue import languages
from service.texts.wording import Words, gettext
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import LABELS, Form, nonce
from service.web.console.intake_pages import NAMES
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError

# What can be complained about, and by whom: one field, so that the two fit.
ABOUT = Words(
    {
        "action person": "The action, by the person",
        "decline reporter": "That nothing was done, by the reporter",
    }
)
_MESSAGES = {
    "about": "choose what it is about",
    "arguments": "write at most 5,000 characters",
    "contact": "write at most 300 characters",
    "language": "choose a language",
}
_Told = Annotated[Visit, Depends(Visiting("agent", "reviewer", "admin"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/checks/{check_id}/text")
async def text_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: _Told,
    check_id: UUID,
    to: Literal["person", "reporter"] = "person",
    language: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show what the person, or the reporter, may be told now, ready to copy."""
    told = await check_service.told(str(check_id), to, language or None, visit.caller)
    written = {"language": told.lang, "direction": told.dir, "subject": told.subject, "text": told.text}
    return pages.page(
        "text.html", visit, check_id=check_id, to=to, written=written, names=[(one, NAMES[one]) for one in languages()]
    )


@router.get("/checks/{check_id}/complaint")
async def complaint_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Told, check_id: UUID
) -> Response:
    """Show the form for a complaint that came in by a reply, a letter or a call."""
    return await _page(check_service, pages, visit, str(check_id), Form({}))


@router.post("/checks/{check_id}/complaint")
async def hand_in(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    posted: Annotated[Posted, Depends(Posting("agent", "reviewer", "admin"))],
    check_id: UUID,
) -> Response:
    """Record a complaint, and show it."""
    visit, form = posted
    about, _, by = form.value("about").partition(" ")
    values = {"about": about, "by": by, "arguments": form.value("arguments")}
    values |= {name: form.value(name) for name in ("language", "contact") if form.value(name)}
    try:
        given = AppealIn.model_validate(values)
    except ValidationError as error:
        faulty = {str(fault["loc"][0]).replace("by", "about") for fault in error.errors() if fault["loc"]}
        errors = [FieldError(field=name, message=text) for name, text in _MESSAGES.items() if name in faulty]
        return await _page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    try:
        answer = await check_service.appeals.receive(str(check_id), given, visit.caller, once(request, form))
    except AppealError as error:
        return await _page(check_service, pages, visit, str(check_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/appeals/{AppealOut.model_validate_json(answer.body).appeal_id}", 303)


async def _page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    account = await check_service.account(check_id, visit.caller)  # which counts as no look at the evidence
    return pages.page(
        "complaint.html",
        visit,
        status=status,
        check_id=check_id,
        handle=account.handle,
        form=form,
        labels=LABELS,
        nonce=nonce(),
        refused=refused,
        about=[("", gettext("Choose")), *ABOUT.items()],
        names=[("", gettext("As in the report, or English")), *((one, NAMES[one]) for one in languages())],
    )
