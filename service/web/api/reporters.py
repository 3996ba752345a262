"""``/v1/reporters``: what became of somebody's notices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError

from service.decisions.reporters import ReporterSearch
from service.schemas.reporters import ReporterCounts
from service.schemas.values import ActorName, Moment
from service.web.api.dependencies import READER, CurrentCheckService
from service.web.api.requests import documented, problems
from service.web.json_route import JsonRoute

_Platform = Annotated[str, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]

router = APIRouter(prefix="/v1/reporters", route_class=JsonRoute, tags=["reporters"])


@router.get(
    "",
    summary="What became of somebody's notices",
    responses=problems(RequestValidationError),
    openapi_extra=documented("reviewer", "admin", "auditor"),
    dependencies=[READER],
)
async def count_notices(
    check_service: CurrentCheckService,
    platform: Annotated[_Platform, Query(description="Of the accounts that were reported.")],
    reporter_id: Annotated[ActorName, Query(description="As the notices had it, in any spelling.")],
    since: Annotated[Moment | None, Query(alias="from", description="By default a year before the end.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="By default now.")] = None,
) -> ReporterCounts:
    """Count somebody's notices, and how many were unfounded: what Article 23 of the Digital Services Act begins with.

    It asks for absolute numbers, their share, how grave the misuse is and what was intended. Whether a notice was
    manifestly unfounded is for people to judge, and nothing follows from a count by itself.
    """
    return await check_service.reporters.count(ReporterSearch(platform, reporter_id, since, until))
