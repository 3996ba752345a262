"""``/v1/appeals``: complaints about an action, or about none, until somebody else than everybody before decides."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from service.decisions.appeal_queries import AppealSearch
from service.errors import AppealError, UnknownAppealError, UnknownCheckError
from service.schemas.appeals import AppealDecisionIn, AppealDetail, AppealIn, AppealOut, AppealPage, AppealState
from service.web.api.dependencies import SEES_APPEALS, CurrentCheckService, Intake, Looker, Once, Reviewer
from service.web.api.requests import BODY, KEYED, answered, documented, leads_to, problems
from service.web.json_route import JsonRoute

_NEXT = (
    "get /v1/appeals/{appeal_id}",
    "post /v1/appeals/{appeal_id}/lift",
    "post /v1/appeals/{appeal_id}/decision",
)

router = APIRouter(prefix="/v1", route_class=JsonRoute, tags=["appeals"])


@router.post(
    "/checks/{check_id:uuid}/appeals",
    summary="A complaint about an action, or about none",
    response_model=AppealOut,
    responses=problems(*BODY, *KEYED, UnknownCheckError, AppealError) | leads_to("appeal_id", "/appeal_id", *_NEXT),
    openapi_extra=documented("agent", "executor", "reviewer", "admin", idempotent=True),
)
async def receive(
    check_service: CurrentCheckService, caller: Intake, idempotency: Once, check_id: UUID, body: AppealIn
) -> Response:
    """Hand in what the person says against an action, or the reporter against a decline.

    The answer has the text that says so to whoever complains. While an appeal about an action is open, whatever else
    is asked about the account takes two people.
    """
    return answered(await check_service.appeals.receive(str(check_id), body, caller, idempotency))


@router.get(
    "/appeals",
    summary="Search appeals",
    response_description="The newest first, or what is due first.",
    responses=problems(RequestValidationError) | leads_to("appeal_id", "/appeals/0/appeal_id", *_NEXT),
    openapi_extra=documented("reviewer", "admin", "auditor"),
    dependencies=[SEES_APPEALS],
)
async def search_appeals(
    check_service: CurrentCheckService,
    state: AppealState | None = None,
    check_id: UUID | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="'next' of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    sort: Annotated[
        Literal["newest", "due"],
        Query(description="due: what nobody has decided, or what is of that state, by its due time, in one page."),
    ] = "newest",
) -> AppealPage:
    """Find appeals by state and check. What is overdue stays open until somebody decides it."""
    wanted = AppealSearch(state, str(check_id) if check_id else None, before, limit, sort == "due")
    return await check_service.appeals.search(wanted)


@router.get(
    "/appeals/{appeal_id:uuid}",
    summary="One appeal",
    responses=problems(UnknownAppealError, RequestValidationError),
    openapi_extra=documented("agent", "executor", "reviewer", "admin", "auditor"),
)
async def find_appeal(check_service: CurrentCheckService, caller: Looker, appeal_id: UUID) -> AppealDetail:
    """Show an appeal with what to say and to do now. What was said and who decided, reviewers, admins, auditors see."""
    return await check_service.appeals.find(str(appeal_id), caller)


@router.post(
    "/appeals/{appeal_id:uuid}/lift",
    summary="Lift the action until the appeal is decided",
    response_model=AppealOut,
    responses=problems(*KEYED, UnknownAppealError, AppealError, RequestValidationError),
    openapi_extra=documented("reviewer", idempotent=True),
)
async def lift(check_service: CurrentCheckService, caller: Reviewer, idempotency: Once, appeal_id: UUID) -> Response:
    """Say that the platform undoes the action for now. Every clearance of the account is void."""
    return answered(await check_service.appeals.lift(str(appeal_id), caller, idempotency))


@router.post(
    "/appeals/{appeal_id:uuid}/decision",
    summary="What another person than all before found",
    response_model=AppealOut,
    responses=problems(*BODY, *KEYED, UnknownAppealError, AppealError),
    openapi_extra=documented("reviewer", idempotent=True),
)
async def decide(
    check_service: CurrentCheckService, caller: Reviewer, idempotency: Once, appeal_id: UUID, body: AppealDecisionIn
) -> Response:
    """Decide an appeal, as somebody who neither asked, approved, declined nor decided before and has seen the check.

    About an action it is the check's outcome. About a decline nothing follows by itself, and nothing becomes easier: if
    the reporter was right, ask for a fresh check.
    """
    return answered(await check_service.appeals.decide(str(appeal_id), body, caller, idempotency))
