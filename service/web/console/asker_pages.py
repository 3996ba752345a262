"""What whoever asked for checks does on the pages: act, take a clearance, withdraw one, see them together."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from classifier.errors import InputError
from classifier.scoring.reason import Reason
from service.errors import ClearanceError
from service.records.transaction import Answer, Idempotency
from service.schemas.checks import ClearanceOut
from service.schemas.reviews import ClearIn, Redeemed, Refused, WithdrawIn
from service.texts.wording import gettext
from service.web.api.dependencies import CurrentCheckService
from service.web.console.check_view import NO_NAME, check_page, done, refused, unshown, untyped
from service.web.console.file_row import check_address
from service.web.console.forms import Form, filled, read_redemption
from service.web.console.presenters.mine import SECTIONS
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Visit
from service.web.problems import FieldError, field_errors

ByAgent = Annotated[Posted, Depends(Posting("agent"))]
AgentsVisit = Annotated[Visit, Depends(Visiting("agent"))]
# Stands for the token of a clearance that is not given yet, so that the rest of a form is read before.
_NO_TOKEN = "-"  # noqa: S105

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/mine")
async def mine_page(check_service: CurrentCheckService, pages: CurrentPages, visit: AgentsVisit) -> Response:
    """Show what this person asked for and has not acted on."""
    mine = await check_service.askers.mine(visit.caller)
    return pages.page("mine.html", replace(visit, counted=mine.counted()), mine=mine, sections=SECTIONS)


@router.get("/browser-button")
async def browser_button_page(request: Request, pages: CurrentPages, visit: AgentsVisit) -> Response:
    """Show the button for the browser that brings a profile's address here."""
    here = json.dumps(f"{request.base_url}?q=")
    code = f"javascript:location.href={here}+encodeURIComponent(location.href)"
    return pages.page("browser_button.html", visit, code=code)


@router.post("/checks/{check_id}/act")
async def act(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """Take the clearance and spend it at once, with the account as it is now: one step for whoever acts by hand."""
    visit, form = posted
    number, account = str(check_id), await check_service.account(str(check_id), visit.caller)
    errors = await untyped(check_service, visit, form, number, account)
    if (missing := unshown(account)) and not form.value("paste").strip():  # before a clearance is taken in vain
        parts = ", ".join(missing)
        told = gettext("paste the profile as it is now: the fields do not show its %(parts)s", parts=parts)
        errors.append(FieldError(field="paste", message=told))
    if errors:
        return await check_page(check_service, pages, visit, number, form.with_errors(errors), status=422)
    try:
        now = read_redemption(Form({**form.values, "token": _NO_TOKEN}))
    except (InputError, RequestValidationError) as error:
        corrected = form.with_errors(field_errors(error))
        return await check_page(check_service, pages, visit, number, corrected, status=422)
    key = once(request, form)
    try:
        given = ClearanceOut.model_validate_json((await check_service.clear(number, visit.caller, key)).body)
        spending = now.model_copy(update={"token": given.token})
        spent = await check_service.redeem(spending, visit.caller, key and Idempotency(f"{key.key} spent", key.request))
    except ClearanceError as error:
        return await refused(check_service, pages, visit, number, form, error)
    if spent.status != 200:
        return await refused(check_service, pages, visit, number, form, _error_of(spent))
    return RedirectResponse(check_address(number, form), 303)


@router.post("/checks/{check_id}/clearance")
async def clear(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """Give the clearance: the token is on the page that answers, and nowhere else."""
    visit, form = posted
    account = await check_service.account(str(check_id), visit.caller)
    if errors := await untyped(check_service, visit, form, str(check_id), account):
        return await check_page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    try:
        acts = ClearIn(actor=form.value("actor") or None).actor
        answer = await check_service.clear(str(check_id), visit.caller, once(request, form), actor=acts)
    except ValidationError:
        corrected = form.with_errors([FieldError(field="actor", message=NO_NAME)])
        return await check_page(check_service, pages, visit, str(check_id), corrected, status=422)
    except ClearanceError as error:
        return await refused(check_service, pages, visit, str(check_id), form, error)
    given = ClearanceOut.model_validate_json(answer.body)
    now = Form(filled(account) | {"file": form.value("file")})
    return await check_page(check_service, pages, visit, str(check_id), now, given=given)


@router.post("/checks/{check_id}/redeem")
async def redeem(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """Spend the clearance with the account as it is now."""
    visit, form = posted
    try:
        answer = await check_service.redeem(read_redemption(form), visit.caller, once(request, form))
    except ClearanceError as error:
        return await refused(check_service, pages, visit, str(check_id), form, error)
    except (InputError, RequestValidationError) as error:
        corrected = form.with_errors(field_errors(error))
        return await check_page(
            check_service, pages, visit, str(check_id), corrected, status=422, token=form.value("token")
        )
    if answer.status != 200:
        return await refused(check_service, pages, visit, str(check_id), form, _error_of(answer))
    return RedirectResponse(check_address(Redeemed.model_validate_json(answer.body).check_id, form), 303)


@router.post("/checks/{check_id}/withdraw")
async def withdraw(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """End a check that was mistyped, that resembles nobody, or that is not needed any more."""
    visit, form = posted
    number = str(check_id)
    try:
        given = WithdrawIn.model_validate({"reason": form.value("reason")})
    except ValidationError:
        corrected = form.with_errors([FieldError(field="reason", message="choose why")])
        return await check_page(check_service, pages, visit, number, corrected, status=422)
    doing = check_service.askers.withdraw(number, given, visit.caller, once(request, form))
    return await done(check_service, pages, visit, form, number, doing)


@router.post("/checks/{check_id}/ask")
async def ask(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """Let a check that resembles nobody into the review queue."""
    visit, form = posted
    doing = check_service.askers.ask(str(check_id), visit.caller, once(request, form))
    return await done(check_service, pages, visit, form, str(check_id), doing)


def _error_of(answer: Answer) -> ClearanceError:
    """Return why a redemption was refused."""
    reasons = Refused.model_validate_json(answer.body).reasons
    return ClearanceError([Reason(reason.code, reason.text) for reason in reasons])
