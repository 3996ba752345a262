"""The page of a check, as it is shown after whatever was sent from it; and the slip that it guards against."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import datetime

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from classifier.accounts.account import Account
from classifier.scoring.impact import impact
from classifier.text.normalization import skeleton
from service.decisions.case_file import CaseFile
from service.decisions.changes import JUDGED
from service.decisions.check_service import CheckService
from service.errors import ClearanceError, ReviewError
from service.limits import Rules
from service.schemas.checks import ClearanceOut
from service.texts.wording import Words
from service.web.console.file_row import check_address, row_of
from service.web.console.forms import ACCOUNT_FIELDS, LABELS, Form, filled, nonce
from service.web.console.presenters.answer import answer_of
from service.web.console.presenters.common_reasons import COMMON_REASONS
from service.web.console.presenters.timeline import events
from service.web.console.presenters.words import WORDS
from service.web.console.templates import Pages, Visit
from service.web.problems import FieldError

NO_NAME = "write a name, as the keys have it"


async def untyped(
    check_service: CheckService, visit: Visit, form: Form, check_id: str, account: Account
) -> list[FieldError]:
    """Return the error of a high-impact account whose handle was not typed."""
    if not any(impact(account, check_service.rules.policy)):
        return []
    typed = form.value("typed_handle").removeprefix("@")
    if typed and typed.casefold() == account.handle.casefold():
        return []
    target = (await check_service.find(check_id, visit.caller)).check.target
    if target and typed.casefold() == target.handle.casefold():
        return [FieldError(field="typed_handle", message=_THE_OTHER)]
    # Somebody with an ordinary keyboard types the letters that another script's letters look like.
    if typed and skeleton(typed) == skeleton(account.handle):
        return []
    return [FieldError(field="typed_handle", message="type the handle of the reported account as you see it")]


_THE_OTHER = "this is the protected account's handle: find where the reported one differs, and copy it from the page"


async def done(
    check_service: CheckService, pages: Pages, visit: Visit, form: Form, check_id: str, doing: Awaitable[object]
) -> Response:
    """Do something and show the check as it is then; what was refused keeps what was typed."""
    try:
        await doing
    except (ReviewError, ClearanceError) as error:
        return await refused(check_service, pages, visit, check_id, form, error)
    return RedirectResponse(check_address(check_id, form), 303)


async def refused(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    error: ReviewError | ClearanceError,
) -> HTMLResponse:
    """Show the page with why something was not done; what was typed is kept."""
    reasons = [reason.text for reason in error.reasons] or [error.message]
    token = form.value("token")  # what was refused for something that can be corrected can be tried again
    return await check_page(check_service, pages, visit, check_id, form, status=409, refused=reasons, token=token)


async def not_taken(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    why: ReviewError | Sequence[FieldError],
) -> HTMLResponse:
    """Show a check with a form of its page that another module did not take: what is wrong with it, or against it."""
    if isinstance(why, ReviewError):
        return await refused(check_service, pages, visit, check_id, form, why)
    return await check_page(check_service, pages, visit, check_id, form.with_errors(why), status=422)


async def check_page(
    check_service: CheckService,
    pages: Pages,
    visit: Visit,
    check_id: str,
    form: Form,
    *,
    status: int = 200,
    given: ClearanceOut | None = None,
    token: str = "",
    refused: Sequence[str] = (),
    told: tuple[str, str] | None = None,
) -> HTMLResponse:
    """Show a check and what this person may do about it now."""
    found = await check_service.case_file(check_id, visit.caller)
    now = check_service.clock()
    return pages.page(
        "decision.html",
        visit,
        status=status,
        view=answer_of(found.detail, found.account, found.target, check_service.rules, now=now),
        detail=found.detail,
        handle=found.account.handle,
        impact=found.impact,
        changes=found.changes,
        asked_again=found.again is not None,
        events=events(found.detail, found.proofs, found.marks.all),
        marks=found.marks,
        told=told,
        file_row=row_of(form),
        may=found.may,
        form=form,
        now_form=Form({**filled(found.account), **form.values}, form.errors),
        unshown=unshown(found.account),
        may_until=_may_until(found, check_service.rules),
        labels=LABELS,
        relations=WORDS["instead"],
        common_reasons=COMMON_REASONS,
        nonce=nonce(),
        given=given,
        token=given.token if given else token,
        refused=refused,
    )


_UNSHOWN = Words(
    {
        "avatar_pdq": "picture",
        "default_avatar": "placeholder picture",
        "location": "location",
        "verified_links": "verified links",
        "verification": "verification",
        "platform_labels": "platform labels",
        "leads_to": "leads to",
        "former_handles": "former handles",
        "renamed_at": "renamed at",
        "followed_by_target": "followed by target",
    }
)


def unshown(account: Account) -> list[str]:
    """Return what an account was judged by and no field of the form shows: it has to be pasted anew."""
    return [
        _UNSHOWN.get(name) or name.replace("_", " ")
        for name in JUDGED
        if name not in ACCOUNT_FIELDS and getattr(account, name) not in (None, ())
    ]


def _may_until(found: CaseFile, rules: Rules) -> datetime | None:
    """Return until when a clearance can be taken of what was cleared; of what was approved the approvals say it."""
    is_cleared = found.detail.check.verdict == "cleared"
    return found.detail.check.checked_at + rules.clearance_time if is_cleared else None
