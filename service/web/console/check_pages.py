"""The form of a check, the page of a check, and what is sent from it: answers, clearances, outcomes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from classifier.accounts.account import Account
from classifier.errors import InputError
from classifier.scoring.policy import Reason, impact
from classifier.text.normalization import skeleton
from service.decisions.check_service import Desk
from service.errors import ClearanceError, ReviewError
from service.schemas.checks import CheckResponse, ClearanceOut
from service.schemas.reviews import ApprovalIn, OutcomeIn, Redeemed, Refused
from service.web.console.examples import EXAMPLES, examples
from service.web.console.forms import ACCOUNT_FIELDS, LABELS, Form, filled, read_check, read_redemption
from service.web.console.presenters.answer import answer_of
from service.web.console.presenters.timeline import events
from service.web.console.session_guard import Guard, once
from service.web.console.sign_in_pages import sign_in
from service.web.console.templates import Pages, Visit
from service.web.problems import FieldError, field_errors, field_faults

_CHECK_PAGE = re.compile(r"/checks/([0-9a-f-]{36})")


class Checking:
    """The pages of checks."""

    def __init__(self, desk: Desk, guard: Guard, pages: Pages) -> None:
        self._desk = desk
        self._guard = guard
        self._pages = pages

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.get("/")(self.first_page)
        router.post("/")(self.check)
        router.get("/checks/{check_id}")(self.show)
        for what, act in (
            ("answer", self.answer),
            ("clearance", self.clear),
            ("redeem", self.redeem),
            ("revoke", self.revoke),
            ("outcome", self.outcome),
        ):
            router.post(f"/checks/{{check_id}}/{what}")(act)
        return router

    async def resumed(self, visit: Visit, address: str, kept: Mapping[str, str]) -> Response | None:
        """Show a page again with what was typed into it before the session ended."""
        page = _CHECK_PAGE.fullmatch(address)
        if page:
            return await self._page(visit, page[1], Form(kept))
        return self._form(visit, Form(kept)) if address == "/" and visit.has("agent") else None

    # --- the form ----------------------------------------------------------------------------------------------------

    async def first_page(self, request: Request, example: str = "") -> Response:
        """Show the form to whoever may ask for checks, others what they may see."""
        visit = await self._guard.find(request)
        if visit is None:
            return sign_in(self._pages, "/")
        if not visit.has("agent"):
            return RedirectResponse("/reviews" if visit.has("reviewer") else "/history", 303)
        return self._form(visit, Form({"paste": self._examples().get(example, "")}))

    async def check(self, request: Request) -> Response:
        """Make and record a check. The clearance is given later, when the person asks for it on the check's page."""
        visit, form = await self._guard.posted(request, "agent")
        try:
            asked = read_check(form, visit.caller)
            answer = await self._desk.check(asked, visit.caller, once(request, form), give=False)
        except (InputError, RequestValidationError) as error:
            return self._form(visit, form.with_errors(field_errors(error)), 422)
        return RedirectResponse(f"/checks/{CheckResponse.model_validate_json(answer.body).check_id}", 303)

    def _form(self, visit: Visit, form: Form, status: int = 200) -> HTMLResponse:
        filled_in = any(form.value(name) for name in ACCOUNT_FIELDS)
        return self._pages.page(
            "check.html",
            visit,
            status=status,
            form=form,
            labels=LABELS,
            nonce=_nonce(),
            open=filled_in,
            examples=[one for one in EXAMPLES.items() if one[0] in self._examples()],
        )

    def _examples(self) -> dict[str, str]:
        return examples(self._desk.current().registry) if self._pages.demo else {}

    # --- one check ---------------------------------------------------------------------------------------------------

    async def show(self, request: Request, check_id: UUID) -> Response:
        """Show a check and what this person may do about it."""
        visit = await self._guard.visit(request)
        return await self._page(visit, str(check_id), Form({}))

    async def answer(self, request: Request, check_id: UUID) -> Response:
        """Record a reviewer's answer, then show what waits next."""
        visit, form = await self._guard.posted(request, "reviewer")
        account = await self._desk.account(str(check_id), visit.caller)  # which counts as no look at the evidence
        errors = [] if form.value("answer") == "decline" else self._untyped(form, account)
        try:
            given = ApprovalIn.model_validate({name: form.value(name) for name in ("answer", "reason")})
        except ValidationError:
            errors.append(FieldError(field="reason", message="say why, in a few words: it is kept with your answer"))
        if errors:
            return await self._page(visit, str(check_id), form.with_errors(errors), status=422)
        return await self._done(
            visit, form, str(check_id), self._desk.approve(str(check_id), given, visit.caller, once(request, form))
        )

    async def clear(self, request: Request, check_id: UUID) -> Response:
        """Give the clearance: the token is on the page that answers, and nowhere else."""
        visit, form = await self._guard.posted(request, "agent")
        account = await self._desk.account(str(check_id), visit.caller)
        if errors := self._untyped(form, account):
            return await self._page(visit, str(check_id), form.with_errors(errors), status=422)
        try:
            answer = await self._desk.clear(str(check_id), visit.caller, once(request, form))
        except ClearanceError as error:
            return await self._refused(visit, str(check_id), form, error)
        given = ClearanceOut.model_validate_json(answer.body)
        return await self._page(visit, str(check_id), Form(filled(account)), given=given)

    async def redeem(self, request: Request, check_id: UUID) -> Response:
        """Spend the clearance with the account as it is now."""
        visit, form = await self._guard.posted(request, "agent")
        try:
            answer = await self._desk.redeem(read_redemption(form), visit.caller, once(request, form))
        except ClearanceError as error:
            return await self._refused(visit, str(check_id), form, error)
        except (InputError, RequestValidationError) as error:
            corrected = form.with_errors(field_errors(error))
            return await self._page(visit, str(check_id), corrected, status=422, token=form.value("token"))
        if answer.status != 200:
            refused = Refused.model_validate_json(answer.body)
            reasons = [Reason(reason.code, reason.text) for reason in refused.reasons]
            return await self._refused(visit, str(check_id), form, ClearanceError(reasons))
        return RedirectResponse(f"/checks/{Redeemed.model_validate_json(answer.body).check_id}", 303)

    async def revoke(self, request: Request, check_id: UUID) -> Response:
        """Make a clearance void."""
        visit, form = await self._guard.posted(request, "reviewer", "admin")
        clearance = form.value("clearance_id")
        return await self._done(
            visit, form, str(check_id), self._desk.revoke(clearance, visit.caller, once(request, form))
        )

    async def outcome(self, request: Request, check_id: UUID) -> Response:
        """Record what an appeal found."""
        visit, form = await self._guard.posted(request, "reviewer", "admin")
        values = {name: form.value(name) for name in ("outcome", "relation", "note") if form.value(name)}
        try:
            given = OutcomeIn.model_validate(values)
        except ValidationError as error:
            corrected = form.with_errors(field_faults(error.errors()))
            return await self._page(visit, str(check_id), corrected, status=422)
        return await self._done(
            visit, form, str(check_id), self._desk.outcome(str(check_id), given, visit.caller, once(request, form))
        )

    # --- how ---------------------------------------------------------------------------------------------------------

    def _untyped(self, form: Form, account: Account) -> list[FieldError]:
        """Return the error of a high-impact account whose handle was not typed."""
        typed = form.value("typed_handle").removeprefix("@")
        # Somebody with an ordinary keyboard types the letters that another script's letters look like.
        same = typed.casefold() == account.handle.casefold() or skeleton(typed) == skeleton(account.handle)
        if (typed and same) or not any(impact(account, self._desk.rules.policy)):
            return []
        return [FieldError(field="typed_handle", message="type the handle of the reported account as you see it")]

    async def _done(self, visit: Visit, form: Form, check_id: str, doing: Awaitable[object]) -> Response:
        """Do something and show the check as it is then; what was refused keeps what was typed."""
        try:
            await doing
        except (ReviewError, ClearanceError) as error:
            return await self._refused(visit, check_id, form, error)
        return RedirectResponse(f"/checks/{check_id}", 303)

    async def _refused(
        self, visit: Visit, check_id: str, form: Form, error: ReviewError | ClearanceError
    ) -> HTMLResponse:
        reasons = [reason.text for reason in error.reasons] if isinstance(error, ClearanceError) else [error.message]
        token = form.value("token")  # what was refused for something that can be corrected can be tried again
        return await self._page(visit, check_id, form, status=409, refused=reasons, token=token)

    async def _page(
        self,
        visit: Visit,
        check_id: str,
        form: Form,
        *,
        status: int = 200,
        given: ClearanceOut | None = None,
        token: str = "",
        refused: Sequence[str] = (),
    ) -> HTMLResponse:
        found = await self._desk.dossier(check_id, visit.caller)
        now = self._desk.clock()
        return self._pages.page(
            "decision.html",
            visit,
            status=status,
            view=answer_of(found.detail, found.account, found.target, self._desk.rules, now=now),
            detail=found.detail,
            handle=found.account.handle,
            impact=found.impact,
            changes=found.changes,
            asked_again=found.again is not None,
            events=events(found.detail, found.proofs),
            may=found.may,
            form=form,
            labels=LABELS,
            relations=RELATIONS_INSTEAD,
            nonce=_nonce(),
            given=given,
            token=given.token if given else token,
            refused=refused,
        )


# What an account that is no impersonation can be to the target, as people say it.
RELATIONS_INSTEAD = {
    "unrelated": "unrelated, or a namesake",
    "same_owner": "another account of the same owner",
    "parody_or_fan": "a parody or fan account",
}


def _nonce() -> str:
    return secrets.token_urlsafe(16)
