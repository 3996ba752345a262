"""What routes depend on: the check service, who calls, the idempotency key. FastAPI resolves it before a route runs.

Who calls is found out before the body is looked at in detail: a stranger learns nothing of what a body must hold.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from fastapi import Depends, Request

from classifier.model_store import ModelStore
from service.auth.api_keys import Caller, Role
from service.decisions.check_service import CheckService
from service.decisions.upkeep import Upkeep
from service.errors import HeaderError, UnauthenticatedError
from service.records.transaction import Idempotency
from service.settings import Settings

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def check_service_of(request: Request) -> CheckService:
    """Return the check service of the application that answers the request."""
    check_service: CheckService = request.app.state.check_service
    return check_service


async def settings_of(request: Request) -> Settings:
    """Return the settings of the application."""
    settings: Settings = request.app.state.settings
    return settings


async def demo_of(request: Request) -> bool:
    """Tell whether the application was started over invented accounts."""
    demo: bool = request.app.state.demo
    return demo


async def upkeep_of(request: Request) -> Upkeep:
    """Return what keeps the application's service in order."""
    upkeep: Upkeep = request.app.state.upkeep
    return upkeep


CurrentUpkeep = Annotated[Upkeep, Depends(upkeep_of)]
CurrentCheckService = Annotated[CheckService, Depends(check_service_of)]
CurrentSettings = Annotated[Settings, Depends(settings_of)]
IsDemo = Annotated[bool, Depends(demo_of)]


async def models_of(settings: CurrentSettings) -> ModelStore:
    """Return the store of the models."""
    return ModelStore(settings.home)


class Calling:
    """Finds the caller of a request, who must have one of some roles.

    Parameters
    ----------
    roles : str
        Each allows the call.
    ended : bool
        Whether one whose access has ended is let through, because the answer itself refuses and records that.
    """

    def __init__(self, *roles: Role, ended: bool = False) -> None:
        self.roles = roles
        self.ended = ended

    async def __call__(self, request: Request, check_service: CurrentCheckService) -> Caller:
        """Return the caller.

        Raises
        ------
        UnauthenticatedError, ForbiddenError
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = token.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "").strip()
        if not key:
            raise UnauthenticatedError("send an API key: Authorization: Bearer KEY")
        caller = await check_service.callers.of(key)
        caller.require(*self.roles)
        if not self.ended:
            caller.require_access(check_service.clock())
        return caller


async def idempotency_of(request: Request) -> Idempotency | None:
    """Return the request's idempotency key with the digest of its method, address and body.

    Raises
    ------
    HeaderError
        If the header holds no usable key.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise HeaderError("Idempotency-Key must have 1 to 255 visible ASCII characters")
    hasher = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    hasher.update(await request.body())
    return Idempotency(key, hasher.hexdigest())


StoredModels = Annotated[ModelStore, Depends(models_of)]
Agent = Annotated[Caller, Depends(Calling("agent"))]
# For what itself refuses an agent whose access has ended, and records that.
AskingAgent = Annotated[Caller, Depends(Calling("agent", ended=True))]
# For what a tool does that only acts on the clearances of others.
Redeemer = Annotated[Caller, Depends(Calling("agent", "executor", ended=True))]
# A process in front of a platform's suspend button.
Gatekeeper = Annotated[Caller, Depends(Calling("executor"))]
Reviewer = Annotated[Caller, Depends(Calling("reviewer"))]
Admin = Annotated[Caller, Depends(Calling("admin"))]
AdminOrAuditor = Annotated[Caller, Depends(Calling("admin", "auditor"))]
AgentReviewerOrAdmin = Annotated[Caller, Depends(Calling("agent", "reviewer", "admin"))]
ReviewerOrAdmin = Annotated[Caller, Depends(Calling("reviewer", "admin"))]
# Whoever asks whether a handle may be given to somebody.
HandleReader = Annotated[Caller, Depends(Calling("agent", "executor", "reviewer", "admin"))]
# Whoever says what an appeal found; a tool says what somebody found on the platform.
Judge = Annotated[Caller, Depends(Calling("reviewer", "admin", "executor"))]
Reader = Annotated[Caller, Depends(Calling("reviewer", "admin", "auditor"))]
READER = Depends(Calling("reviewer", "admin", "auditor"))
# Whoever sees the demands of all.
DEMAND_READER = Depends(Calling("executor", "reviewer", "admin", "auditor"))
# Whoever reads what second looks found.
LOOK_REPORTED = Depends(Calling("admin", "auditor"))
# Whoever hands in what people complain about.
Intake = Annotated[Caller, Depends(Calling("agent", "executor", "reviewer", "admin"))]
SEES_APPEALS = Depends(Calling("reviewer", "admin", "auditor"))
Looker = Annotated[Caller, Depends(Calling("agent", "executor", "reviewer", "admin", "auditor"))]
Anybody = Annotated[Caller, Depends(Calling("agent", "reviewer", "admin", "auditor"))]
Once = Annotated[Idempotency | None, Depends(idempotency_of)]
