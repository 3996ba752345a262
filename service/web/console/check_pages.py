"""The form of a check, the page of a check, and what is sent from it: answers, clearances, outcomes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from classifier.accounts.account import Account
from classifier.errors import InputError
from classifier.scoring.policy import impact
from classifier.scoring.reason import Reason
from classifier.text.normalization import skeleton
from service.decisions.check_service import CheckService
from service.errors import ClearanceError, ReviewError
from service.schemas.checks import CheckResponse, ClearanceOut
from service.schemas.reviews import CheckApprovalIn, ClearIn, OutcomeIn, Redeemed, Refused
from service.web.api.dependencies import CurrentCheckService
from service.web.console.examples import EXAMPLES, examples
from service.web.console.forms import ACCOUNT_FIELDS, LABELS, Form, filled, nonce, read_check, read_redemption
from service.web.console.presenters.answer import answer_of
from service.web.console.presenters.timeline import events
from service.web.console.queue_work import LONGEST, go_on, told_done
from service.web.console.session_guard import AnyVisit, Posted, Posting, Visiting, once
from service.web.console.sign_in_form import sign_in
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError, field_errors, field_faults

_CHECK_PAGE = re.compile(r"/checks/([0-9a-f-]{36})")
# What an account that is no impersonation can be to the target, as people say it.
RELATIONS_INSTEAD = {
    "unrelated": "unrelated, or a namesake",
    "same_owner": "another account of the same owner",
    "parody_or_fan": "a parody or fan account",
}
_NO_RELATION = FieldError(field="relation", message="say what it is instead")
ByAgent = Annotated[Posted, Depends(Posting("agent"))]
ByReviewer = Annotated[Posted, Depends(Posting("reviewer"))]
ByReviewerOrAdmin = Annotated[Posted, Depends(Posting("reviewer", "admin"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


async def resumed(
    check_service: CheckService, pages: Pages, visit: Visit, address: str, kept: Mapping[str, str]
) -> Response | None:
    """Show a page again with what was typed into it before the session ended."""
    page = _CHECK_PAGE.fullmatch(address)
    if page:
        return await _page(check_service, pages, visit, page[1], Form(kept))
    return _form(check_service, pages, visit, Form(kept)) if address == "/" and visit.has("agent") else None


# --- the form ----------------------------------------------------------------------------------------------------


@router.get("/")
async def first_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: AnyVisit,
    example: str = "",
    again: UUID | None = None,
) -> Response:
    """Show the form to whoever may ask for checks, others what they may see; ``again``: as a check was asked for."""
    if visit is None:
        return sign_in(pages, "/")
    if not visit.has("agent"):
        return RedirectResponse("/reviews" if visit.has("reviewer") else "/history", 303)
    if again:
        return _form(check_service, pages, visit, Form(filled(await check_service.account(str(again), visit.caller))))
    return _form(check_service, pages, visit, Form({"paste": _examples(check_service, pages).get(example, "")}))


@router.post("/")
async def check(request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent) -> Response:
    """Make and record a check. The clearance is given later, when the person asks for it on the check's page."""
    visit, form = posted
    try:
        asked = read_check(form, visit.caller)
        answer = await check_service.check(asked, visit.caller, once(request, form), give=False)
    except (InputError, RequestValidationError) as error:
        return _form(check_service, pages, visit, form.with_errors(field_errors(error)), 422)
    return RedirectResponse(f"/checks/{CheckResponse.model_validate_json(answer.body).check_id}", 303)


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
) -> Response:
    """Show a check and what this person may do about it; ``queue`` and ``done`` are of somebody at the queue."""
    told = await told_done(check_service, visit, str(done)) if done else None
    return await _page(check_service, pages, visit, str(check_id), Form({"queue": queue}), told=told)


@router.post("/checks/{check_id}/answer")
async def answer(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByReviewer, check_id: UUID
) -> Response:
    """Record a reviewer's answer, then show what waits next."""
    visit, form = posted
    account = await check_service.account(str(check_id), visit.caller)  # which counts as no look at the evidence
    errors = (
        [] if form.value("answer") == "decline" else await _untyped(check_service, visit, form, str(check_id), account)
    )
    values = {name: form.value(name) for name in ("answer", "reason")}
    if form.value("executor") and form.value("answer") == "approve":
        values["executor"] = form.value("executor")
    try:
        given = CheckApprovalIn.model_validate(values)
    except ValidationError as error:
        errors += _unanswered(error)
    if errors:
        return await _page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    answered = await _done(
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


@router.post("/checks/{check_id}/clearance")
async def clear(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """Give the clearance: the token is on the page that answers, and nowhere else."""
    visit, form = posted
    account = await check_service.account(str(check_id), visit.caller)
    if errors := await _untyped(check_service, visit, form, str(check_id), account):
        return await _page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    try:
        acts = ClearIn(actor=form.value("actor") or None).actor
        answer = await check_service.clear(str(check_id), visit.caller, once(request, form), actor=acts)
    except ValidationError:
        corrected = form.with_errors([FieldError(field="actor", message=_NO_NAME)])
        return await _page(check_service, pages, visit, str(check_id), corrected, status=422)
    except ClearanceError as error:
        return await _refused(check_service, pages, visit, str(check_id), form, error)
    given = ClearanceOut.model_validate_json(answer.body)
    return await _page(check_service, pages, visit, str(check_id), Form(filled(account)), given=given)


@router.post("/checks/{check_id}/redeem")
async def redeem(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: ByAgent, check_id: UUID
) -> Response:
    """Spend the clearance with the account as it is now."""
    visit, form = posted
    try:
        answer = await check_service.redeem(read_redemption(form), visit.caller, once(request, form))
    except ClearanceError as error:
        return await _refused(check_service, pages, visit, str(check_id), form, error)
    except (InputError, RequestValidationError) as error:
        corrected = form.with_errors(field_errors(error))
        return await _page(check_service, pages, visit, str(check_id), corrected, status=422, token=form.value("token"))
    if answer.status != 200:
        refused = Refused.model_validate_json(answer.body)
        reasons = [Reason(reason.code, reason.text) for reason in refused.reasons]
        return await _refused(check_service, pages, visit, str(check_id), form, ClearanceError(reasons))
    return RedirectResponse(f"/checks/{Redeemed.model_validate_json(answer.body).check_id}", 303)


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
        return await _refused(check_service, pages, visit, str(check_id), form, unknown)
    return await _done(
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
        return await _page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    return await _done(
        check_service,
        pages,
        visit,
        form,
        str(check_id),
        check_service.outcome(str(check_id), given, visit.caller, once(request, form)),
    )


# --- how ---------------------------------------------------------------------------------------------------------


def _unanswered(error: ValidationError) -> list[FieldError]:
    """Return what is wrong with an answer: its reason, or whom it names."""
    faulty = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
    found = [FieldError(field="executor", message=_NO_NAME)] if "executor" in faulty else []
    if faulty != {"executor"}:
        found.append(FieldError(field="reason", message="say why, in a few words: it is kept with your answer"))
    return found


_NO_NAME = "write a name, as the keys have it"


async def _untyped(
    check_service: CheckService, visit: Visit, form: Form, check_id: str, account: Account
) -> list[FieldError]:
    """Return the error of a high-impact account whose handle was not typed."""
    if not any(impact(account, check_service.rules.policy)):
        return []
    typed = form.value("typed_handle").removeprefix("@")
    if typed and typed.casefold() == account.handle.casefold():
        return []
    target = (await check_service.find(check_id, visit.caller)).check.target
    if target and typed.casefold() == target.handle.casefold():
        return [FieldError(field="typed_handle", message=_THE_OTHER)]
    # Somebody with an ordinary keyboard types the letters that another script's letters look like.
    if typed and skeleton(typed) == skeleton(account.handle):
        return []
    return [FieldError(field="typed_handle", message="type the handle of the reported account as you see it")]


_THE_OTHER = "this is the protected account's handle: find where the reported one differs, and copy it from the page"


async def _done(
    check_service: CheckService, pages: Pages, visit: Visit, form: Form, check_id: str, doing: Awaitable[object]
) -> Response:
    """Do something and show the check as it is then; what was refused keeps what was typed."""
    try:
        await doing
    except (ReviewError, ClearanceError) as error:
        return await _refused(check_service, pages, visit, check_id, form, error)
    return RedirectResponse(f"/checks/{check_id}", 303)


async def _refused(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    error: ReviewError | ClearanceError,
) -> HTMLResponse:
    reasons = [reason.text for reason in error.reasons] or [error.message]
    token = form.value("token")  # what was refused for something that can be corrected can be tried again
    return await _page(check_service, pages, visit, check_id, form, status=409, refused=reasons, token=token)


async def _page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    *,
    status: int = 200,
    given: ClearanceOut | None = None,
    token: str = "",
    refused: Sequence[str] = (),
    told: tuple[str, str] | None = None,
) -> HTMLResponse:
    found = await check_service.case_file(check_id, visit.caller)
    now = check_service.clock()
    return pages.page(
        "decision.html",
        visit,
        status=status,
        view=answer_of(found.detail, found.account, found.target, check_service.rules, now=now),
        detail=found.detail,
        handle=found.account.handle,
        impact=found.impact,
        changes=found.changes,
        asked_again=found.again is not None,
        events=events(found.detail, found.proofs, found.marks.all),
        marks=found.marks,
        told=told,
        may=found.may,
        form=form,
        labels=LABELS,
        relations=RELATIONS_INSTEAD,
        nonce=nonce(),
        given=given,
        token=given.token if given else token,
        refused=refused,
    )


async def not_taken(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    why: ReviewError | Sequence[FieldError],
) -> HTMLResponse:
    """Show a check with a form of its page that another module did not take: what is wrong with it, or against it."""
    if isinstance(why, ReviewError):
        return await _refused(check_service, pages, visit, check_id, form, why)
    return await _page(check_service, pages, visit, check_id, form.with_errors(why), status=422)
