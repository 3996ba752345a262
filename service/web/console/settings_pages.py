"""The settings and quotas in force, to be read: they are set where the service is started."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from service.decisions.usage import used
from service.web.api.dependencies import CurrentCheckService, CurrentSettings
from service.web.console.presenters.settings_in_force import groups
from service.web.console.session_guard import Visiting
from service.web.console.templates import CurrentPages, Visit

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/settings")
async def settings_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    settings: CurrentSettings,
    visit: Annotated[Visit, Depends(Visiting("admin", "auditor"))],
) -> Response:
    """Show each setting with its value, and how much of the quotas is used."""
    quotas = check_service.rules.quotas
    total, people = await check_service.read(lambda read: used(read, quotas, check_service.clock()))
    return pages.page(
        "settings.html",
        visit,
        groups=groups(settings, os.environ),
        quotas=quotas,
        total=total,
        people=people,
        policy=check_service.rules.policy,
    )
