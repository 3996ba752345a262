"""``/v1/second-looks``: a sample of checks that people judge again, blind, and what came of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from service.errors import ErasedError, SecondLookError, UnknownSecondLookError
from service.schemas.second_looks import (
    BlindOut,
    LookReport,
    SecondAnswered,
    SecondAnswerIn,
    SecondLookPage,
    SecondLookState,
)
from service.schemas.values import Moment
from service.web.api.dependencies import LOOK_REPORTED, CurrentCheckService, Once, Reader, Reviewer
from service.web.api.requests import BODY, KEYED, answered, documented, leads_to, problems
from service.web.json_route import JsonRoute

_NEXT = ("get /v1/second-looks/{check_id}", "post /v1/second-looks/{check_id}/answer")

router = APIRouter(prefix="/v1/second-looks", route_class=JsonRoute, tags=["second looks"])


@router.get(
    "",
    summary="Checks to judge again",
    response_description="The newest first.",
    responses=problems(RequestValidationError) | leads_to("check_id", "/second_looks/0/check_id", *_NEXT),
    openapi_extra=documented("reviewer", "admin", "auditor"),
)
async def list_second_looks(
    check_service: CurrentCheckService,
    caller: Reader,
    state: Annotated[SecondLookState | None, Query(description="answered: by one person at least.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SecondLookPage:
    """List what was drawn: a reviewer finds what the reviewer may judge now, an admin or auditor finds everything."""
    return await check_service.second_looks.search(caller, state, limit)


@router.get(
    "/report",
    summary="What second looks found",
    responses=problems(RequestValidationError),
    openapi_extra=documented("admin", "auditor"),
    dependencies=[LOOK_REPORTED],
)
async def report_second_looks(
    check_service: CurrentCheckService,
    begin: Annotated[Moment, Query(alias="from", description="What was drawn from then on,")],
    end: Annotated[Moment, Query(alias="to", description="and before then.")],
) -> LookReport:
    """Compare second answers with the first ones: agreement, the error bound, seconds, and the same by part."""
    return await check_service.second_looks.report(begin, end)


@router.get(
    "/{check_id:uuid}",
    summary="One check, blind",
    response_model=BlindOut,
    responses=problems(UnknownSecondLookError, SecondLookError, ErasedError, RequestValidationError),
    openapi_extra=documented("reviewer"),
)
async def show_blind(check_service: CurrentCheckService, caller: Reviewer, check_id: UUID) -> Response:
    """Show both accounts and the report, and nothing that was answered. The first showing is recorded.

    Whoever asked for the check, has been shown its evidence or has answered it gets a 409.
    """
    return answered(await check_service.second_looks.show(str(check_id), caller))


@router.post(
    "/{check_id:uuid}/answer",
    summary="What somebody who looked blind takes the account for",
    response_model=SecondAnswered,
    responses=problems(*BODY, *KEYED, UnknownSecondLookError, SecondLookError, ErasedError),
    openapi_extra=documented("reviewer", idempotent=True),
)
async def answer_blind(
    check_service: CurrentCheckService, caller: Reviewer, idempotency: Once, check_id: UUID, body: SecondAnswerIn
) -> Response:
    """Record the answer. It allows nothing; where it speaks against an action, the account is warned of.

    It takes a look before, and that nobody has shown this person the evidence since.
    """
    return answered(await check_service.second_looks.answer(str(check_id), body, caller, idempotency))
