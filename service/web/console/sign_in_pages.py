"""Signing in and out. What a person shows is their own API key; what they get is a session with the key's roles.

Signing in with a provider is in ``provider_pages``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from classifier.errors import DoublecheckError
from service.auth.api_keys import Caller, create_key, key_id_of
from service.auth.pauses import Pauses
from service.decisions.check_service import CheckService
from service.decisions.demonstration import PEOPLE
from service.errors import ForbiddenError, UnauthenticatedError
from service.records.tables import keys
from service.records.transaction import Answer, Transaction
from service.texts.recorded import opening
from service.web.api.dependencies import CurrentCheckService, IsDemo
from service.web.console.check_pages import resumed
from service.web.console.session_guard import (
    COOKIE,
    Posting,
    SignedOutError,
    is_secure,
    read_posted,
    refuse_other_sites,
)
from service.web.console.sign_in_form import KEPT, own_path, sign_in
from service.web.console.templates import CurrentPages, Pages, Visit

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/sign-in")
async def sign_in_page(
    pages: CurrentPages,
    next: Annotated[str, Query(max_length=600)] = "/",  # noqa: A002
    left: Annotated[bool, Query()] = False,
) -> Response:
    """Show the sign-in page; to somebody who has ``left`` also the way out of the provider's session."""
    return sign_in(pages, next, may_leave=left)


@router.post("/sign-in")
async def sign_in_with_key(request: Request, check_service: CurrentCheckService, pages: CurrentPages) -> Response:
    """Begin a session of whoever shows a key in force."""
    pauses: Pauses = request.app.state.pauses
    refuse_other_sites(request)
    form = await read_posted(request)
    address, kept = own_path(form.value("next")), kept_of(form.values)
    counted = _counted(request, form.value("key"))
    if pauses.are_on(counted):
        error = "Too many wrong keys came from this address, or for this key. Wait five minutes, then try again."
        return sign_in(pages, address, kept, error=error, status=429, key_is_wrong=True)
    try:
        caller = await check_service.callers.of(form.value("key"))
        caller.require_access(check_service.clock())
        return await begun(request, check_service, pages, caller, address, kept)
    except (UnauthenticatedError, ForbiddenError) as error:
        pauses.note(counted)
        told = f"{sentence(error.message)}."
        return sign_in(pages, address, kept, error=told, status=401, key_is_wrong=True)


def _counted(request: Request, key: str) -> list[str]:
    """Return by what wrong keys are counted: the address that asks, and the key that is guessed, if one is named."""
    found = [network_of(request.client.host if request.client else "-")]
    key_id = key_id_of(key)
    return found if key_id is None else [*found, f"key {key_id}"]


def network_of(address: str) -> str:
    """Return an IPv4 address, or the network of an IPv6 one: whoever has one of those has all in it.

    Examples
    --------
    >>> network_of("192.0.2.7"), network_of("2001:db8::1:2:3:4"), network_of("-")
    ('192.0.2.7', '2001:db8::/64', '-')
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = known.ipv4_mapped if known.version == 6 else known
    return str(mapped or ipaddress.ip_network(f"{known}/64", strict=False))


@router.post("/sign-in/demo")
async def sign_in_as_invented(request: Request, check_service: CurrentCheckService, pages: CurrentPages) -> Response:
    """Begin a session of an invented person, where this is a demonstration."""
    refuse_other_sites(request)
    form = await read_posted(request)
    person = form.value("person")
    if not pages.demo or person not in PEOPLE:
        return sign_in(pages, "/", error="There is no such person here.", status=401)
    caller = await _invented(check_service, person)
    return await begun(
        request, check_service, pages, caller, own_path(form.value("next")), kept_of(form.values), demo=True
    )


@router.post("/sign-out")
async def sign_out(request: Request, check_service: CurrentCheckService, demo: IsDemo) -> Response:
    """End the session."""
    address = "/sign-in"
    try:
        visit, _ = await Posting()(request, check_service, demo)
        await check_service.sessions.end(visit.session)
        address = "/sign-in?left=true" if visit.session.by_provider else address
    except SignedOutError:
        pass  # which is what was asked for
    response = RedirectResponse(address, 303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


async def begun(
    request: Request,
    check_service: CheckService,
    pages: Pages,
    caller: Caller,
    address: str,
    kept: Mapping[str, str],
    *,
    demo: bool = False,
) -> Response:
    """Begin a session, and answer with the page that follows: the one at ``address``, with what was typed there."""
    token = await check_service.sessions.begin(caller, demo=demo)
    visit = None
    if kept:
        with suppress(DoublecheckError):  # what was typed is lost then, and nothing else
            visit = Visit(await check_service.sessions.find(token))
    response = await gone_on(check_service, pages, visit, address, kept)
    # Lax: a link in a ticket leads to the page, another site's form does not act (the CSRF token sees to that too).
    response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=is_secure(request))
    return response


async def gone_on(
    check_service: CheckService, pages: Pages, visit: Visit | None, address: str, kept: Mapping[str, str]
) -> Response:
    """Answer with the page at ``address``, with what was typed there before the session ended."""
    response: Response | None = None
    if kept and visit is not None:
        with suppress(DoublecheckError):  # that page can say so itself, to somebody who is signed in
            response = await resumed(check_service, pages, visit, address, kept)
    return response or RedirectResponse(address, 303)


def kept_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return what a sign-in page carries of a form whose session had ended."""
    return {name.removeprefix(KEPT): value for name, value in values.items() if name.startswith(KEPT)}


def sentence(message: str) -> str:
    """Return an error's message as the beginning of a sentence."""
    return opening(message)


async def _invented(check_service: CheckService, person: str) -> Caller:
    """Return an invented person with a key that nobody has ever seen, made when first asked for."""
    found: list[str] = []

    def key(transaction: Transaction) -> Answer:
        query = select(keys.c.id).where(keys.c.actor == person, keys.c.revoked.is_(None)).order_by(keys.c.seq)
        known = [row.id for row in transaction.read(query)]
        found.append(known[0] if known else create_key(transaction, person, PEOPLE[person]).split("_")[1])
        return Answer("")

    await check_service.do(key)
    return Caller(found[-1], person, frozenset(PEOPLE[person]))
