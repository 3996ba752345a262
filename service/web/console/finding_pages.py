"""Proved identities: whose accounts were proved to be whose, a form for a new proof, and what ends one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from service.decisions.check_service import CheckService
from service.decisions.proven import FindingSearch
from service.errors import FindingError
from service.schemas.findings import FindingEndIn, FindingIn, ProofOut
from service.texts.wording import Message, Words, gettext
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import LABELS, Form, nonce
from service.web.console.presenters.pair import pair_of
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import FieldError

PAGE = 50
PROOFS = Words(
    {
        "id_document": "An identity document",
        "platform_verified": "A verification by the platform",
        "domain": "Control of a domain",
        "authorisation": "A written authorisation",
        "court_order": "A court order",
        "other": "Another proof",
    }
)
ENDS = Words(
    {
        "passed_on": "Somebody else has the account now",
        "proof_wrong": "The proof was wrong",
        "made_by_mistake": "It was recorded by mistake",
        "asked_by_person": "The person asked for it",
        "other": "Another reason",
    }
)
_NO_PROOF = FieldError(field="proof", message="choose what proof was seen")
_NO_NOTE = FieldError(field="note", message="say what was seen, in a few words")
_NO_REASON = FieldError(field="reason", message="choose why it ends")
_Reader = Annotated[Visit, Depends(Visiting("reviewer", "admin", "auditor"))]
_ByReviewer = Annotated[Posted, Depends(Posting("reviewer"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/findings")
async def findings_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: _Reader,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """List what proofs of identity found, the newest first."""
    found = await check_service.proven.search(FindingSearch(before=before, limit=PAGE))
    older = f"/findings?before={found.next}" if found.next else ""
    return pages.page("findings.html", visit, findings=found.findings, older=older, proofs=PROOFS, ends=ENDS)


@router.get("/findings/{finding_id}")
async def finding_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Reader, finding_id: UUID
) -> Response:
    """Show what a proof of identity found, and what ends it."""
    return await _finding(check_service, pages, visit, str(finding_id), Form({}))


@router.post("/findings/{finding_id}/end")
async def end(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _ByReviewer, finding_id: UUID
) -> Response:
    """End a finding, or all of the same proof."""
    visit, form = posted
    try:
        given = FindingEndIn.model_validate({"reason": form.value("reason"), "all": form.value("all") == "yes"})
    except ValidationError:
        return await _finding(check_service, pages, visit, str(finding_id), form.with_errors([_NO_REASON]), status=422)
    try:
        await check_service.proven.end(str(finding_id), given, visit.caller, once(request, form))
    except FindingError as error:
        return await _finding(check_service, pages, visit, str(finding_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/findings/{finding_id}", 303)


@router.get("/checks/{check_id}/proof")
async def proof_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: Annotated[Visit, Depends(Visiting("reviewer"))],
    check_id: UUID,
) -> Response:
    """Show the form for a proof of identity. That the evidence is looked at here is recorded."""
    return await _proof(check_service, pages, visit, str(check_id), Form({}))


@router.post("/checks/{check_id}/proof")
async def prove(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _ByReviewer, check_id: UUID
) -> Response:
    """Record that somebody proved that the account of a check is theirs."""
    visit, form = posted
    values = {"check_id": str(check_id), "proof": form.value("proof"), "note": form.value("note")}
    try:
        given = FindingIn.model_validate(values)
    except ValidationError as error:
        faulty = {fault["loc"][0] for fault in error.errors() if fault["loc"]}
        errors = [fault for fault in (_NO_PROOF, _NO_NOTE) if fault.field in faulty]
        return await _proof(check_service, pages, visit, str(check_id), form.with_errors(errors), status=422)
    try:
        answer = await check_service.proven.make(given, visit.caller, once(request, form))
    except FindingError as error:
        return await _proof(check_service, pages, visit, str(check_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/findings/{ProofOut.model_validate_json(answer.body).findings[0].finding_id}", 303)


async def _finding(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    finding_id: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    found = await check_service.proven.find(finding_id)
    stands = found.state == "stands"
    return pages.page(
        "finding.html",
        visit,
        status=status,
        finding=found,
        pair=pair_of(found.profile, None, found.made_at) if found.profile else None,
        proofs=PROOFS,
        ends=ENDS,
        form=form,
        labels=LABELS,
        nonce=nonce(),
        refused=refused,
        may_end=stands and visit.has("reviewer") and not visit.caller.is_called(found.made_by),
    )


async def _proof(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    account = await check_service.account(check_id, visit.caller)  # raises where it was erased, before a look counts
    detail = await check_service.show(check_id, visit.caller)
    return pages.page(
        "proof.html",
        visit,
        status=status,
        check_id=check_id,
        handle=account.handle,
        pair=pair_of(detail.account, await check_service.target(check_id, visit.caller), detail.check.checked_at),
        proofs=[("", gettext("Choose")), *PROOFS.items()],
        form=form,
        labels=LABELS | {"note": Message("What was seen")},
        nonce=nonce(),
        refused=refused,
    )
