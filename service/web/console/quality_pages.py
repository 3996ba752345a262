"""How reviewers answer: their figures to themselves, all figures to admins and auditors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from service.decisions.reviewer_quality import QualitySpan, quality
from service.web.api.dependencies import CurrentCheckService
from service.web.console.presenters.quality import FIGURES, SPANS, figures
from service.web.console.session_guard import Visiting
from service.web.console.templates import CurrentPages, Visit

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/quality")
async def quality_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))],
    period: Annotated[QualitySpan, Query()] = "90d",
) -> Response:
    """Show how reviewers answered in a period that ended yesterday."""
    now = check_service.clock()
    found = await check_service.read(lambda read: quality(read, period, visit.caller, now))
    return pages.page(
        "quality.html",
        visit,
        period=period,
        periods=SPANS,
        reviewers=[(one.name, figures(one)) for one in found],
        names=list(FIGURES.values()),
        sees_all=visit.has("admin", "auditor"),
        share=check_service.rules.known_case_share,
    )
