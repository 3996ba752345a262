"""``/v1/protected`` and ``/v1/models``: who is protected, and what decides."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError

from classifier.accounts.account import Account, ProtectedAccount, canonical
from classifier.accounts.canonical.accounts import named_account
from classifier.errors import InputError
from classifier.importers import import_protected
from classifier.scoring.scorer import Scorer
from service.decisions.check import with_picture
from service.errors import ReadOnlyRegistryError, RegistryConflictError, UnknownAccountError
from service.schemas.accounts import ProtectedIn
from service.schemas.checks import CertificateOut
from service.schemas.operation import ModelOut, Models
from service.schemas.registry import ProtectedOut, ProtectedPage, Withdrawn
from service.web.api.dependencies import Admin, Anybody, CurrentCheckService, StoredModels
from service.web.api.requests import BODY, documented, problems
from service.web.json_route import JsonRoute

_Name = Annotated[str, Path(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*$")]


router = APIRouter(prefix="/v1", route_class=JsonRoute, tags=["registry"])


_ANYBODY = documented("agent", "reviewer", "admin", "auditor")


@router.get(
    "/protected",
    summary="The protected accounts",
    responses=problems(RequestValidationError),
    openapi_extra=_ANYBODY,
)
async def list_protected(
    check_service: CurrentCheckService,
    _: Anybody,
    after: Annotated[int, Query(ge=0, le=2**53, description="'next' of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> ProtectedPage:
    """List the protected accounts by platform and handle."""
    return await asyncio.to_thread(_page, check_service.current(), after, limit)


@router.get(
    "/protected/{platform}/{handle}",
    summary="One protected account",
    responses=problems(UnknownAccountError, RequestValidationError),
    openapi_extra=_ANYBODY,
)
async def find_protected(
    check_service: CurrentCheckService, _: Anybody, platform: _Name, handle: _Name
) -> ProtectedOut:
    """Show a protected account; it is found as a reported account would be recognised."""
    scorer = check_service.current()
    return ProtectedOut(protected=canonical(_find(scorer, platform, handle)), registry_version=scorer.registry.version)


@router.put(
    "/protected/{platform}/{handle}",
    summary="Protect an account, or change what is registered of it",
    responses=problems(*BODY, InputError, RegistryConflictError, ReadOnlyRegistryError),
    openapi_extra=documented("admin"),
)
async def put_protected(
    check_service: CurrentCheckService, caller: Admin, platform: _Name, handle: _Name, body: ProtectedIn
) -> ProtectedOut:
    """Put an account into the registry, in the place of the one with its id or handle. It is protected at once.

    Every worker follows within a second, and before it lets a clearance be spent.
    """
    row = body.model_dump(exclude_none=True) | {"platform": platform, "handle": handle}
    imported = await asyncio.to_thread(lambda: import_protected(with_picture(row), now=check_service.clock()))
    if imported.account is None:
        raise imported.error or InputError("the account cannot be used")
    scorer = await check_service.change_registry(caller, put=[imported.account])
    return ProtectedOut(protected=canonical(imported.account), registry_version=scorer.registry.version)


@router.delete(
    "/protected/{platform}/{handle}",
    summary="Protect an account no longer",
    responses=problems(UnknownAccountError, RegistryConflictError, ReadOnlyRegistryError, RequestValidationError),
    openapi_extra=documented("admin"),
)
async def withdraw_protected(
    check_service: CurrentCheckService, caller: Admin, platform: _Name, handle: _Name
) -> Withdrawn:
    """Withdraw an account from the registry."""
    found = _find(check_service.current(), platform, handle)
    scorer = await check_service.change_registry(caller, withdraw=[(found.platform, found.handle)])
    return Withdrawn(registry_version=scorer.registry.version)


@router.get("/models", summary="What is serving", responses=problems(), openapi_extra=_ANYBODY, tags=["models"])
async def list_models(check_service: CurrentCheckService, _: Anybody, store: StoredModels) -> Models:
    """Name the model that serves with its certificates, and the models that are stored."""
    scorer = check_service.current()
    certificates = {
        tier: CertificateOut.model_validate(one, from_attributes=True)
        for tier, one in scorer.model.certificates.items()
    }
    serving = ModelOut(model_id=scorer.model_id, features=len(scorer.model.features), certificates=certificates)
    return Models(
        serving=serving,
        stored=await asyncio.to_thread(store.ids),
        policy_version=check_service.rules.policy.version,
        registry_version=scorer.registry.version,
    )


def _page(scorer: Scorer, after: int, limit: int) -> ProtectedPage:
    accounts = scorer.registry.accounts
    shown = [canonical(accounts[place]) for place in range(after, min(after + limit, len(accounts)))]
    return ProtectedPage(
        protected=shown,
        total=len(accounts),
        next=after + limit if after + limit < len(accounts) else None,
        registry_version=scorer.registry.version,
    )


def _find(scorer: Scorer, platform: str, handle: str) -> ProtectedAccount:
    try:
        name, named = named_account(platform, handle)
    except InputError as error:
        raise UnknownAccountError(f"no protected account has this platform and handle: {error.message}") from error
    found = scorer.registry.identify(Account(platform=name, handle=named))
    if found is None or found.kind != "protected":
        raise UnknownAccountError("no protected account has this platform and handle")
    return found.protected
