"""Working through the queue: what was searched goes along from check to check, and the next loads by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from service.decisions.check_service import CheckService
from service.decisions.queue_search import QueueSearch
from service.texts.wording import Message
from service.web.console.forms import Form
from service.web.console.session_guard import once
from service.web.console.templates import Visit

# How long a part of an address may be that says what was searched.
LONGEST = 500
_SEARCH: TypeAdapter[QueueSearch] = TypeAdapter(QueueSearch)
_NAMES = tuple(QueueSearch.__dataclass_fields__)


def read_search(given: Mapping[str, str]) -> QueueSearch:
    """Return what is searched; what no page of ours asks for does not matter."""
    known: dict[str, str] = {}
    for name in _NAMES:
        value = given.get(name, "").strip()[:LONGEST].replace("\x00", "")
        try:
            _SEARCH.validate_python(known | {name: value})
        except ValidationError:
            continue
        if value:
            known[name] = value
    return _SEARCH.validate_python(known)


async def searched(request: Request) -> QueueSearch:
    """Return what the address of a page of the queue asks for."""
    return read_search(request.query_params)


Searched = Annotated[QueueSearch, Depends(searched)]


def carried(wanted: QueueSearch) -> str:
    """Return what a form carries from check to check; never empty, so that it also says that somebody works so.

    Examples
    --------
    >>> carried(QueueSearch(platform="x"))
    'sort=order&platform=x'
    """
    return urlencode({"sort": wanted.sort} | wanted.given)


def search_of(text: str) -> QueueSearch:
    """Return what ``carried`` wrote.

    Examples
    --------
    >>> search_of("sort=due&platform=x&other=7") == QueueSearch(platform="x", sort="due")
    True
    """
    try:
        return read_search(dict(parse_qsl(text[:LONGEST], max_num_fields=2 * len(_NAMES))))
    except ValueError:  # more fields than any page of ours sends
        return QueueSearch()


def queue_address(wanted: QueueSearch, **more: str) -> str:
    """Return the address of the queue as it was searched."""
    asked = wanted.given | {name: value for name, value in more.items() if value}
    return f"/reviews?{urlencode(asked)}" if asked else "/reviews"


async def go_on(
    request: Request, check_service: CheckService, visit: Visit, form: Form, done: str = ""
) -> RedirectResponse:
    """Claim what comes next and go there, or back to the queue where nothing is left.

    Parameters
    ----------
    done : str
        The check that was just answered or put off.
    """
    wanted = search_of(form.value("queue"))
    next_id = await check_service.queue.claim_next(visit.caller, wanted, once(request, form, "next"), but=done)
    if not next_id:
        return RedirectResponse(queue_address(wanted, done=done, empty="yes"), 303)
    told = {"queue": carried(wanted)} | ({"done": done} if done else {})
    return RedirectResponse(f"/checks/{next_id}?{urlencode(told)}", 303)


_DONE = {
    "approve": Message("You approved %(handle)s."),
    "decline": Message("You declined %(handle)s."),
    "claim": Message("You claimed %(handle)s."),
    "release": Message("You released %(handle)s."),
    "skip": Message("You skipped %(handle)s."),
    "escalate": Message("You escalated %(handle)s."),
    "settle": Message("You settled the escalation of %(handle)s."),
}


async def told_done(check_service: CheckService, visit: Visit, check_id: str) -> tuple[str, str] | None:
    """Return what this person did last with a check, as a sentence with a place for the handle, and the handle."""
    if not visit.has("reviewer", "admin"):
        return None
    found = await check_service.queue.done(check_id, visit.caller)
    return (_DONE[found.what], found.handle) if found else None
