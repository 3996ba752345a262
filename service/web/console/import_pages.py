"""Importing a file of protected accounts: what it would change is shown first, then a second admin is asked."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from classifier.errors import FileFormatError, InputError
from classifier.importers.readers.source import ENDINGS
from service.decisions.check_service import CheckService
from service.decisions.registry_import import MOST, ImportPreview, Row, preview_import
from service.errors import ReadOnlyRegistryError, RegistryConflictError, SecondAdminError
from service.schemas.registry import RegistryChange
from service.settings import Settings
from service.texts.wording import Words
from service.uploads.jobs import shown_name
from service.uploads.registry_drafts import Drafts
from service.web.api.dependencies import CurrentCheckService, CurrentSettings
from service.web.console.forms import Form, nonce
from service.web.console.presenters.registry_change import shown_import
from service.web.console.protected_pages import may_change
from service.web.console.session_guard import Posted, Posting, Visiting, check_csrf, once, refuse_other_sites
from service.web.console.templates import CurrentPages, Pages, Visit
from service.web.console.upload_form import read_sent

LABELS = Words({"file": "File", "platform": "Platform", "missing": "Accounts that are not in the file"})
_PLATFORM_LENGTH = 40
_Changing = Annotated[Visit, Depends(Visiting("admin"))]
_Posted = Annotated[Posted, Depends(Posting("admin"))]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/registry/import")
async def import_page(
    check_service: CurrentCheckService, pages: CurrentPages, settings: CurrentSettings, visit: _Changing
) -> Response:
    """Show the form to send a file."""
    return _form_page(check_service, pages, settings, visit, Form({}))


@router.post("/registry/import", dependencies=[Depends(refuse_other_sites)])
async def upload(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    settings: CurrentSettings,
    visit: _Changing,  # before anything is received
) -> Response:
    """Read a file, and show what it would change."""
    check_service.current.require_writable()
    drafts = Drafts(settings.records_home())
    fields, sent = await read_sent(request, await asyncio.to_thread(drafts.open))
    form = Form(fields)
    try:
        check_csrf(visit, form.value("csrf"))
        rows = await asyncio.to_thread(_rows, drafts, form, sent, check_service, settings)
        preview = await _preview(check_service, form, shown_name((sent and sent.filename) or ""), rows)
    except (FileFormatError, InputError) as error:
        field = error.field if error.field and error.field in LABELS else "file"
        form = Form(form.values, {field: error.message})
        return _form_page(check_service, pages, settings, visit, form, status=422)
    except (RegistryConflictError, ReadOnlyRegistryError) as error:
        return _form_page(check_service, pages, settings, visit, form, status=409, refused=error.message)
    finally:
        if sent is not None:
            await sent.close()
    draft_id = await asyncio.to_thread(drafts.keep, preview, visit.caller)
    return RedirectResponse(f"/registry/import/{draft_id}", 303)


@router.get("/registry/import/{draft_id}")
async def draft_page(pages: CurrentPages, settings: CurrentSettings, visit: _Changing, draft_id: UUID) -> Response:
    """Show what a file would change."""
    return await _draft_page(pages, settings, visit, draft_id)


@router.post("/registry/import/{draft_id}/ask")
async def ask(
    request: Request,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    settings: CurrentSettings,
    posted: _Posted,
    draft_id: UUID,
) -> Response:
    """Ask a second admin to approve what was shown."""
    visit, form = posted
    drafts = Drafts(settings.records_home())
    draft = await asyncio.to_thread(drafts.find, draft_id, visit.caller)
    try:
        answer = await check_service.registry.ask_import(draft.preview, visit.caller, once(request, form))
    except (RegistryConflictError, ReadOnlyRegistryError, SecondAdminError) as error:
        return await _draft_page(pages, settings, visit, draft_id, status=409, refused=error.message)
    await asyncio.to_thread(drafts.remove, draft_id)
    return RedirectResponse(f"/registry/{RegistryChange.model_validate_json(answer.body).change_id}", 303)


@router.post("/registry/import/{draft_id}/discard")
async def discard(settings: CurrentSettings, posted: _Posted, draft_id: UUID) -> Response:
    """Forget what a file would change."""
    drafts = Drafts(settings.records_home())
    await asyncio.to_thread(drafts.find, draft_id, posted.visit.caller)
    await asyncio.to_thread(drafts.remove, draft_id)
    return RedirectResponse("/registry/import", 303)


def _rows(
    drafts: Drafts, form: Form, sent: UploadFile | None, check_service: CheckService, settings: Settings
) -> list[Row]:
    if sent is None or not sent.filename:
        raise InputError("choose a file", field="file")
    if form.value("missing") not in ("keep", "withdraw"):
        raise InputError("choose one of the list", field="missing")
    if len(form.value("platform")) > _PLATFORM_LENGTH:
        raise InputError(f"may have {_PLATFORM_LENGTH} characters", field="platform")
    return drafts.read(
        sent.file,
        sent.filename,
        now=check_service.clock(),
        platform=form.value("platform") or None,
        most=settings.max_upload_rows,
    )


async def _preview(check_service: CheckService, form: Form, name: str, rows: list[Row]) -> ImportPreview:
    missing = form.value("missing") == "withdraw"
    return await check_service.registry.preview_import(
        lambda scorer: preview_import(scorer, name, rows, withdraw_missing=missing)
    )


def _form_page(
    check_service: CheckService,
    pages: Pages,
    settings: Settings,
    visit: Visit,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    return pages.page(
        "import.html",
        visit,
        status=status,
        form=form,
        labels=LABELS,
        endings=[*ENDINGS, ".gz", ".zst"],
        limits=settings,
        most=MOST,
        may_change=may_change(check_service, visit),
        refused=refused,
    )


async def _draft_page(
    pages: Pages, settings: Settings, visit: Visit, draft_id: UUID, *, status: int = 200, refused: str = ""
) -> HTMLResponse:
    draft = await asyncio.to_thread(Drafts(settings.records_home()).find, draft_id, visit.caller)
    imported = draft.preview.out(whole=True)
    return pages.page(
        "import_draft.html",
        visit,
        status=status,
        draft_id=draft.id,
        file=draft.preview.name,
        imported=imported,
        accounts=shown_import(imported),
        reasons=[reason for reason in draft.preview.reasons if reason.code != "import"],
        nonce=nonce(),
        refused=refused,
    )
