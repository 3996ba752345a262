"""Files of one check: its statement of reasons, and everything that proves and replays it.

That somebody gets one is recorded first.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from service.web.api.dependencies import CurrentCheckService, IsDemo, StoredModels
from service.web.console.paste import pretty
from service.web.console.session_guard import Visiting
from service.web.console.templates import Visit

router = APIRouter(include_in_schema=False)


@router.get("/checks/{check_id}/statement.json")
async def statement_file(
    check_service: CurrentCheckService,
    visit: Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))],
    check_id: UUID,
) -> Response:
    """Give the statement of reasons, as the HTTP interface gives it."""
    found = await check_service.statement(str(check_id), visit.caller)
    await check_service.audit.note(str(check_id), "statement", visit.caller)
    return _file(found.model_dump_json(indent=2), f"statement-{check_id}.json")


@router.get("/checks/{check_id}/bundle.json")
async def bundle_file(
    check_service: CurrentCheckService,
    models: StoredModels,
    demo: IsDemo,
    visit: Annotated[Visit, Depends(Visiting("admin", "auditor"))],
    check_id: UUID,
) -> Response:
    """Give the check with its record, its entries of the log, their signature and the keys, as ``audit export``."""
    found = await check_service.audit.bundle(str(check_id), visit.caller, models)
    await check_service.audit.note(str(check_id), "bundle", visit.caller)
    return _file(pretty({"demonstration": demo} | found), f"check-{check_id}.json")


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(f"{text}\n".encode("utf-8", "replace"), media_type="application/json", headers=headers)
