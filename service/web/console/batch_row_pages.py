"""The rows of a batch: looked through, opened as the form of a check, and sent to be checked, some at once.

A row is no decision. Sent, it becomes a check as if the person had asked for it by the form: the same rules, the same
quotas, in that person's name. Opened, it becomes nothing until the form is sent.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response

from classifier.errors import DoublecheckError, InputError
from classifier.importers import import_account
from service.auth.api_keys import Caller
from service.decisions.check_service import CheckService
from service.errors import ForbiddenError, UnauthenticatedError, UnknownUploadError
from service.records.transaction import Idempotency
from service.schemas.checks import CheckResponse
from service.settings import Settings
from service.texts.recorded import recorded
from service.uploads.jobs import Job, Jobs
from service.uploads.row_search import Found, Wanted, find_accounts, find_rows, has_rows
from service.web.api.dependencies import CurrentCheckService, CurrentSettings
from service.web.console.batch_pages import READERS
from service.web.console.check_pages import check_form
from service.web.console.file_row import FileRow, check_address
from service.web.console.forms import LABELS, Form, check_of, nonce, prefilled
from service.web.console.presenters.batch_rows import RELATIONS, SORTS, Sent, lines, links, query
from service.web.console.presenters.batch_summary import VERDICTS
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.problems import problem_of

# Rows of a page, and so the most that are sent at once.
PAGE = 25
_ROW = re.compile(r"row-([0-9]{1,9})")
_Part = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def wanted_of(
    handle: _Part = "",
    target: _Part = "",
    verdict: Literal["", "cleared", "needs_review", "refused", "error"] = "",
    relation: Literal[
        "", "is_protected", "impersonation", "same_owner", "parody_or_fan", "unrelated", "no_target", "error"
    ] = "",
    campaign: Annotated[str, Query(pattern=r"^[0-9]{0,4}$")] = "",
    sort: Literal["row", "probability", "handle", "target"] = "row",
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Wanted:
    """Return which rows an address asks for."""
    number = int(campaign) if campaign else None
    return Wanted(handle.strip(), verdict, relation, target.strip(), number, sort, page)


Asked = Annotated[Wanted, Depends(wanted_of)]


@router.get("/batches/{job_id}/rows")
async def rows_page(
    pages: CurrentPages,
    settings: CurrentSettings,
    visit: Annotated[Visit, Depends(Visiting(*READERS))],
    job_id: str,
    wanted: Asked,
) -> Response:
    """Show the rows that fit."""
    return await _page(pages, settings, visit, job_id, wanted)


@router.get("/batches/{job_id}/rows/{row}")
async def open_row(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    settings: CurrentSettings,
    visit: Annotated[Visit, Depends(Visiting("agent"))],
    job_id: str,
    row: int,
    wanted: Asked,
) -> Response:
    """Show the form of a check, filled in with the account of a row; nothing is recorded of that."""
    job = await asyncio.to_thread(_job, settings, job_id, visit.caller)
    found = await asyncio.to_thread(find_accounts, job.directory, [row])
    if row not in found:
        raise UnknownUploadError("there is no account in this row")
    account = import_account(found[row], "doublecheck", now=check_service.clock()).account
    if account is None:
        raise InputError("the account of this row cannot be read any more")
    return check_form(check_service, pages, visit, prefilled(account) | {"file": _carried(job, row, wanted)})


@router.post("/batches/{job_id}/rows")
async def send_rows(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    settings: CurrentSettings,
    posted: Annotated[Posted, Depends(Posting("agent"))],
    job_id: str,
    wanted: Asked,
) -> Response:
    """Ask for a check of each chosen row, in the name of who signed in."""
    visit, form = posted
    chosen = sorted({int(match[1]) for name in form.values if (match := _ROW.fullmatch(name))})
    if not 1 <= len(chosen) <= PAGE:
        return await _page(pages, settings, visit, job_id, wanted, error=_CHOOSE, status=422)
    job = await asyncio.to_thread(_job, settings, job_id, visit.caller)
    accounts = await asyncio.to_thread(find_accounts, job.directory, chosen)
    whole, action = once(request, form), form.value("action")
    sent = await asyncio.gather(
        *(_send(check_service, job, row, wanted, accounts.get(row), action, visit.caller, whole) for row in chosen)
    )
    return await _page(pages, settings, visit, job_id, wanted, sent=sent, status=200 if any(sent) else 422)


_CHOOSE = f"Choose 1 to {PAGE} rows."


def _of_a_row(whole: Idempotency, row: int) -> Idempotency:
    """Return what makes the check of one row, of a form that is sent twice, one check."""
    return Idempotency(f"{whole.key} row {row}", whole.request)


async def _send(
    check_service: CheckService,
    job: Job,
    row: int,
    wanted: Wanted,
    account: dict[str, Any] | None,
    action: str,
    caller: Caller,
    whole: Idempotency | None,
) -> Sent:
    """Ask for the check of a row; what fails is said of this row and stops no other."""
    if account is None:
        return Sent(row, "", why="there is no account in this row")
    try:
        asked = check_of(account, action, caller, f"Row {row} of the file {job.name}")
        answer = await check_service.check(asked, caller, whole and _of_a_row(whole, row), give=False)
    except (UnauthenticatedError, ForbiddenError):
        raise
    except (DoublecheckError, RequestValidationError) as error:
        return Sent(row, account["handle"], why=_why(error))
    checked = CheckResponse.model_validate_json(answer.body)
    address = check_address(checked.check_id, Form({"file": _carried(job, row, wanted)}))
    return Sent(row, account["handle"], address, checked.verdict)


def _carried(job: Job, row: int, wanted: Wanted) -> str:
    return FileRow(job.id, row, query(wanted, wanted.page)).carried


def _why(error: Exception) -> str:
    problem = problem_of(error, "")
    return "; ".join(f"{one.field}: {recorded(one.message)}" for one in problem.errors) or problem.detail


async def _page(
    pages: Pages,
    settings: Settings,
    visit: Visit,
    job_id: str,
    wanted: Wanted,
    *,
    sent: list[Sent] | None = None,
    error: str = "",
    status: int = 200,
) -> HTMLResponse:
    job, found = await asyncio.to_thread(_found, settings, job_id, visit.caller, wanted)
    return pages.page(
        "batch_rows.html",
        visit,
        status=status,
        job=job,
        wanted=wanted,
        filtered=any(value for name, value in asdict(wanted).items() if name not in {"sort", "page"}),
        found=found,
        lines=lines(found.rows),
        links=links(f"/batches/{job.id}/rows", wanted, found.total, PAGE),
        first=(wanted.page - 1) * PAGE + 1,
        verdicts=[(name, words) for name, (_, words) in VERDICTS.items()],
        relations=list(RELATIONS.items()),
        sorts=list(SORTS.items()),
        may_send=visit.has("agent"),
        sent=sent or [],
        error=error,
        labels=LABELS,
        nonce=nonce(),
    )


def _found(settings: Settings, job_id: str, caller: Caller, wanted: Wanted) -> tuple[Job, Found]:
    job = _job(settings, job_id, caller)
    return job, find_rows(job.directory, wanted, PAGE)


def _job(settings: Settings, job_id: str, caller: Caller) -> Job:
    """Return an upload whose rows this person may look at."""
    jobs = Jobs(settings.records_home())
    job = jobs.find(job_id, caller)
    if jobs.state(job).name != "done":
        raise UnknownUploadError("there are no answers yet")
    if not has_rows(job.directory):
        raise UnknownUploadError("this file was scored by an earlier version: fetch its answers, or upload it again")
    return job
