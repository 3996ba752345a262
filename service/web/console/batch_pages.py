"""Batches: files of reported accounts are uploaded, scored in the background, looked at and fetched.

A batch says what the policy would say of each account. It is no decision and gives no clearance.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from classifier.errors import DoublecheckError, InputError
from classifier.importers.formats.detect import FORMATS
from classifier.importers.readers.source import ENDINGS
from service.auth.api_keys import Role
from service.decisions.check_service import CheckService
from service.errors import ForbiddenError, UnknownUploadError, UploadLimitError
from service.settings import Settings
from service.texts.dates import percent
from service.texts.wording import Words, gettext
from service.uploads.jobs import Job, Jobs, State, may_remove
from service.uploads.row_search import has_rows
from service.uploads.spreadsheets import ATTENTION, SHEET
from service.uploads.worker import ANSWERS, SUMMARY
from service.web.api.dependencies import CurrentCheckService, CurrentSettings
from service.web.console.forms import Form
from service.web.console.presenters import batch_summary
from service.web.console.presenters.spans import span
from service.web.console.session_guard import Posted, Posting, Visiting, check_csrf, refuse_other_sites
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.console.upload_form import read_sent
from service.web.problems import kind_of

UPLOADERS: tuple[Role, ...] = ("agent", "reviewer", "admin")
READERS: tuple[Role, ...] = (*UPLOADERS, "auditor")
Reading = Annotated[Visit, Depends(Visiting(*READERS))]
# Files of answers that can be fetched, and what they are.
FETCHED = {SHEET: "text/csv; charset=utf-8", ANSWERS: "application/x-ndjson"}
LABELS = Words({"file": "File", "format": "Format", "platform": "Platform"})
_PLATFORM_LENGTH = 40


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/batches")
async def list_page(pages: CurrentPages, settings: CurrentSettings, visit: Reading) -> Response:
    """Show the files that were uploaded, and the form to upload one."""
    return await _list(pages, settings, visit, Form({}))


@router.post("/batches", dependencies=[Depends(refuse_other_sites)])
async def upload(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    settings: CurrentSettings,
    visit: Annotated[Visit, Depends(Visiting(*UPLOADERS))],  # before anything is received
) -> Response:
    """Take a file."""
    jobs = Jobs(settings.records_home())
    fields, sent = await read_sent(request, await asyncio.to_thread(jobs.open))
    form = Form(fields)
    try:
        check_csrf(visit, form.value("csrf"))
        job = await asyncio.to_thread(_add, jobs, form, sent, visit, check_service)
    except (InputError, UploadLimitError) as error:
        return await _list(pages, settings, visit, _corrected(form, error), kind_of(error).status)
    finally:
        if sent is not None:
            await sent.close()
    return RedirectResponse(f"/batches/{job.id}", 303)


async def _list(pages: Pages, settings: Settings, visit: Visit, form: Form, status: int = 200) -> HTMLResponse:
    jobs = Jobs(settings.records_home())
    lines = await asyncio.to_thread(lambda: [(job, jobs.state(job)) for job in jobs.of(visit.caller)])
    return pages.page(
        "batches.html",
        visit,
        status=status,
        form=form,
        labels=LABELS,
        lines=[(job, state, batch_summary.course(state.progress)) for job, state in lines],
        working=any(state.name in {"waiting", "running"} for _, state in lines),
        may_upload=visit.has(*UPLOADERS),
        formats=[("", gettext("Told from the columns")), *((name, name) for name in FORMATS)],
        endings=[*ENDINGS, ".gz", ".zst"],
        limits=settings,
        span=span,
        size=size,
    )


@router.get("/batches/{job_id}")
async def batch_page(pages: CurrentPages, settings: CurrentSettings, visit: Reading, job_id: str) -> Response:
    """Show how far a file is, and what it came to."""
    job, state, found = await asyncio.to_thread(_read, Jobs(settings.records_home()), job_id, visit)
    return pages.page(
        "batch.html",
        visit,
        job=job,
        state=state,
        course=batch_summary.course(state.progress),
        ahead=found.pop("ahead", 0),
        until=job.at + timedelta(hours=settings.upload_hours),
        may_remove=may_remove(job, visit.caller),
        words_of=batch_summary,
        percent=percent,
        span=span,
        size=size,
        **{"summary": None, "attention": None, "ended": None, "has_rows": False} | found,
    )


@router.get("/batches/{job_id}/{name}")
async def fetch(settings: CurrentSettings, visit: Reading, job_id: str, name: str) -> Response:
    """Give a file of answers."""
    job, state, _ = await asyncio.to_thread(_read, Jobs(settings.records_home()), job_id, visit)
    if name not in FETCHED or state.name != "done":
        raise UnknownUploadError("there is no such file of answers, or not yet")
    called = f"{Path(job.name).name.partition('.')[0] or 'answers'}.{name}"
    return FileResponse(job.directory / name, media_type=FETCHED[name], filename=called)


@router.post("/batches/{job_id}/remove")
async def remove(
    settings: CurrentSettings, posted: Annotated[Posted, Depends(Posting(*READERS))], job_id: str
) -> Response:
    """Remove a file and its answers."""
    jobs, visit = Jobs(settings.records_home()), posted.visit
    job = await asyncio.to_thread(jobs.find, job_id, visit.caller)
    if not may_remove(job, visit.caller):
        raise ForbiddenError("only who uploaded a file may remove it")
    await asyncio.to_thread(jobs.remove, job)
    return RedirectResponse("/batches", 303)


def _add(jobs: Jobs, form: Form, sent: UploadFile | None, visit: Visit, check_service: CheckService) -> Job:
    if sent is None or not sent.filename:
        raise InputError("choose a file", field="file")
    if form.value("format") not in ("", *FORMATS):
        raise InputError("choose one of the list", field="format")
    if len(form.value("platform")) > _PLATFORM_LENGTH:
        raise InputError(f"may have {_PLATFORM_LENGTH} characters", field="platform")
    return jobs.add(
        sent.file,
        sent.filename,
        visit.caller,
        at=check_service.clock(),
        format=form.value("format") or None,
        platform=form.value("platform") or None,
    )


def _corrected(form: Form, error: DoublecheckError) -> Form:
    return Form(form.values, {error.field or "file": error.message})


def _read(jobs: Jobs, job_id: str, visit: Visit) -> tuple[Job, State, dict[str, Any]]:
    """Return a job, how far it is, and what it came to or how many are before it."""
    job = jobs.find(job_id, visit.caller)
    state = jobs.state(job)
    if state.name == "waiting":
        return job, state, {"ahead": sum(other.at < job.at and not other.has_ended() for other in jobs.all())}
    if state.name != "done":
        return job, state, {}
    return (
        job,
        state,
        {
            "summary": job.read(SUMMARY),
            "attention": job.read(ATTENTION),
            "ended": job.read("ended.json"),
            "has_rows": has_rows(job.directory),
        },
    )


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> size(900), size(67_108_864), size(1_500)
    ('900 bytes', '64 MiB', '1.5 KiB')
    """
    if count < 1024:
        return gettext("%(count)s bytes", count=count)
    unit, scale = ("KiB", 1024) if count < 1024**2 else ("MiB", 1024**2)
    return f"{count / scale:.1f}".removesuffix(".0") + f" {unit}"
