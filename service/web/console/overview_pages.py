"""How the service does, as pictures with their tables; and the model that serves, with what it was measured on."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from classifier.errors import DoublecheckError, ModelError
from classifier.model_store import ModelStore
from service.decisions.gate_signs import known_gates
from service.decisions.overview import Overview, Period, Span, overview
from service.decisions.recorded import Read
from service.decisions.second_look_report import brief
from service.monitoring.watcher import last_run, runs
from service.texts.dates import share_percent
from service.web.api.dependencies import CurrentCheckService, CurrentSettings, StoredModels
from service.web.console.presenters import certificate_watch, model_measured
from service.web.console.presenters import overview as presented
from service.web.console.session_guard import Visiting
from service.web.console.templates import CurrentPages, Visit

_Visit = Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))]
# The card may name who labelled cases: for those who answer for the model.
_OfModels = Annotated[Visit, Depends(Visiting("admin", "auditor"))]
_CARDS = {"html": "text/html", "md": "text/markdown"}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/overview")
async def overview_page(
    check_service: CurrentCheckService, settings: CurrentSettings, pages: CurrentPages, visit: _Visit,
    period: Annotated[Span, Query()] = "24h",
) -> Response:  # fmt: skip
    """Show the figures of a period."""
    now = check_service.clock()
    wanted = Period.of(period, now)

    def read(read_: Read) -> tuple[Overview, Any, Any]:
        second = brief(read_, wanted.begin, now) if visit.has("admin", "auditor") else None
        return overview(read_, wanted, check_service.rules), known_gates(read_), second

    found, gates, second = await check_service.read(read)
    watched = await asyncio.to_thread(_watched, check_service, wanted)
    shown = presented.pictures(found, now=now) + ([presented.blind(*second)] if second else []) + watched
    gates_shown = presented.gates_shown(gates, now=now, limit=check_service.gates.limit)
    return pages.page(
        "overview.html",
        visit,
        period=wanted,
        periods=presented.PERIODS,
        is_empty=not found.checks and found.waiting.oldest is None,
        pictures=shown + ([gates_shown] if gates_shown else []),
        watches=bool(settings.monitor_minutes) and not pages.demo,
    )


def _watched(check_service: Any, period: Period) -> list[presented.Picture]:
    """Return what the monitor saw; without a model in force nothing is known of certificates."""
    drift = certificate_watch.drift(runs(check_service.engine, period.begin), period)
    try:
        scorer = check_service.current()
    except DoublecheckError:
        return [drift]
    last = last_run(check_service.engine)
    return [certificate_watch.certificates(last, scorer.model.certificates, scorer.withdrawn, scorer.model_id), drift]


@router.get("/model")
async def model_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Visit, store: StoredModels
) -> Response:
    """Show the model that serves: its certificates, and what was measured at its training."""
    scorer = check_service.current()
    return pages.page(
        "model.html",
        visit,
        model_id=scorer.model_id,
        features=len(scorer.model.features),
        certified=scorer.model.certificates,
        withdrawn=sorted(scorer.withdrawn),
        measured=await asyncio.to_thread(_measured, store, scorer.model_id),
        percent=share_percent,
        may_fetch=visit.has("admin", "auditor"),
    )


def _measured(store: ModelStore, model_id: str) -> model_measured.Measured | None:
    """Return what the verified manifest tells; ``None`` where the model's files cannot be read."""
    try:
        return model_measured.measured(store.verify(model_id), store.stored_at(model_id))
    except (ModelError, OSError):
        return None


@router.get("/model/card.{ending}")
async def model_card(check_service: CurrentCheckService, _: _OfModels, store: StoredModels, ending: str) -> Response:
    """Give the model's card as a file: it has a style of its own, which no page here allows."""
    if ending not in _CARDS:
        raise HTTPException(404)
    model_id = check_service.current().model_id
    card = await asyncio.to_thread(store.card, model_id, f".{ending}")
    named = f'attachment; filename="model-{model_id[:16]}.{ending}"'
    return Response(card, media_type=_CARDS[ending], headers={"Content-Disposition": named})
