"""``/v1/clearances`` and the keys that clearances are verified with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError

from classifier.errors import InputError
from classifier.scoring.policy import Reason
from service.decisions.check_service import Desk
from service.errors import ClearanceError
from service.schemas.reviews import Redeemed, RedeemIn, Refused, Revoked
from service.web.api.requests import BODY, KEYED, answered, caller_of, documented, idempotency_of, problems
from service.web.json_route import JsonRoute


def clearances_router(desk: Desk) -> APIRouter:
    """Return the routes of clearances."""
    router = APIRouter(route_class=JsonRoute, tags=["clearances"])

    @router.post(
        "/v1/clearances/redeem",
        summary="Spend a clearance, right before acting",
        response_model=Redeemed,
        response_description="It was good, and is spent: act once.",
        responses=problems(*BODY, *KEYED, InputError, ClearanceError),
        openapi_extra=documented("agent", idempotent=True),
    )
    async def redeem(body: RedeemIn, request: Request) -> Response:
        """Check everything once more with the account as it is now, and spend the clearance.

        Any answer but 200 means: do not act. The reasons are listed, all of them.
        """
        caller = await caller_of(request, desk, "agent", ended=True)
        answer = await desk.redeem(body, caller, await idempotency_of(request))
        if answer.status != 200:
            refused = Refused.model_validate_json(answer.body)
            raise ClearanceError([Reason(reason.code, reason.text) for reason in refused.reasons])
        return answered(answer)

    @router.post(
        "/v1/clearances/{clearance_id}/revoke",
        summary="Make a clearance void",
        response_model=Revoked,
        responses=problems(*KEYED, ClearanceError, RequestValidationError),
        openapi_extra=documented("reviewer", "admin", idempotent=True),
    )
    async def revoke(clearance_id: UUID, request: Request) -> Response:
        """Take a clearance back before it is spent."""
        caller = await caller_of(request, desk, "reviewer", "admin")
        return answered(await desk.revoke(str(clearance_id), caller, await idempotency_of(request)))

    @router.get(
        "/.well-known/jwks.json", summary="The keys that clearances are signed with", responses=problems(key=False)
    )
    async def jwks() -> dict[str, Any]:
        """Give the public keys as a JWK set, for a first look offline. Only redeeming counts."""
        return desk.signer.jwks()

    return router
