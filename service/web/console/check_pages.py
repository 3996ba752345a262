"""The form of a check, the page of a check, and what is sent from it: answers, clearances, outcomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from classifier.errors import InputError
from classifier.scoring.impact import impact, impact_level
from classifier.scoring.reason import Reason
from service.decisions.check_service import CheckService
from service.errors import ClearanceError
from service.schemas.checks import CheckResponse
from service.schemas.reviews import CheckApprovalIn, OutcomeIn
from service.web.api.dependencies import CurrentCheckService
from service.web.console import file_row
from service.web.console.check_view import NO_NAME, check_page, done, refused, untyped
from service.web.console.examples import EXAMPLES, examples
from service.web.console.file_row import check_address, row_of
from service.web.console.forms import ACCOUNT_FIELDS, LABELS, Form, filled, nonce, read_check
from service.web.console.presenters.common_reasons import reason_of
from service.web.console.queue_work import LONGEST, go_on, told_done
from service.web.console.session_guard import AnyVisit, Posted, Posting, Visiting, once
from service.web.console.sign_in_form import sign_in
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError, field_errors, field_faults

_CHECK_PAGE = re.compile(r"/checks/([0-9a-f-]{36})")
_NO_RELATION = FieldError(field="relation", message="say what it is instead")
ByAgent = Annotated[Posted, Depends(Posting("agent"))]
# What a browser's button may bring along: the address of a profile.
_Brought = Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$")]
ByReviewer = Annotated[Posted, Depends(Posting("reviewer"))]
ByReviewerOrAdmin = Annotated[Posted, Depends(Posting("reviewer", "admin"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


async def resumed(
    check_service: CheckService, pages: Pages, visit: Visit, address: str, kept: Mapping[str, str]
) -> Response | None:
    """Show a page again with what was typed into it before the session ended."""
    page = _CHECK_PAGE.fullmatch(address)
    if page:
        return await check_page(check_service, pages, visit, page[1], Form(kept))
    return _form(check_service, pages, visit, Form(kept)) if address == "/" and visit.has("agent") else None


# --- the form ----------------------------------------------------------------------------------------------------


@router.get("/")
async def first_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: AnyVisit,
    example: str = "",
    again: UUID | None = None,
    q: _Brought = "",
) -> Response:
    """Show the form to whoever may ask for checks, others what they may see.

    ``again`` fills it in as a check was asked for, ``q`` with what a browser's button brought. It never sends itself.
    """
    if visit is None:
        return sign_in(pages, f"/?{urlencode({'q': q})}" if q else "/")
    if not visit.has("agent"):
        return RedirectResponse("/reviews" if visit.has("reviewer") else "/history", 303)
    if again:
        return _form(check_service, pages, visit, Form(filled(await check_service.account(str(again), visit.caller))))
    paste = _examples(check_service, pages).get(example, "") or q.strip()
    return _form(check_service, pages, visit, Form({"paste": paste}))


@router.post("/")
async def check(request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent) -> Response:
    """Make and record a check. The clearance is given later, when the person asks for it on the check's page."""
    visit, form = posted
    try:
        asked = read_check(form, visit.caller)
        answer = await check_service.check(asked, visit.caller, once(request, form), give=False, hold=True)
    except (InputError, RequestValidationError) as error:
        return _form(check_service, pages, visit, form.with_errors(field_errors(error)), 422)
    return RedirectResponse(check_address(CheckResponse.model_validate_json(answer.body).check_id, form), 303)


def _form(check_service: CheckService, pages: Pages, visit: Visit, form: Form, status: int = 200) -> HTMLResponse:
    filled_in = any(form.value(name) for name in ACCOUNT_FIELDS)
    return pages.page(
        "check.html",
        visit,
        status=status,
        form=form,
        labels=LABELS,
        nonce=nonce(),
        open=filled_in,
        file_row=row_of(form),
        examples=[item for item in EXAMPLES.items() if item[0] in _examples(check_service, pages)],
    )


def check_form(check_service: CheckService, pages: Pages, visit: Visit, values: Mapping[str, str]) -> HTMLResponse:
    """Show the form, filled in: nothing is recorded before the person sends it."""
    return _form(check_service, pages, visit, Form(values))


def _examples(check_service: CheckService, pages: Pages) -> dict[str, str]:
    return examples(check_service.current().registry) if pages.demo else {}


# --- one check ---------------------------------------------------------------------------------------------------


@router.get("/checks/{check_id}")
async def show(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting())],
    check_id: UUID,
    queue: Annotated[str, Query(max_length=LONGEST)] = "",
    done: UUID | None = None,
    file: Annotated[str, Query(max_length=file_row.LONGEST)] = "",
) -> Response:
    """Show a check and what this person may do about it.

    ``queue`` and ``done`` are of somebody at the queue, ``file`` of somebody who came from a row of a file.
    """
    told = await told_done(check_service, visit, str(done)) if done else None
    return await check_page(check_service, pages, visit, str(check_id), Form({"queue": queue, "file": file}), told=told)


@router.post("/checks/{check_id}/answer")
async def answer(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewer, check_id: UUID
) -> Response:
    """Record a reviewer's answer, then show what waits next."""
    visit, form = posted
    account = await check_service.account(str(check_id), visit.caller)  # which counts as no look at the evidence
    errors = (
        [] if form.value("answer") == "decline" else await untyped(check_service, visit, form, str(check_id), account)
    )
    values = {"answer": form.value("answer"), "reason": form.value("reason")}
    if impact_level(list(impact(account, check_service.rules.policy))) != "high":
        try:
            values["reason"] = reason_of(form.value("answer"), form.value("because"), form.value("reason"))
        except ValueError:
            return await _corrected(check_service, pages, visit, check_id, form, [*errors, _OTHER_REASON])
    if form.value("executor") and form.value("answer") == "approve":
        values["executor"] = form.value("executor")
    try:
        given = CheckApprovalIn.model_validate(values)
    except ValidationError as error:
        errors += _unanswered(error)
    if errors:
        return await _corrected(check_service, pages, visit, check_id, form, errors)
    answered = await done(
        check_service,
        pages,
        visit,
        form,
        str(check_id),
        check_service.approve(str(check_id), given, visit.caller, once(request, form)),
    )
    if form.value("queue") and answered.status_code == 303:  # of somebody who works through the queue
        return await go_on(request, check_service, visit, form, str(check_id))
    return answered


@router.post("/checks/{check_id}/revoke")
async def revoke(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewerOrAdmin, check_id: UUID
) -> Response:
    """Make a clearance void."""
    visit, form = posted
    try:
        clearance = str(UUID(form.value("clearance_id")))
    except ValueError:  # which no page of ours sends
        unknown = ClearanceError([Reason("unknown_clearance", "No such clearance was given here.")])
        return await refused(check_service, pages, visit, str(check_id), form, unknown)
    return await done(
        check_service,
        pages,
        visit,
        form,
        str(check_id),
        check_service.revoke(clearance, visit.caller, once(request, form)),
    )


@router.post("/checks/{check_id}/outcome")
async def outcome(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewerOrAdmin, check_id: UUID
) -> Response:
    """Record what an appeal found."""
    visit, form = posted
    values = {name: form.value(name) for name in ("outcome", "relation", "note") if form.value(name)}
    errors = [] if form.value("outcome") != "overturned" or form.value("relation") else [_NO_RELATION]
    try:
        given = OutcomeIn.model_validate(values)
    except ValidationError as error:
        errors += field_faults(error.errors())
    if errors:
        return await check_page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    return await done(
        check_service,
        pages,
        visit,
        form,
        str(check_id),
        check_service.outcome(str(check_id), given, visit.caller, once(request, form)),
    )


# --- how ---------------------------------------------------------------------------------------------------------


async def _corrected(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: UUID,
    form: Form,
    errors: Sequence[FieldError],
) -> HTMLResponse:
    return await check_page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)


_OTHER_REASON = FieldError(field="because", message="this reason speaks for the other answer: choose another")


def _unanswered(error: ValidationError) -> list[FieldError]:
    """Return what is wrong with an answer: its reason, or whom it names."""
    faulty = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
    found = [FieldError(field="executor", message=NO_NAME)] if "executor" in faulty else []
    if faulty != {"executor"}:
        found.append(
            FieldError(field="reason", message="choose a reason or say why in a few words: it is kept with your answer")
        )
    return found
