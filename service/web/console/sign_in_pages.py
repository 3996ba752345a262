"""Signing in and out. What a person shows is their own API key; what they get is a session with the key's roles."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from classifier.errors import DoublecheckError
from service.auth.api_keys import Caller, Role, create_key
from service.decisions.check_service import Desk
from service.errors import ForbiddenError, UnauthenticatedError
from service.records.tables import keys
from service.records.transaction import Answer, Transaction
from service.web.console.session_guard import COOKIE, Guard, SignedOutError, read_posted, refuse_other_sites
from service.web.console.templates import Pages, Visit

# Wrong keys from one address within five minutes. There is nothing to guess in a key of 256 bits; this is against those
# who try all the same, and what it costs. Each worker counts for itself.
WRONG_KEYS = RateLimitItemPerMinute(10, 5)
# The invented people of the demonstration, and what each may do.
PEOPLE: Mapping[str, tuple[Role, ...]] = {
    "demo-agent": ("agent",),
    "demo-reviewer-1": ("reviewer",),
    "demo-reviewer-2": ("reviewer",),
    "demo-auditor": ("auditor", "admin"),
}
KEPT = "kept-"
# A path of this host: no scheme, no other host ("//", "/\").
_PATH = re.compile(r"/(?![/\\])[\x21-\x7e]{0,500}")
# Shows a page again with what was typed into it; ``None`` where there is no such page.
Resume = Callable[[Visit, str, Mapping[str, str]], Awaitable[Response | None]]


def sign_in_router(desk: Desk, guard: Guard, pages: Pages, *, resume: Resume) -> APIRouter:
    """Return the routes of signing in and out."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    wrong = MovingWindowRateLimiter(MemoryStorage())

    @router.get("/sign-in")
    async def sign_in_page(next: Annotated[str, Query(max_length=600)] = "/") -> Response:  # noqa: A002
        return sign_in(pages, next)

    @router.post("/sign-in")
    async def sign_in_with_key(request: Request) -> Response:
        refuse_other_sites(request)
        form = await read_posted(request)
        address, kept = own_path(form.value("next")), _kept(form.values)
        client = request.client.host if request.client else "-"
        if not wrong.test(WRONG_KEYS, client):
            error = "Too many wrong keys came from this address. Wait five minutes, then try again."
            return sign_in(pages, address, kept, error=error, status=429)
        try:
            caller = await desk.callers.of(form.value("key"))
            caller.require_access(desk.clock())
            return await _begun(request, caller, address, kept, demo=False)
        except (UnauthenticatedError, ForbiddenError) as error:
            wrong.hit(WRONG_KEYS, client)
            return sign_in(pages, address, kept, error=f"{_sentence(error.message)}.", status=401)

    @router.post("/sign-in/demo")
    async def sign_in_as_invented(request: Request) -> Response:
        refuse_other_sites(request)
        form = await read_posted(request)
        person = form.value("person")
        if not pages.demo or person not in PEOPLE:
            return sign_in(pages, "/", error="There is no such person here.", status=401)
        caller = await _invented(desk, person)
        return await _begun(request, caller, own_path(form.value("next")), _kept(form.values), demo=True)

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        try:
            visit, _ = await guard.posted(request)
            await desk.sessions.end(visit.session)
        except SignedOutError:
            pass  # which is what was asked for
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return response

    async def _begun(
        request: Request, caller: Caller, address: str, kept: Mapping[str, str], *, demo: bool
    ) -> Response:
        token = await desk.sessions.begin(caller, demo=demo)
        response: Response | None = None
        if kept:
            with suppress(DoublecheckError):  # that page can say so itself, to somebody who is signed in
                response = await resume(Visit(await desk.sessions.find(token)), address, kept)
        response = response or RedirectResponse(address, 303)
        # Lax: a link in a ticket leads to the page, another site's form does not act (the CSRF token sees to that too).
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=secure)
        return response

    return router


def sign_in(
    pages: Pages, address: str, kept: Mapping[str, str] | None = None, *, error: str = "", status: int = 200
) -> HTMLResponse:
    """Return the sign-in page, after which the page at ``address`` follows with what was typed into it."""
    people = {name: " and ".join(roles) for name, roles in PEOPLE.items()} if pages.demo else {}
    carried = {f"{KEPT}{name}": value for name, value in (kept or {}).items()}
    return pages.page(
        "sign_in.html", status=status, address=own_path(address), kept=carried, error=error, people=people
    )


def own_path(address: str) -> str:
    """Return an address if it is a path of this host, else the first page's.

    Examples
    --------
    >>> own_path("/reviews?page=2"), own_path("//elsewhere.example/"), own_path("https://elsewhere.example/")
    ('/reviews?page=2', '/', '/')
    """
    return address if _PATH.fullmatch(address) else "/"


def _kept(values: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(KEPT): value for name, value in values.items() if name.startswith(KEPT)}


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


async def _invented(desk: Desk, person: str) -> Caller:
    """Return an invented person with a key that nobody has ever seen, made when first asked for."""
    found: list[str] = []

    def key(transaction: Transaction) -> Answer:
        query = select(keys.c.id).where(keys.c.actor == person, keys.c.revoked.is_(None)).order_by(keys.c.seq)
        known = [row.id for row in transaction.read(query)]
        found.append(known[0] if known else create_key(transaction, person, PEOPLE[person]).split("_")[1])
        return Answer("")

    await desk.do(key)
    return Caller(found[-1], person, frozenset(PEOPLE[person]))
