"""``/v1/clearances`` and the keys that clearances are verified with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError

from classifier.errors import InputError
from classifier.scoring.reason import Reason
from service.errors import ClearanceError, ErasedError
from service.schemas.reviews import Redeemed, RedeemIn, Refused, Revoked
from service.web.api.dependencies import CurrentCheckService, Once, Redeemer, ReviewerOrAdmin
from service.web.api.requests import BODY, KEYED, answered, documented, problems
from service.web.json_route import JsonRoute

router = APIRouter(route_class=JsonRoute, tags=["clearances"])


@router.post(
    "/v1/clearances/redeem",
    summary="Spend a clearance, right before acting",
    response_model=Redeemed,
    response_description="It was good, and is spent: act once.",
    responses=problems(*BODY, *KEYED, InputError, ClearanceError, ErasedError),
    openapi_extra=documented("agent", "executor", idempotent=True),
)
async def redeem(check_service: CurrentCheckService, caller: Redeemer, idempotency: Once, body: RedeemIn) -> Response:
    """Check everything once more with the account as it is now, and spend the clearance.

    Any answer but 200 means: do not act. The reasons are listed, all of them. It takes the key that asked for the
    clearance or that got it; a key with the role executor may spend those of others and names the actor.
    """
    answer = await check_service.redeem(body, caller, idempotency)
    if answer.status != 200:
        refused = Refused.model_validate_json(answer.body)
        raise ClearanceError([Reason(reason.code, reason.text) for reason in refused.reasons])
    return answered(answer)


@router.post(
    "/v1/clearances/{clearance_id:uuid}/revoke",
    summary="Make a clearance void",
    response_model=Revoked,
    responses=problems(*KEYED, 404, ClearanceError, RequestValidationError),
    openapi_extra=documented("reviewer", "admin", idempotent=True),
)
async def revoke(
    check_service: CurrentCheckService, caller: ReviewerOrAdmin, idempotency: Once, clearance_id: UUID
) -> Response:
    """Take a clearance back before it is spent."""
    return answered(await check_service.revoke(str(clearance_id), caller, idempotency))


@router.get("/.well-known/jwks.json", summary="The keys that clearances are signed with", responses=problems(key=False))
async def jwks(check_service: CurrentCheckService) -> dict[str, Any]:
    """Give the public keys as a JWK set, for a first look offline. Only redeeming counts."""
    return check_service.signer.jwks()
