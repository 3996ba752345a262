"""Signing in with the organisation's provider: away to it, and back. ``service.auth.oidc`` decides who it is.

The way there is a link, not a form: the pages' policy lets no form lead to another host, not even by a redirect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from service.auth.api_keys import Caller
from service.auth.oidc.claims import ProviderPerson
from service.auth.oidc.pending import LONGEST, Pending, seal, unseal
from service.auth.oidc.stand_in_keys import key_of
from service.decisions.check_service import CheckService
from service.errors import ProviderError, SignInRefusedError
from service.records.transaction import Answer, Transaction
from service.texts.wording import Message, gettext
from service.web.api.dependencies import CurrentCheckService
from service.web.console.session_guard import AnyVisit, is_secure, read_posted, refuse_other_sites
from service.web.console.sign_in_form import own_path, sign_in
from service.web.console.sign_in_pages import begun, gone_on, kept_of, sentence
from service.web.console.templates import CurrentPages

if TYPE_CHECKING:
    from service.auth.oidc.provider import Provider
else:
    Provider = Any  # it takes an extra, which may not be installed

PENDING = "doublecheck_sign_in"
# The cookie of a pending sign-in goes to these addresses alone.
_PATH = "/sign-in/provider"
_FAILED = Message(
    "%(provider)s cannot be reached, or does not answer as it should. Try again in a moment, or sign in with an API "
    "key."
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


async def _configured(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise HTTPException(404)
    return provider


CurrentProvider = Annotated[Provider, Depends(_configured)]


@router.get("/sign-in/provider")
async def to_the_provider(
    request: Request,
    provider: CurrentProvider,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    next: Annotated[str, Query(max_length=600)] = "/",  # noqa: A002
) -> Response:
    """Send the browser to the provider."""
    pending = Pending.begin(own_path(next), _here(request, "/sign-in/provider/back"), check_service.clock())
    try:
        response = RedirectResponse(await provider.address_for(pending), 303)
    except ProviderError:
        return sign_in(pages, next, error=gettext(_FAILED, provider=sentence(provider.registration.called)), status=503)
    # Lax: it must come back with the browser that another site sends here.
    response.set_cookie(
        PENDING, seal(pending, check_service.signer), max_age=int(LONGEST.total_seconds()), path=_PATH, httponly=True,
        samesite="lax", secure=is_secure(request),
    )  # fmt: skip
    return response


@router.get("/sign-in/provider/back")
async def back_from_the_provider(
    request: Request, provider: CurrentProvider, check_service: CurrentCheckService, pages: CurrentPages
) -> Response:
    """Begin a session of whoever the provider vouches for."""
    now = check_service.clock()
    pending = unseal(request.cookies.get(PENDING, ""), check_service.signer, now)
    if pending is None:
        error = "This sign-in was begun in another browser, or more than ten minutes ago. Start again."
        return _ended(sign_in(pages, "/", error=error, status=401))
    try:
        person = await provider.person(dict(request.query_params), pending, now)
        caller = await _caller(check_service, person)
    except SignInRefusedError as error:
        told = f"{sentence(error.message).rstrip('.')}."
        return _ended(sign_in(pages, pending.address, error=told, status=403))
    except ProviderError:
        told = gettext(_FAILED, provider=sentence(provider.registration.called))
        return _ended(sign_in(pages, pending.address, error=told, status=503))
    return _ended(await begun(request, check_service, pages, caller, own_path(pending.address), {}))


@router.post("/sign-in/kept")
async def go_on(
    request: Request,
    _: CurrentProvider,
    check_service: CurrentCheckService,
    pages: CurrentPages,
    visit: AnyVisit,
) -> Response:
    """Show the page on which something was typed, to somebody who has signed in again in another tab.

    It does nothing in that person's name, so that the form needs no token of the new session.
    """
    refuse_other_sites(request)
    form = await read_posted(request)
    address, kept = own_path(form.value("next")), kept_of(form.values)
    if visit is None:
        return sign_in(pages, address, kept, error="You are not signed in yet.", status=401)
    visit.caller.require_access(check_service.clock())
    return await gone_on(check_service, pages, visit, address, kept)


@router.get("/sign-in/provider/out")
async def out_of_the_provider(request: Request, provider: CurrentProvider, pages: CurrentPages) -> Response:
    """Send the browser to where the provider ends its session."""
    try:
        address = await provider.way_out(_here(request, "/sign-in")) if provider.registration.ends_session else None
    except ProviderError:
        return sign_in(pages, "/", error=gettext(_FAILED, provider=sentence(provider.registration.called)), status=503)
    if address is None:
        raise HTTPException(404)
    return RedirectResponse(address, 303)


async def _caller(check_service: CheckService, person: ProviderPerson) -> Caller:
    found: list[Caller | str] = []

    def key(transaction: Transaction) -> Answer:
        found.append(key_of(transaction, person))
        return Answer("")

    await check_service.do(key)  # also where the person is refused: the key from before is taken away
    if isinstance(found[-1], str):
        raise SignInRefusedError(found[-1])
    return found[-1]


def _ended(response: Response) -> Response:
    """Let the browser forget the sign-in that was pending."""
    response.delete_cookie(PENDING, path=_PATH, httponly=True, samesite="lax")
    return response


def _here(request: Request, path: str) -> str:
    """Return the address of one of our pages; the host is one that this service is known by (``web.hosts``)."""
    return f"{request.url.scheme}://{request.url.netloc}{path}"
