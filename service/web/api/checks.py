"""``/v1/checks``: ask, look up, review, record what became of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response
from fastapi.exceptions import RequestValidationError

from classifier.errors import InputError
from service.decisions.outcomes import is_a_tool
from service.decisions.queries import Search
from service.errors import (
    ClearanceError,
    ErasedError,
    ReviewError,
    StatementError,
    UnknownCheckError,
    UnknownLanguageError,
)
from service.schemas.checks import CheckRequest, CheckResponse, ClearanceOut
from service.schemas.reviews import (
    BatchIn,
    BatchResponse,
    CheckApprovalIn,
    CheckDetail,
    CheckPage,
    ClearIn,
    OutcomeIn,
    OutcomeName,
    OutcomeOut,
    ReviewOut,
    WithdrawIn,
)
from service.schemas.statements import Statement, StatementIn
from service.schemas.told import ToldOut
from service.schemas.values import Moment
from service.texts.compose import Reader as ReaderOfNotice
from service.web.api.batch_checks import answer_batch
from service.web.api.dependencies import (
    Agent,
    AgentReviewerOrAdmin,
    Anybody,
    AskingAgent,
    CurrentCheckService,
    Judge,
    Once,
    Reader,
    Reviewer,
    ReviewerOrAdmin,
)
from service.web.api.requests import BODY, KEYED, answered, documented, leads_to, problems
from service.web.json_route import JsonRoute

_Language = Annotated[
    str | None,
    Query(
        max_length=35,
        pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$",
        description="A language tag, such as en or pt-BR; its region does not matter. Without it a reporter is told in "
        "the language of the check's notice where there are texts in it; else it is English.",
    ),
]
_Word = Annotated[str | None, Query(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]


_EXAMPLES: Any = {
    "columns": {
        "summary": "An account in Doublecheck's columns",
        "value": {
            "account": {
                "platform": "x",
                "handle": "jane_r0e",
                "display_name": "Jane Roe",
                "followers": 12,
                "created_at": "2026-01-31T12:00:00Z",
            },
            "action": "suspend",
            "actor": {"actor_id": "agent-17", "access_ends_at": "2030-12-31T17:00:00Z"},
        },
    },
    "raw": {
        "summary": "A profile as X's interface (version 2) returns it",
        "value": {
            "format": "x-v2",
            "account": {
                "id": "17",
                "username": "jane_r0e",
                "name": "Jane Roe",
                "public_metrics": {"followers_count": 12},
            },
            "action": "suspend",
            "actor": {"actor_id": "agent-17"},
        },
    },
}

# What can be asked next of a check, and of its clearance.
NEXT = tuple(
    f"{method} /v1/checks/{{check_id}}{what}"
    for method, what in (
        ("get", ""), ("get", "/notice"), ("get", "/statement"), ("post", "/approvals"), ("post", "/clearance"),
        ("post", "/outcome"), ("post", "/appeals"), ("post", "/withdrawal"),
    )
)  # fmt: skip
REVOKED = "post /v1/clearances/{clearance_id}/revoke"

_NO_ACTOR = "whoever judges does so in the name of the key: only a tool's key names somebody"

router = APIRouter(prefix="/v1/checks", route_class=JsonRoute, tags=["checks"])


@router.post(
    "",
    summary="Check an account before acting on it",
    response_model=CheckResponse,
    response_description="The verdict and all it rests on.",
    responses=problems(*BODY, *KEYED, InputError) | leads_to("check_id", "/check_id", *NEXT),
    openapi_extra=documented("agent", idempotent=True),
)
async def create_check(
    check_service: CurrentCheckService,
    caller: AskingAgent,
    idempotency: Once,
    body: Annotated[CheckRequest, Body(openapi_examples=_EXAMPLES)],
) -> Response:
    """Say which protected account, if any, the account imitates, and whether this actor may take this action now.

    The account is scored as given; nothing is fetched. The decision is on the disk before it is answered. Where it
    is cleared, the answer holds a clearance: redeem it when you act.
    """
    return answered(await check_service.check(body, caller, idempotency))


@router.post(
    "/batch",
    summary="Check up to 1,000 accounts, without a clearance",
    response_model=BatchResponse,
    responses=problems(*BODY, *KEYED, InputError),
    openapi_extra=documented("agent", idempotent=True),
)
async def create_batch(check_service: CurrentCheckService, caller: Agent, idempotency: Once, body: BatchIn) -> Response:
    """Say of each what the policy would say. One that cannot be read has an error and stops no other."""
    return answered(await answer_batch(check_service, body, caller, idempotency))


@router.get(
    "",
    summary="Search checks",
    response_description="The newest first.",
    responses=problems(RequestValidationError) | leads_to("check_id", "/checks/0/check_id", *NEXT),
    openapi_extra=documented("agent", "reviewer", "admin", "auditor"),
)
async def search_checks(
    check_service: CurrentCheckService,
    caller: Anybody,
    platform: _Word = None,
    account_id: _Word = None,
    handle: _Word = None,
    actor: _Word = None,
    verdict: Literal["cleared", "needs_review", "refused"] | None = None,
    outcome: Annotated[OutcomeName | None, Query(description="What the latest appeal found.")] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="'next' of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    sort: Annotated[
        Literal["newest", "due"],
        Query(
            description="due: only what waits for review, by its due time, in one page: the first 300 of all that wait."
        ),
    ] = "newest",
) -> CheckPage:
    """Find checks by account, actor, verdict and time. An agent finds only the agent's own."""
    if sort == "due":
        return await check_service.due_first(limit, caller)
    wanted = Search(platform, account_id, handle, actor, verdict, outcome, since, until, before, limit)
    return await check_service.search(wanted, caller)


@router.get(
    "/{check_id:uuid}",
    summary="One check with its history",
    responses=problems(UnknownCheckError, RequestValidationError),
    openapi_extra=documented("agent", "reviewer", "admin", "auditor"),
)
async def find_check(check_service: CurrentCheckService, caller: Anybody, check_id: UUID) -> CheckDetail:
    """Show a check with its evidence, reviews, clearances, outcomes and log.

    That a reviewer has been shown the evidence is recorded: it comes before the reviewer's answer.
    """
    return await check_service.show(str(check_id), caller)


@router.get(
    "/{check_id:uuid}/statement",
    summary="Statement of reasons",
    responses=problems(UnknownCheckError, RequestValidationError, StatementError),
    openapi_extra=documented("reviewer", "admin", "auditor"),
)
async def find_statement(check_service: CurrentCheckService, caller: Reader, check_id: UUID) -> Statement:
    """Give what was stated of the action in the fields of the EU's DSA transparency database, without personal data.

    It was made when the clearance was redeemed and never changes. A check that nobody acted on has none.
    """
    return await check_service.statement(str(check_id), caller)


@router.get(
    "/{check_id:uuid}/notice",
    summary="What the person, or the reporter, may be told",
    responses=problems(UnknownCheckError, RequestValidationError, UnknownLanguageError, ErasedError),
    openapi_extra=documented("agent", "reviewer", "admin"),
)
async def find_notice(
    check_service: CurrentCheckService,
    caller: AgentReviewerOrAdmin,
    check_id: UUID,
    to: Annotated[ReaderOfNotice, Query(description="Whom it is for.")],
    lang: _Language = None,
) -> ToldOut:
    """Say in plain words what was done, whom the account resembles, what weighed most, and how to complain.

    It is made out of what is recorded, sends nothing, and names nobody but the two accounts' public handles. While
    nothing is decided it says no more than that.
    """
    return await check_service.told(str(check_id), to, lang, caller)


@router.post(
    "/{check_id:uuid}/statement",
    summary="What the statement of reasons lacks",
    response_model=Statement,
    responses=problems(*BODY, *KEYED, UnknownCheckError, StatementError),
    openapi_extra=documented("reviewer", "admin", idempotent=True),
)
async def complete_statement(
    check_service: CurrentCheckService, caller: ReviewerOrAdmin, idempotency: Once, check_id: UUID, body: StatementIn
) -> Response:
    """Give what is null in the statement, once and all of it.

    A check's report may say so from the start: {"source_type": "SOURCE_ARTICLE_16", "automated_detection": "No"}.
    """
    return answered(await check_service.complete_statement(str(check_id), body, caller, idempotency))


@router.post(
    "/{check_id:uuid}/approvals",
    summary="A second person's answer",
    responses=problems(*BODY, *KEYED, UnknownCheckError, ReviewError) | leads_to("check_id", "/check_id", *NEXT),
    response_model=ReviewOut,
    openapi_extra=documented("reviewer", idempotent=True),
)
async def approve(
    check_service: CurrentCheckService, caller: Reviewer, idempotency: Once, check_id: UUID, body: CheckApprovalIn
) -> Response:
    """Approve or decline a check that needs review.

    It takes as many different people as required_approvals says, none of whom asked for it or is about to lose
    access, and each of whom has looked at it by GET /v1/checks/{check_id} first. Nobody's role replaces one.
    """
    return answered(await check_service.approve(str(check_id), body, caller, idempotency))


@router.post(
    "/{check_id:uuid}/clearance",
    summary="The clearance for a check that was cleared or approved",
    responses=problems(*BODY, *KEYED, UnknownCheckError, ClearanceError, ErasedError)
    | leads_to("clearance_id", "/clearance_id", REVOKED),
    response_model=ClearanceOut,
    openapi_extra=documented("agent", idempotent=True),
)
async def clear(
    check_service: CurrentCheckService,
    caller: AskingAgent,
    idempotency: Once,
    check_id: UUID,
    body: ClearIn | None = None,
) -> Response:
    """Give whoever asked for the check its clearance, once enough people approved. One given before is void.

    A check that was cleared at once came with its clearance; within the time of one it can be had anew. The clearance
    of a triage is for the actor that the body names; other checks need no body.
    """
    actor = body.actor if body else None
    return answered(await check_service.clear(str(check_id), caller, idempotency, actor=actor))


@router.post(
    "/{check_id:uuid}/withdrawal",
    summary="Withdraw a check",
    responses=problems(*BODY, *KEYED, UnknownCheckError, ReviewError) | leads_to("check_id", "/check_id", *NEXT),
    response_model=ReviewOut,
    openapi_extra=documented("agent", idempotent=True),
)
async def withdraw(
    check_service: CurrentCheckService, caller: Agent, idempotency: Once, check_id: UUID, body: WithdrawIn
) -> Response:
    """End a check that was mistyped or is not needed any more: by whoever asked for it, until it was acted on.

    It leaves the review queue, nobody can answer it, and its clearances are void. It stays in the history.
    """
    return answered(await check_service.askers.withdraw(str(check_id), body, caller, idempotency))


@router.post(
    "/{check_id:uuid}/outcome",
    summary="What an appeal found",
    responses=problems(*BODY, *KEYED, InputError, UnknownCheckError, ReviewError),
    response_model=OutcomeOut,
    openapi_extra=documented("reviewer", "admin", "executor", idempotent=True),
)
async def record_outcome(
    check_service: CurrentCheckService, caller: Judge, idempotency: Once, check_id: UUID, body: OutcomeIn
) -> Response:
    """Record whether the decision was upheld or overturned. It becomes a label that training reads.

    A tool's key, of the role executor, names who decided on the platform as actor. Without a name it can overturn, and
    uphold only what nobody has overturned. Whoever has another key speaks for themselves.
    """
    if body.actor is not None and not is_a_tool(caller):
        raise InputError(f"actor: {_NO_ACTOR}")
    return answered(await check_service.outcome(str(check_id), body, caller, idempotency))
