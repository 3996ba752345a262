"""Who asks for a page, and whether a form comes from a page of ours.

Rules, each tested:

1. A page about accounts is shown to nobody who is not signed in, or whose access has ended.
2. A form is taken from our own pages only: the browser says so, and the form holds the session's CSRF token.
3. A person of the demonstration is nobody anywhere else.
4. What was typed into a form whose session had ended is kept for the sign-in page, never acted on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from service.auth.api_keys import Role
from service.decisions.check_service import CheckService
from service.errors import UnauthenticatedError
from service.records.transaction import Idempotency
from service.web.api.dependencies import CurrentCheckService, IsDemo
from service.web.console.forms import Form
from service.web.console.templates import Visit

COOKIE = "doublecheck_session"
# Fields of a form: the largest has a row for each account on a page of the queue (``queue_search.PAGE``).
MAX_FIELDS = 100
# What makes a page's forms count once. It is recorded: no database takes every character.
_NONCE = re.compile(r"[\x20-\x7e]{16,200}")
# Fields that are of one session or one page: what is kept of a form leaves them out.
_OWN = frozenset({"csrf", "nonce", "key"})


def is_secure(request: Request) -> bool:
    """Tell whether cookies of this answer go over HTTPS alone."""
    return request.url.scheme == "https" or bool(request.app.state.settings.secure_cookies)


class SignedOutError(UnauthenticatedError):
    """A page was asked for, or a form sent, by somebody who is not signed in (any more).

    Attributes
    ----------
    kept : mapping of str to str
        What the form held, so that nothing that was typed is lost.
    """

    def __init__(self, kept: Mapping[str, str] | None = None) -> None:
        super().__init__("sign in first")
        self.kept = {name: value for name, value in (kept or {}).items() if name not in _OWN}


async def find_visit(request: Request, check_service: CurrentCheckService, demo: IsDemo) -> Visit | None:
    """Return the visit that a request is part of, ``None`` for somebody who is not signed in."""
    token = request.cookies.get(COOKIE, "")
    try:
        session = await check_service.sessions.find(token)
    except UnauthenticatedError:
        return None
    if session.demo and not demo:
        return None
    caller = session.caller
    visit = Visit(
        session,
        await check_service.askers.counted(caller) if "agent" in caller.roles else None,
        await check_service.second_admins.waits(caller) if "admin" in caller.roles else None,
    )
    if request.method != "GET":
        check_service.askers.forget(caller)
        check_service.second_admins.forget(caller)
    await check_service.alarms.now()  # for the banner of the page; most often nothing is read for it
    request.state.visit = visit  # for the page that an error may become
    return visit


AnyVisit = Annotated[Visit | None, Depends(find_visit)]


class Posted(NamedTuple):
    """A form from one of our pages, and the visit that it is part of."""

    visit: Visit
    form: Form


class Visiting:
    """Finds the visit of a signed-in person, who has one of ``roles`` if any are named."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(self, check_service: CurrentCheckService, visit: AnyVisit) -> Visit:
        """Return the visit.

        Raises
        ------
        SignedOutError, ForbiddenError
        """
        if visit is None:
            raise SignedOutError
        _require(visit, self.roles, check_service)
        return visit


class Posting:
    """Finds the visit and the form of a POST from one of our pages, by a person with one of ``roles``."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(self, request: Request, check_service: CurrentCheckService, demo: IsDemo) -> Posted:
        """Return the visit and the form.

        Raises
        ------
        SignedOutError
            With what the form held.
        ForbiddenError, HTTPException
        """
        refuse_other_sites(request)
        form = await read_posted(request)
        visit = await find_visit(request, check_service, demo)
        if visit is None:
            raise SignedOutError(form.values)
        check_csrf(visit, form.value("csrf"))
        _require(visit, self.roles, check_service)
        return Posted(visit, form)


def _require(visit: Visit, roles: tuple[Role, ...], check_service: CheckService) -> None:
    visit.caller.require_access(check_service.clock())
    if roles:
        visit.caller.require(*roles)


async def read_posted(request: Request) -> Form:
    """Return the form of a request.

    Raises
    ------
    HTTPException
        If the body is no form.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "Send application/x-www-form-urlencoded.")
    posted = await request.form(max_fields=MAX_FIELDS)
    return Form({name: value for name, value in posted.items() if not isinstance(value, UploadFile)})


def check_csrf(visit: Visit, given: str) -> None:
    """Refuse a form that does not hold the session's token.

    Raises
    ------
    HTTPException
    """
    if not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        raise HTTPException(403, "The form is of another session. Open the page again and send it from there.")


def refuse_other_sites(request: Request) -> None:
    """Refuse a form that another site sent.

    Raises
    ------
    HTTPException
    """
    # Browsers say where a form comes from; over plain HTTP from another machine only Origin does.
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        own = site in {"same-origin", "none"}
    else:
        own = origin is None or _host_of(origin) == request.headers.get("host")
    if not own:
        raise HTTPException(403, "The form was sent from another site. Open this page itself and send it from there.")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # "http://[": no host, and so no page of ours
        return None


def once(request: Request, form: Form, part: str = "") -> Idempotency | None:
    """Return what makes the same form, sent twice, one request: the page's nonce and what was entered.

    Parameters
    ----------
    part : str
        Which of several things that the form does.
    """
    nonce = form.value("nonce")
    if not _NONCE.fullmatch(nonce):
        return None
    entered = json.dumps([request.url.path, {k: v for k, v in sorted(form.values.items()) if k not in _OWN}])
    return Idempotency(
        f"page {nonce} {part}".rstrip(), hashlib.sha256(entered.encode("utf-8", "surrogatepass")).hexdigest()
    )
