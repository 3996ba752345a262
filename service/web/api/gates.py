"""``/v1/gates``: a gate says that it works. What it does not say for a while is a banner on every page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.schemas.gates import GateSign, GateSignIn
from service.web.api.dependencies import CurrentCheckService, Gatekeeper
from service.web.api.requests import BODY, answered, documented, problems
from service.web.json_route import JsonRoute

Gate = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="What the gate is called: ozone.")]

router = APIRouter(prefix="/v1/gates", route_class=JsonRoute, tags=["gates"])


@router.put(
    "/{gate}",
    summary="A gate works",
    response_model=GateSign,
    responses=problems(*BODY),
    openapi_extra=documented("executor"),
)
async def note_gate(check_service: CurrentCheckService, caller: Gatekeeper, gate: Gate, body: GateSignIn) -> Response:
    """Note when the gate last said that it works. From the first time on, its silence is told on every page."""
    return answered(await check_service.gates.note(gate, body.waiting, caller))
