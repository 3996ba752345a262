"""``/v1/demands``: what accounts have to change, and whether they have."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from classifier.errors import InputError
from service.decisions.demands import DemandSearch
from service.errors import DemandError, ErasedError, UnknownDemandError
from service.schemas.demands import DemandOut, DemandPage, DemandState, LookIn
from service.web.api.dependencies import DEMAND_READER, CurrentCheckService, Looker, Once
from service.web.api.requests import BODY, KEYED, answered, documented, leads_to, problems
from service.web.json_route import JsonRoute

_Word = Annotated[str | None, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
_LOOK = ("get /v1/demands/{demand_id}", "post /v1/demands/{demand_id}/look")

router = APIRouter(prefix="/v1/demands", route_class=JsonRoute, tags=["demands"])


@router.get(
    "",
    summary="Search demands",
    response_description="The newest first.",
    responses=problems(RequestValidationError) | leads_to("demand_id", "/demands/0/demand_id", *_LOOK),
    openapi_extra=documented("executor", "reviewer", "admin", "auditor"),
    dependencies=[DEMAND_READER],
)
async def search_demands(
    check_service: CurrentCheckService,
    state: DemandState | None = None,
    platform: _Word = None,
    account_id: _Word = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="'next' of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DemandPage:
    """Find demands by state and account. Those that are due wait for somebody who reads the profile."""
    return await check_service.search_demands(DemandSearch(state, platform, account_id, before, limit))


@router.get(
    "/{demand_id:uuid}",
    summary="One demand",
    responses=problems(UnknownDemandError, RequestValidationError),
    openapi_extra=documented("agent", "executor", "reviewer", "admin", "auditor"),
)
async def find_demand(check_service: CurrentCheckService, caller: Looker, demand_id: UUID) -> DemandOut:
    """Show what an account has to change, by when, and what was seen of it."""
    return await check_service.find_demand(str(demand_id), caller)


@router.post(
    "/{demand_id:uuid}/look",
    summary="Whether the account has changed what was demanded",
    response_model=DemandOut,
    responses=problems(*BODY, *KEYED, InputError, UnknownDemandError, DemandError, ErasedError),
    openapi_extra=documented("agent", "executor", "reviewer", "admin", "auditor", idempotent=True),
)
async def look(
    check_service: CurrentCheckService, caller: Looker, idempotency: Once, demand_id: UUID, body: LookIn
) -> Response:
    """Compare the account as it is now with what was demanded. Met, the case closes.

    Unmet once the time is up, a fresh check may ask for a suspension: it is decided like any other. What the profile
    that was sent does not tell answers nothing, so send the whole profile.
    """
    return answered(await check_service.look_at_demand(str(demand_id), body, caller, idempotency))
