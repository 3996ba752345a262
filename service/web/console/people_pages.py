"""People and keys: who may do what, new keys, ends of access, revoked keys, and the second admin's answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import TypeAdapter, ValidationError

from classifier.errors import InputError
from service.auth.api_keys import ROLES
from service.decisions.check_service import CheckService
from service.decisions.key_changes import NewKey
from service.decisions.roster import PersonLine
from service.errors import ForbiddenError, ReviewError, SecondAdminError, UnknownAccountError
from service.schemas.values import Note
from service.texts.wording import Words, gettext
from service.utils.person_key import person_key
from service.web.api.dependencies import CurrentCheckService
from service.web.console.forms import Form, nonce
from service.web.console.presenters.key_change import MAY, shown
from service.web.console.second_admin_form import NO_REASON, permitted, read_answer
from service.web.console.session_guard import Posted, Posting, Visiting, once
from service.web.console.templates import CurrentPages, Pages, Visit

LABELS = Words(
    {
        "actor": "Name",
        "role-agent": "Roles",
        "person": "Id of the person",
        "last_day": "Last day of access",
        "reason": "Why",
    }
)
_NOTE: TypeAdapter[str] = TypeAdapter(Note)
_NO_REASON = "say why, in a few words: it is kept"
_Reading = Annotated[Visit, Depends(Visiting("admin", "auditor"))]


async def _real_visit(visit: Annotated[Visit, Depends(Visiting("admin"))]) -> Visit:
    """Return the visit of an admin: those of the demonstration share their keys with everybody who tries it."""
    if visit.session.demo:
        raise ForbiddenError("people of the demonstration cannot change people and keys")
    return visit


async def _real_post(posted: Annotated[Posted, Depends(Posting("admin"))]) -> Posted:
    await _real_visit(posted.visit)
    return posted


_Changing = Annotated[Visit, Depends(_real_visit)]
_Posted = Annotated[Posted, Depends(_real_post)]
_Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class _FormError(Exception):
    """Fields that cannot be used, by name."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("fields cannot be used")
        self.errors = errors


@router.get("/people")
async def people_page(check_service: CurrentCheckService, pages: CurrentPages, visit: _Reading) -> Response:
    """Show everybody who has a key, and what waits for a second admin."""
    people = await check_service.people.roster()
    changes = [shown(one) for one in await check_service.people.listed()]
    return pages.page(
        "people.html",
        visit,
        people=[one for one in people if one.roles],
        former=[one for one in people if not one.roles],
        waiting=[one for one in changes if one.is_open],
        over=[one for one in changes if not one.is_open],
        may_change=_may_change(visit),
        address=person_address,
    )


@router.get("/people/person")
async def person_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Reading, name: _Word
) -> Response:
    """Show one person's keys, and what an admin may do about them."""
    return await _person(check_service, pages, visit, name, Form({}))


@router.get("/people/add")
async def add_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Changing, name: _Word = ""
) -> Response:
    """Show the form of a new key: for somebody new, or for whom the name is."""
    values = {"actor": name}
    known = _found(await check_service.people.roster(), name) if name else None
    if known:
        values |= {"person": known.person or ""} | {f"role-{role}": role for role in known.roles}
    return _add_page(pages, visit, Form(values))


@router.post("/people/add")
async def add(request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted) -> Response:
    """Ask a second admin for a key, and show it: the only time that it is seen."""
    visit, form = posted
    try:
        wanted = _wanted(form, check_service.clock())
        change_id, key = await check_service.people.ask_key(wanted, visit.caller, once(request, form))
    except _FormError as error:
        return _add_page(pages, visit, Form(form.values, error.errors), status=422)
    except InputError as error:
        field = {"role": "role-agent"}.get(error.field or "", error.field or "actor")
        return _add_page(pages, visit, Form(form.values, {field: error.message}), status=422)
    except SecondAdminError as error:
        return _add_page(pages, visit, form, status=409, refused=error.message)
    return pages.page("key.html", visit, key=key, actor=wanted.actor, change_id=change_id)


@router.post("/people/access")
async def set_access_end(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted
) -> Response:
    """Have somebody's access end; to end it later takes a second admin."""
    visit, form = posted
    name = form.value("name")
    try:
        ends_at, reason = _end(form, check_service.clock()), _reason(form)
        change_id = await check_service.people.set_access_end(name, ends_at, reason, visit.caller, once(request, form))
    except _FormError as error:
        return await _person(check_service, pages, visit, name, Form(form.values, error.errors), status=422)
    except (ReviewError, SecondAdminError) as error:
        return await _person(check_service, pages, visit, name, form, status=409, refused=error.message)
    return RedirectResponse(f"/people/changes/{change_id}" if change_id else person_address(name), 303)


@router.post("/people/revoke")
async def revoke(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted
) -> Response:
    """Take a key out of force, for good."""
    visit, form = posted
    name = form.value("name")
    try:
        await check_service.people.revoke(form.value("key_id"), visit.caller, once(request, form))
    except ReviewError as error:
        return await _person(check_service, pages, visit, name, form, status=409, refused=error.message)
    return RedirectResponse(person_address(name), 303)


@router.get("/people/changes/{change_id}")
async def change_page(
    check_service: CurrentCheckService, pages: CurrentPages, visit: _Reading, change_id: UUID
) -> Response:
    """Show a change of keys, and what this person may do about it."""
    return await _change(check_service, pages, visit, str(change_id), Form({}))


@router.post("/people/changes/{change_id}/answer")
async def answer_change(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, posted: _Posted, change_id: UUID
) -> Response:
    """Record an admin's answer; what is approved is in force then."""
    visit, form = posted
    given = read_answer(form)
    if given is None:
        return await _change(check_service, pages, visit, str(change_id), form.with_errors([NO_REASON]), status=422)
    try:
        await check_service.people.answer(str(change_id), given, visit.caller, once(request, form))
    except (ReviewError, InputError) as error:
        return await _change(check_service, pages, visit, str(change_id), form, status=409, refused=error.message)
    return RedirectResponse(f"/people/changes/{change_id}", 303)


# --- what forms say ----------------------------------------------------------------------------------------------


def _wanted(form: Form, now: datetime) -> NewKey:
    roles = tuple(role for role in ROLES if form.value(f"role-{role}"))
    errors = {} if form.value("actor") else {"actor": "is required"}
    errors |= {} if roles else {"role-agent": gettext("choose at least one")}
    try:
        ends_at = _last_moment(form, now) if form.value("last_day") else None
    except _FormError as error:
        errors |= error.errors
    try:
        reason = _reason(form)
    except _FormError as error:
        errors |= error.errors
    if errors:
        raise _FormError(errors)
    return NewKey(form.value("actor"), roles, form.value("person") or None, ends_at, reason)


def _end(form: Form, now: datetime) -> datetime | None:
    if form.value("end") == "now":
        return now
    return None if form.value("end") == "never" else _last_moment(form, now)


def _last_moment(form: Form, now: datetime) -> datetime:
    """Return when the last day of access is over, in UTC."""
    try:
        ends_at = datetime.combine(date.fromisoformat(form.value("last_day")) + timedelta(days=1), time.min, UTC)
    except (ValueError, OverflowError):
        raise _FormError({"last_day": "must be a day, such as 2026-12-31"}) from None
    if ends_at <= now:
        raise _FormError({"last_day": "is over: choose today or a later day"})
    return ends_at


def _reason(form: Form) -> str:
    try:
        return _NOTE.validate_python(form.value("reason"))
    except ValidationError:
        raise _FormError({"reason": _NO_REASON}) from None


# --- what pages show ---------------------------------------------------------------------------------------------


def _add_page(pages: Pages, visit: Visit, form: Form, *, status: int = 200, refused: str = "") -> HTMLResponse:
    may = [(role, MAY[role]) for role in ROLES]
    return pages.page(
        "person_form.html", visit, status=status, form=form, labels=LABELS, roles=may, nonce=nonce(), refused=refused
    )


async def _person(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    name: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    person = _found(await check_service.people.roster(), name)
    if person is None:
        raise UnknownAccountError("nobody with a key has this name")
    return pages.page(
        "person.html",
        visit,
        status=status,
        person=person,
        query=urlencode({"name": person.name}),
        form=form,
        labels=LABELS,
        nonces=[nonce() for _ in person.keys],
        nonce=nonce(),
        may_change=_may_change(visit),
        refused=refused,
    )


async def _change(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    change_id: str,
    form: Form,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    change, no_approval, no_answer = await check_service.people.find(change_id, visit.caller)
    return pages.page(
        "key_change.html",
        visit,
        status=status,
        change=shown(change),
        may=MAY,
        form=form,
        nonce=nonce(),
        refused=refused,
        **permitted(visit, no_approval, no_answer),
    )


def _may_change(visit: Visit) -> bool:
    return visit.has("admin") and not visit.session.demo


def _found(people: list[PersonLine], name: str) -> PersonLine | None:
    """Return who has a name, in any spelling."""
    key = person_key(name)
    return next((one for one in people if key in map(person_key, one.names)), None)


def person_address(name: str) -> str:
    """Return where the page of a person is."""
    return f"/people/person?{urlencode({'name': name})}"
