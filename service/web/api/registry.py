"""``/v1/protected`` and ``/v1/models``: who is protected, and what decides."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.exceptions import RequestValidationError

from classifier.accounts.account import canonical
from classifier.errors import InputError
from classifier.importers import import_protected
from classifier.scoring.scorer import Scorer
from service.decisions.check import with_picture
from service.errors import (
    ReadOnlyRegistryError,
    RegistryConflictError,
    ReviewError,
    SecondAdminError,
    UnknownAccountError,
    UnknownChangeError,
)
from service.records.transaction import Answer
from service.schemas.accounts import ProtectedIn
from service.schemas.checks import CertificateOut
from service.schemas.operation import ModelOut, Models
from service.schemas.registry import ProtectedOut, ProtectedPage, RegistryChange, RegistryChanges
from service.schemas.reviews import ApprovalIn
from service.web.api.dependencies import Admin, AdminOrAuditor, Anybody, CurrentCheckService, Once, StoredModels
from service.web.api.requests import BODY, KEYED, answered, documented, problems
from service.web.json_route import JsonRoute

Name = Annotated[str, Path(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*$")]


router = APIRouter(prefix="/v1", route_class=JsonRoute, tags=["registry"])


# A change that waits.
_WAITS: dict[int | str, dict[str, Any]] = {
    202: {"model": RegistryChange, "description": "It waits for a second admin; nothing is changed yet."}
}
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
async def find_protected(check_service: CurrentCheckService, _: Anybody, platform: Name, handle: Name) -> ProtectedOut:
    """Show a protected account; it is found as a reported account would be recognised."""
    version = check_service.current().registry.version
    return ProtectedOut(protected=canonical(check_service.registry.find(platform, handle)), registry_version=version)


@router.put(
    "/protected/{platform}/{handle}",
    summary="Protect an account, or change what is registered of it",
    response_model=ProtectedOut,
    responses=problems(*BODY, InputError, RegistryConflictError, SecondAdminError, ReadOnlyRegistryError) | _WAITS,
    openapi_extra=documented("admin"),
)
async def put_protected(
    check_service: CurrentCheckService, caller: Admin, platform: Name, handle: Name, body: ProtectedIn
) -> Response | ProtectedOut:
    """Put an account into the registry, in the place of the one with its id or handle. It is protected at once.

    What would identify or protect less than before, and what resembles another protected account, waits for a second
    admin: the answer is 202 then. Every worker follows within a second, and before it lets a clearance be spent. For
    some days, checks against an account that is new or changed take two people.
    """
    row = body.model_dump(exclude_none=True) | {"platform": platform, "handle": handle}
    imported = await asyncio.to_thread(lambda: import_protected(with_picture(row), now=check_service.clock()))
    if imported.account is None:
        raise imported.error or InputError("the account cannot be used")
    changed = await check_service.registry.put(imported.account, caller)
    if isinstance(changed, Answer):
        return answered(changed)
    return ProtectedOut(protected=canonical(imported.account), registry_version=changed.registry.version)


@router.delete(
    "/protected/{platform}/{handle}",
    summary="Ask a second admin to protect an account no longer",
    status_code=202,
    response_model=RegistryChange,
    responses=problems(
        UnknownAccountError, RegistryConflictError, SecondAdminError, ReadOnlyRegistryError, RequestValidationError
    ),
    openapi_extra=documented("admin"),
)
async def withdraw_protected(
    check_service: CurrentCheckService, caller: Admin, platform: Name, handle: Name
) -> Response:
    """Ask for an account to be withdrawn from the registry. It stays protected until a second admin approves."""
    found = check_service.registry.find(platform, handle)
    return answered(await check_service.registry.withdraw(found, caller))


@router.get(
    "/registry/changes",
    summary="Changes of the registry that take a second admin",
    response_description="The newest first.",
    responses=problems(),
    openapi_extra=documented("admin", "auditor"),
)
async def list_changes(check_service: CurrentCheckService, _: AdminOrAuditor) -> RegistryChanges:
    """List the changes that wait for a second admin, and the latest that did."""
    return RegistryChanges(changes=await check_service.registry.listed())


@router.get(
    "/registry/changes/{change_id:uuid}",
    summary="One change of the registry, with what it would do",
    responses=problems(UnknownChangeError, RequestValidationError),
    openapi_extra=documented("admin", "auditor"),
)
async def find_change(check_service: CurrentCheckService, caller: AdminOrAuditor, change_id: UUID) -> RegistryChange:
    """Show a change. That an admin has been shown it is recorded: it comes before the admin's answer."""
    return await check_service.registry.show(str(change_id), caller)


@router.post(
    "/registry/changes/{change_id:uuid}/approvals",
    summary="A second admin's answer to a change of the registry",
    responses=problems(*BODY, *KEYED, UnknownChangeError, ReviewError, RegistryConflictError, ReadOnlyRegistryError),
    openapi_extra=documented("admin", idempotent=True),
)
async def answer_change(
    check_service: CurrentCheckService, caller: Admin, idempotency: Once, change_id: UUID, body: ApprovalIn
) -> RegistryChange:
    """Approve a change, which puts it into force, or decline it.

    Who approves is another person than asked, is not about to lose access, and has looked at the change by
    GET /v1/registry/changes/{change_id} first.
    """
    return await check_service.registry.answer(str(change_id), body, caller, idempotency)


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
