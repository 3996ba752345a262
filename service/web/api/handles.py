"""``/v1/handles``: whether a handle may be given to somebody, before anybody registers it."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError

from classifier.accounts.account import Account
from classifier.accounts.canonical.accounts import named_account
from classifier.errors import InputError
from classifier.scoring.scorer import Scorer
from service.schemas.handles import HandleOut
from service.web.api.dependencies import CurrentCheckService, HandleReader
from service.web.api.registry import Name
from service.web.api.requests import documented, problems
from service.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/handles", route_class=JsonRoute, tags=["registry"])


@router.get(
    "/{platform}/{handle}",
    summary="Whether a handle may be given to somebody",
    responses=problems(RequestValidationError, InputError),
    openapi_extra=documented("agent", "executor", "reviewer", "admin"),
)
async def find_handle(check_service: CurrentCheckService, _: HandleReader, platform: Name, handle: Name) -> HandleOut:
    """Say whether a handle is a protected account's, or resembles one's. Nothing is recorded of the question."""
    return await asyncio.to_thread(_look_up, check_service.current(), platform, handle)


def _look_up(scorer: Scorer, platform: str, handle: str) -> HandleOut:
    name, named = named_account(platform, handle)
    account = Account(platform=name, handle=named)
    asked = {"platform": name, "handle": named, "registry_version": scorer.registry.version}
    if identity := scorer.registry.identify(account):
        whose = identity.protected
        return HandleOut(**asked, state="protected", protected_handle=whose.handle, protected_name=whose.display_name)
    near = scorer.nearest_handle(account)
    if near is None or not near.resembles:
        return HandleOut(**asked, state="free")
    whose = near.protected
    return HandleOut(
        **asked, state="resembles", protected_handle=whose.handle, protected_name=whose.display_name, score=near.bits
    )
