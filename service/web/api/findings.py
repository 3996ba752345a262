"""``/v1/findings``: whose accounts were proved to be whose, and what ends that."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError

from classifier.errors import InputError
from service.decisions.proven import FindingSearch
from service.errors import ErasedError, FindingError, UnknownCheckError, UnknownFindingError
from service.schemas.findings import FindingEndIn, FindingIn, FindingOut, FindingPage, ProofOut
from service.web.api.dependencies import READER, CurrentCheckService, Once, Reviewer
from service.web.api.requests import BODY, KEYED, answered, documented, leads_to, problems
from service.web.json_route import JsonRoute

_Word = Annotated[str | None, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
_NEXT = ("get /v1/findings/{finding_id}", "post /v1/findings/{finding_id}/end")

router = APIRouter(prefix="/v1/findings", route_class=JsonRoute, tags=["findings"])


@router.post(
    "",
    summary="Somebody proved that an account is theirs",
    response_model=ProofOut,
    responses=problems(*BODY, *KEYED, InputError, UnknownCheckError, FindingError, ErasedError)
    | leads_to("finding_id", "/findings/0/finding_id", *_NEXT),
    openapi_extra=documented("reviewer", idempotent=True),
)
async def make_finding(
    check_service: CurrentCheckService, caller: Reviewer, idempotency: Once, body: FindingIn
) -> Response:
    """Record what a proof of identity found of the account of a check, and of other accounts of the same person.

    While the profile of such an account is as it is now, every action on it is refused. Once it changed, two people
    must agree. Clearances for it that were given before are void. The check's evidence must have been looked at, and
    whoever asked for the action cannot record it. Nothing is ever cleared by a finding.
    """
    return answered(await check_service.proven.make(body, caller, idempotency))


@router.get(
    "",
    summary="Search findings",
    response_description="The newest first.",
    responses=problems(RequestValidationError) | leads_to("finding_id", "/findings/0/finding_id", *_NEXT),
    openapi_extra=documented("reviewer", "admin", "auditor"),
    dependencies=[READER],
)
async def search_findings(
    check_service: CurrentCheckService,
    platform: _Word = None,
    account_id: _Word = None,
    check_id: UUID | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="'next' of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> FindingPage:
    """Find what proofs of identity found, by account and check, whether it stands or has ended.

    What appeals found stands in their checks.
    """
    named = str(check_id) if check_id else None
    return await check_service.proven.search(FindingSearch(platform, account_id, named, before, limit))


@router.get(
    "/{finding_id:uuid}",
    summary="One finding",
    responses=problems(UnknownFindingError, RequestValidationError),
    openapi_extra=documented("reviewer", "admin", "auditor"),
    dependencies=[READER],
)
async def find_finding(check_service: CurrentCheckService, finding_id: UUID) -> FindingOut:
    """Show what a proof of identity found of an account, as it was then."""
    return await check_service.proven.find(str(finding_id))


@router.post(
    "/{finding_id:uuid}/end",
    summary="A finding does not hold any more",
    response_model=ProofOut,
    responses=problems(*BODY, *KEYED, UnknownFindingError, FindingError),
    openapi_extra=documented("reviewer", idempotent=True),
)
async def end_finding(
    check_service: CurrentCheckService, caller: Reviewer, idempotency: Once, finding_id: UUID, body: FindingEndIn
) -> Response:
    """End a finding; with ``all`` also those of the same proof. Somebody else than who made it does that.

    Then the account is decided like any other: nothing is cleared by the end of a finding.
    """
    return answered(await check_service.proven.end(str(finding_id), body, caller, idempotency))
