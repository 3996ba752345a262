"""The registry: searched, one account with its history, and changed by the same rules as over the API."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from classifier.accounts.account import ProtectedAccount, digest
from service.decisions import registry_search
from service.decisions.check_service import CheckService
from service.errors import ReadOnlyRegistryError, RegistryConflictError, SecondAdminError, UnknownAccountError
from service.records.transaction import Answer
from service.schemas.registry import RegistryChange
from service.texts.wording import gettext
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import Form, nonce
from service.web.console.presenters.protected import lines_of, shown_edit
from service.web.console.presenters.words import WORDS
from service.web.console.protected_form import (
    LABELS,
    LISTS,
    ProtectedFormError,
    filled,
    read_protected_form,
)
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit

PAGE = 50
_Reading = Annotated[Visit, Depends(Visiting("admin", "auditor"))]
_Changing = Annotated[Visit, Depends(Visiting("admin"))]
_Posted = Annotated[Posted, Depends(Posting("admin"))]
_Word = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]
_REFUSALS = (RegistryConflictError, SecondAdminError, ReadOnlyRegistryError)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/registry")
async def search_page(
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: _Reading,
    q: _Word = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    """Show the accounts that have a text in their handle, name or id."""
    registry = check_service.current().registry
    found = await asyncio.to_thread(registry_search.find, registry, q)
    start = (page - 1) * PAGE
    return pages.page(
        "registry.html",
        visit,
        q=q,
        total=len(registry),
        found=len(found.accounts),
        are_all=found.are_all,
        accounts=found.accounts[start : start + PAGE],
        before=_address(q, page - 1) if page > 1 else "",
        after=_address(q, page + 1) if start + PAGE < len(found.accounts) else "",
        waiting=sum(one.state in {"pending", "approved"} for one in await check_service.registry.listed()),
        may_change=may_change(check_service, visit),
        address=account_address,
    )


@router.get("/registry/account")
async def account_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Reading, platform: _Word, handle: _Word
) -> Response:
    """Show one account, also one that was protected before."""
    return await _account_page(check_service, pages, visit, platform, handle)


@router.get("/registry/add")
async def add_page(pages: CurrentPages, visit: _Changing, handle: _Word = "", platform: _Word = "") -> Response:
    """Show the form of a new account."""
    return _form_page(pages, visit, Form({"handle": handle, "platform": platform}))


@router.post("/registry/add")
async def add(request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted) -> Response:
    """Protect an account, or ask a second admin to."""
    visit, form = posted
    try:
        account = await asyncio.to_thread(read_protected_form, form, now=check_service.clock())
    except ProtectedFormError as error:
        return _form_page(pages, visit, error.form, status=422)
    known = check_service.registry.registered(account)
    if known is not None and known != account:
        errors = {"handle": gettext("is registered already, or its id is: open that account and edit it")}
        return _form_page(pages, visit, Form(form.values, errors), status=409)
    try:
        return await _put(request, check_service, visit, form, known, account)
    except _REFUSALS as error:
        return _form_page(pages, visit, form, status=409, refused=error.message)


@router.get("/registry/edit")
async def edit_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Changing, platform: _Word, handle: _Word
) -> Response:
    """Show the form of a registered account."""
    account = check_service.registry.find(platform, handle)
    return _form_page(pages, visit, Form(filled(account)), account)


@router.post("/registry/edit")
async def edit(request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted) -> Response:
    """Change what is registered of an account, or ask a second admin to."""
    visit, form = posted
    known = check_service.registry.find(form.value("old_platform"), form.value("old_handle"))
    try:
        account = await asyncio.to_thread(read_protected_form, form, now=check_service.clock())
    except ProtectedFormError as error:
        return _form_page(pages, visit, error.form, known, was=form.value("was"), status=422)
    if known != account and digest(known) != form.value("was"):
        refused = "somebody changed this account since the form was opened: the form shows your text, save it again"
        return _form_page(pages, visit, form, known, status=409, refused=refused)
    if check_service.registry.registered(account) != known:
        refused = "this would be another account: leave its id or its handle as it is"
        return _form_page(pages, visit, form, known, status=409, refused=refused)
    try:
        return await _put(request, check_service, visit, form, known, account)
    except _REFUSALS as error:
        return _form_page(pages, visit, form, known, status=409, refused=error.message)


@router.post("/registry/withdraw")
async def withdraw(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted
) -> Response:
    """Ask a second admin to protect an account no longer."""
    visit, form = posted
    platform, handle = form.value("platform"), form.value("handle")
    try:
        account = check_service.registry.find(platform, handle)
        answer = await check_service.registry.withdraw(account, visit.caller, once(request, form))
    except _REFUSALS as error:
        return await _account_page(check_service, pages, visit, platform, handle, status=409, refused=error.message)
    return _waits(answer)


# --- how ---------------------------------------------------------------------------------------------------------


async def _put(
    request: Request,
    check_service: CheckService,
    visit: Visit,
    form: Form,
    known: ProtectedAccount | None,
    account: ProtectedAccount,
) -> Response:
    shown = RedirectResponse(account_address(account.platform, account.handle), 303)
    if known == account:  # nothing is changed; or the form was sent twice
        return shown
    done = await check_service.registry.put(account, visit.caller, once(request, form))
    return _waits(done) if isinstance(done, Answer) else shown


def _waits(answer: Answer) -> Response:
    return RedirectResponse(f"/registry/{RegistryChange.model_validate_json(answer.body).change_id}", 303)


async def _account_page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    platform: str,
    handle: str,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    try:
        account: ProtectedAccount | None = check_service.registry.find(platform, handle)
    except UnknownAccountError:
        account = None
    edits = await check_service.registry.history(platform, handle, account)
    if account is None and not edits:
        raise UnknownAccountError("no protected account has this platform and handle")
    shown = (account.platform, account.handle) if account else (platform, handle)
    return pages.page(
        "protected.html",
        visit,
        status=status,
        account=account,
        platform=shown[0],
        handle=shown[1],
        query=urlencode({"platform": shown[0], "handle": shown[1]}),
        lines=lines_of(account) if account else [],
        history=[shown_edit(one) for one in edits],
        waiting=[one for one in edits if one.state in {"pending", "approved"}],
        may_change=may_change(check_service, visit),
        nonce=nonce(),
        refused=refused,
    )


def _form_page(
    pages: Pages,
    visit: Visit,
    form: Form,
    account: ProtectedAccount | None = None,
    *,
    was: str = "",
    status: int = 200,
    refused: str = "",
) -> HTMLResponse:
    return pages.page(
        "protected_form.html",
        visit,
        status=status,
        form=form,
        labels=LABELS,
        lists=list(LISTS),
        hints=LISTS,
        verifications=[(name, words.capitalize()) for name, words in WORDS["verification"].items()],
        was=(was or digest(account)) if account else "",
        handle=account.handle if account else "",
        platform=account.platform if account else "",
        back=account_address(account.platform, account.handle) if account else "/registry",
        nonce=nonce(),
        refused=refused,
    )


def may_change(check_service: CheckService, visit: Visit) -> bool:
    """Tell whether this person may change the registry here."""
    try:
        check_service.current.require_writable()
    except ReadOnlyRegistryError:
        return False
    return visit.has("admin")


def account_address(platform: str, handle: str) -> str:
    """Return where the page of an account is."""
    return f"/registry/account?{urlencode({'platform': platform, 'handle': handle})}"


def _address(q: str, page: int) -> str:
    return f"/registry?{urlencode({'q': q, 'page': page})}"
