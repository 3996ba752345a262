"""Probes and metrics: for whoever runs the service. They need no key and name nobody."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service.auth.api_keys import ROLES
from service.schemas.operation import Alive, Ready
from service.utils.metrics import CONTENT_TYPE
from service.web.api.dependencies import Calling, CurrentCheckService, CurrentSettings, CurrentUpkeep, IsDemo
from service.web.api.requests import problems

# Any key in force.
_READER = Calling(*ROLES)
router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Is the process alive?", response_description="It is.", responses=problems(key=False))
async def healthz() -> Alive:
    """Answer without touching model, registry or database."""
    return Alive()


@router.get("/readyz", summary="Can it check accounts?", response_description="It can.", responses=problems(key=False))
async def readyz(upkeep: CurrentUpkeep, demo: IsDemo) -> Ready:
    """Score an invented account and write to the database: what cannot do that is not ready."""
    scorer = await upkeep.ready()
    return Ready(
        model_id=scorer.model_id,
        registry_version=scorer.registry.version,
        protected_accounts=len(scorer.registry),
        demo=demo,
    )


@router.get("/metrics", summary="Metrics for Prometheus", response_class=Response, responses=problems(key=False))
async def metrics(request: Request, check_service: CurrentCheckService, settings: CurrentSettings) -> Response:
    """Give counts and times in Prometheus's text format: to anybody, to whoever has a key, or to nobody, as is set."""
    if settings.metrics == "off":
        raise HTTPException(404)
    if settings.metrics == "key":
        await _READER(request, check_service)
    return Response(await asyncio.to_thread(check_service.metrics.exposition), media_type=CONTENT_TYPE)
