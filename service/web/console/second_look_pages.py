"""Second looks: somebody judges a check blind, one after the other. Those who look on read what was answered.

The page of a check that is judged shows both accounts and the report. It leads to no page that tells the answer.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from service.decisions.check_service import CheckService
from service.decisions.second_looks import may_know
from service.schemas.second_looks import BlindOut, SecondAnswerIn, SecondRelation
from service.texts.wording import Message, Words
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import LABELS, Form, nonce
from service.web.console.presenters.pair import pair_of
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError

SHOWN = 200
RELATIONS: Words[SecondRelation, str] = Words(
    {
        "impersonation": "It pretends to be the protected account",
        "parody_or_fan": "A parody, fan or commentary account",
        "same_owner": "Another account of the same owner",
        "unrelated": "Unrelated, or somebody of the same name",
        "unsure": "I cannot tell",
    }
)
_NOT_CHOSEN = FieldError(field="relation", message="choose what you take it for")
_TOO_LONG = FieldError(field="reason", message="write less than 2,000 characters")
ByReviewer = Annotated[Visit, Depends(Visiting("reviewer"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/second-looks")
async def looks_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))],
) -> Response:
    """Show how many checks this person may judge; to those who look on, what was drawn and answered."""
    found = await check_service.second_looks.search(visit.caller, None, SHOWN)
    return pages.page(
        "second_looks.html", visit, looks=found.second_looks, knows=may_know(visit.caller), relations=RELATIONS
    )


@router.get("/second-looks/next")
async def next_look(check_service: CurrentCheckService, visit: ByReviewer) -> Response:
    """Lead to the next check that this person may judge."""
    return RedirectResponse(await _next(check_service, visit), 303)


@router.get("/second-looks/{check_id}")
async def blind_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: ByReviewer, check_id: UUID
) -> Response:
    """Show a check blind. The first showing is recorded."""
    return await _page(check_service, pages, visit, str(check_id), Form({}))


@router.post("/second-looks/{check_id}/answer")
async def judge(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    posted: Annotated[Posted, Depends(Posting("reviewer"))],
    check_id: UUID,
) -> Response:
    """Record the answer, and lead to the next check."""
    visit, form = posted
    try:
        given = SecondAnswerIn.model_validate({"relation": form.value("relation"), "reason": form.value("reason")})
    except ValidationError as error:
        faulty = {fault["loc"][0] for fault in error.errors() if fault["loc"]}
        errors = [fault for fault in (_NOT_CHOSEN, _TOO_LONG) if fault.field in faulty]
        return await _page(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    await check_service.second_looks.answer(str(check_id), given, visit.caller, once(request, form))
    return RedirectResponse(await _next(check_service, visit), 303)


async def _next(check_service: CheckService, visit: Visit) -> str:
    found = await check_service.second_looks.search(visit.caller, None, 1)
    return f"/second-looks/{found.second_looks[0].check_id}" if found.second_looks else "/second-looks"


async def _page(
    check_service: CheckService, pages: Pages, visit: Visit, check_id: str, form: Form, *, status: int = 200
) -> HTMLResponse:
    answer = await check_service.second_looks.show(check_id, visit.caller)
    blind = BlindOut.model_validate_json(answer.body)
    reports: list[str | dict[str, Any] | None] = [*blind.reports] if blind.reports else [blind.report]
    return pages.page(
        "second_look.html",
        visit,
        status=status,
        check_id=check_id,
        pair=pair_of(blind.account, blind.target, blind.shown_at),
        reports=[_said(one) for one in reports if one],
        form=form,
        labels=LABELS | {"relation": Message("What you take it for")},
        nonce=nonce(),
        relations=[(name, RELATIONS[name]) for name in get_args(SecondRelation)],
    )


def _said(report: str | dict[str, Any]) -> str:
    return report if isinstance(report, str) else json.dumps(report, indent=2, ensure_ascii=False)
