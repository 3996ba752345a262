"""Probes and metrics: for whoever runs the service."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from service.decisions.check_service import Desk
from service.schemas.operation import Alive, Ready
from service.utils.metrics import CONTENT_TYPE
from service.web.api.requests import problems


def operation_router(desk: Desk, *, demo: bool) -> APIRouter:
    """Return the probes and the metrics. They need no key and name nobody."""
    router = APIRouter(tags=["operation"])

    @router.get(
        "/healthz", summary="Is the process alive?", response_description="It is.", responses=problems(key=False)
    )
    async def healthz() -> Alive:
        """Answer without touching model, registry or database."""
        return Alive()

    @router.get(
        "/readyz", summary="Can it check accounts?", response_description="It can.", responses=problems(key=False)
    )
    async def readyz() -> Ready:
        """Score an invented account and write to the database: what cannot do that is not ready."""
        scorer = await desk.ready()
        return Ready(
            model_id=scorer.model_id,
            registry_version=scorer.registry.version,
            protected_accounts=len(scorer.registry),
            demo=demo,
        )

    @router.get("/metrics", summary="Metrics for Prometheus", response_class=Response, responses=problems(key=False))
    async def metrics() -> Response:
        """Give counts and times in Prometheus's text format."""
        return Response(await asyncio.to_thread(desk.metrics.exposition), media_type=CONTENT_TYPE)

    return router
