"""The page where people complain about an action, without signing in: who has the code of our message may do so.

Rules:

1. There is no such page unless it is switched on.
2. What is taken and what is not are answered the same: no answer tells whether a code was given. Only a code that
   cannot be one is sent back, for everybody can tell that.
3. What comes in is counted, by address and over all. Each worker counts for itself.
4. It sets no cookie, and takes forms of its own address only.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from service.decisions import appeal_codes, appeal_intake
from service.decisions.check_service import CheckService
from service.schemas.appeals import AppealIn
from service.texts.catalogue import DEFAULT, Catalogue, language_or_default, languages
from service.web.api.dependencies import CurrentCheckService, CurrentSettings
from service.web.console.accept_language import preferred
from service.web.console.forms import Form
from service.web.console.session_guard import read_posted, refuse_other_sites
from service.web.console.sign_in_pages import network_of
from service.web.console.templates import CurrentPages, Pages
from service.web.problems import FieldError

# Complaints from one address within an hour: a family, or an office, behind one address has several accounts.
PER_ADDRESS = RateLimitItemPerHour(10)
# Languages by their own names.
NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "ja": "日本語",
    "pt": "Português",
}
_Language = Annotated[str, Query(max_length=40)]


def complaints() -> RateLimiter:
    """Return what counts the complaints that come in at one application."""
    return MovingWindowRateLimiter(MemoryStorage())


async def _require_switched_on(settings: CurrentSettings) -> int:
    """Return how many complaints are taken within an hour: rule 1.

    Raises
    ------
    HTTPException
    """
    if not settings.appeals_per_hour:
        raise HTTPException(404)
    return settings.appeals_per_hour


PerHour = Annotated[int, Depends(_require_switched_on)]

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/appeal")
async def intake_page(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, _: PerHour, lang: _Language = ""
) -> Response:
    """Show the form, in the language that is asked for."""
    return _page(check_service, pages, _catalogue(request, lang), Form({}))


@router.post("/appeal")
async def complain(
    request: Request, check_service: CurrentCheckService, pages: CurrentPages, per_hour: PerHour
) -> Response:
    """Take a complaint, and say the same whatever became of it: rule 2."""
    refuse_other_sites(request)
    form = await read_posted(request)
    catalogue = _catalogue(request, form.value("lang"))
    code, given, errors = _read(form, catalogue)
    if errors or code is None or given is None:
        return _page(check_service, pages, catalogue, form.with_errors(errors), status=422)
    if not _is_taken(request, per_hour):
        busy = catalogue.say("intake_busy")
        return _page(check_service, pages, catalogue, form, status=429, busy=busy)
    rules = check_service.rules
    await check_service.do(lambda transaction: appeal_intake.receive(transaction, code, given, rules))
    return _page(check_service, pages, catalogue, Form({}), done=True)


def _read(form: Form, catalogue: Catalogue) -> tuple[str | None, AppealIn | None, list[FieldError]]:
    """Return the code and the complaint, and what is wrong with either in the language of the page."""
    code, given, errors = appeal_codes.typed(form.value("code")), None, []
    if code is None:
        errors.append(FieldError(field="code", message=catalogue.say("intake_code_wrong")))
    contact = form.value("contact") or None
    values = {"about": "action", "by": "person", "arguments": form.value("arguments"), "contact": contact}
    try:
        given = AppealIn.model_validate(values | {"language": catalogue.language})
    except ValidationError as error:
        faulty = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]}
        messages = {"arguments": "intake_text_wrong", "contact": "intake_contact_hint"}
        errors += [FieldError(field=name, message=catalogue.say(messages[name])) for name in messages if name in faulty]
    if not form.value("arguments"):
        errors.append(FieldError(field="arguments", message=catalogue.say("intake_text_wrong")))
    return code, given, errors


def _is_taken(request: Request, per_hour: int) -> bool:
    """Tell whether one more complaint is taken from this address now, and count it: rule 3."""
    counted: RateLimiter = request.app.state.complaints
    address = network_of(request.client.host if request.client else "-")
    limits = ((PER_ADDRESS, address), (RateLimitItemPerHour(per_hour), "all"))
    if not all(counted.test(limit, whose) for limit, whose in limits):
        return False
    for limit, whose in limits:
        counted.hit(limit, whose)
    return True


def _catalogue(request: Request, lang: str) -> Catalogue:
    asked = request.headers.get("accept-language", "")
    return Catalogue.of(language_or_default(lang) if lang else preferred(asked, languages(), DEFAULT))


def _page(
    check_service: CheckService,
    pages: Pages,
    catalogue: Catalogue,
    form: Form,
    *,
    status: int = 200,
    done: bool = False,
    busy: str = "",
) -> HTMLResponse:
    due = catalogue.date(check_service.clock() + check_service.rules.appeal_time)
    response = pages.page(
        "appeal_intake.html",
        status=status,
        say=catalogue.say,
        lang=catalogue.language,
        direction=catalogue.direction,
        names=NAMES,
        form=form,
        done=done,
        busy=busy,
        due=due,
    )
    response.headers["Content-Language"] = catalogue.language
    response.headers["Vary"] = "Accept-Language"
    return response
