"""Errors on the wire: one table from error class to status and code, every answer ``application/problem+json``.

No answer quotes what was sent: the text of an account belongs neither into logs nor into somebody else's error page.

References
----------
RFC 9457, Problem Details for HTTP APIs: https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from classifier.errors import DoublecheckError, InputError, ModelError, NoModelError, RegistryError
from service.errors import (
    ApartError,
    AppealError,
    ClearanceError,
    DemandError,
    DemonstrationOverError,
    ErasedError,
    FindingError,
    ForbiddenError,
    HeaderError,
    InFlightError,
    KeyReusedError,
    OverloadedError,
    ProviderError,
    ReadOnlyRegistryError,
    RecordsError,
    RegistryConflictError,
    ReviewError,
    SecondAdminError,
    SecondLookError,
    SignInRefusedError,
    StatementError,
    TooSlowError,
    UnauthenticatedError,
    UnknownAccountError,
    UnknownAppealError,
    UnknownChangeError,
    UnknownCheckError,
    UnknownDemandError,
    UnknownFindingError,
    UnknownHostError,
    UnknownLanguageError,
    UnknownSecondLookError,
    UnknownUploadError,
    UploadLimitError,
)
from service.schemas.checks import ReasonOut

log = logging.getLogger(__name__)

# Answers an error: given it, the request's id and its ASGI scope.
Respond = Callable[[Exception, str, Scope], Response]
# Finds out who sent a request, and keeps it with the request.
Recognise = Callable[[Request], Awaitable[None]]
MEDIA_TYPE = "application/problem+json"
MAX_FIELD_ERRORS = 20
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


class Kind(NamedTuple):
    """One kind of problem: its HTTP status, its stable code, its title."""

    status: int
    code: str
    title: str


# By error class (the nearest base class counts) or, where the framework raises, by status.
PROBLEMS: Mapping[type[Exception] | int, Kind] = {
    400: Kind(400, "malformed_body", "The body cannot be read."),
    HeaderError: Kind(400, "bad_header", "A header cannot be used."),
    UnauthenticatedError: Kind(401, "unauthenticated", "An API key in force is needed."),
    ForbiddenError: Kind(403, "forbidden", "This caller may not do that."),
    SignInRefusedError: Kind(403, "sign_in_refused", "The provider of the sign-in does not let this person in."),
    403: Kind(403, "cross_site", "The form was sent from another site."),
    404: Kind(404, "not_found", "There is nothing at this address."),
    UnknownCheckError: Kind(404, "unknown_check", "There is no such check."),
    UnknownAccountError: Kind(404, "unknown_account", "No such account is protected."),
    UnknownAppealError: Kind(404, "unknown_appeal", "There is no such appeal."),
    UnknownChangeError: Kind(404, "unknown_change", "There is no such change of the registry."),
    UnknownDemandError: Kind(404, "unknown_demand", "There is no such demand."),
    UnknownFindingError: Kind(404, "unknown_finding", "There is no such finding."),
    UnknownSecondLookError: Kind(404, "unknown_second_look", "No second look is asked for at this check."),
    UnknownUploadError: Kind(404, "unknown_upload", "There is no such upload."),
    405: Kind(405, "method_not_allowed", "This address does not take this method."),
    UnknownLanguageError: Kind(406, "unknown_language", "There are no texts in this language."),
    InFlightError: Kind(409, "in_flight", "The same request is being answered."),
    UploadLimitError: Kind(409, "upload_limit", "This person has as many uploads as one may have."),
    ReviewError: Kind(409, "review_refused", "It does not take this answer."),
    ClearanceError: Kind(409, "clearance_refused", "The clearance does not hold: do not act."),
    DemandError: Kind(409, "demand_refused", "The demand is answered, or is another account's."),
    FindingError: Kind(409, "finding_refused", "The finding cannot be made, or ended, so."),
    SecondLookError: Kind(409, "second_look_refused", "This person does not judge this check, or not any more."),
    AppealError: Kind(409, "appeal_refused", "The appeal is not taken, lifted or decided so."),
    StatementError: Kind(409, "statement_refused", "There is nothing to state, or it is stated already."),
    RegistryConflictError: Kind(409, "registry_conflict", "The registry cannot be changed so."),
    SecondAdminError: Kind(409, "second_admin_missing", "This change takes two admins, and there is no second one."),
    ReadOnlyRegistryError: Kind(409, "registry_read_only", "The registry cannot be changed from here."),
    ErasedError: Kind(410, "erased", "The texts of this check's account were erased."),
    413: Kind(413, "too_large", "The body is too large."),
    415: Kind(415, "unsupported_media_type", "The body has another media type than this address takes."),
    UnknownHostError: Kind(421, "unknown_host", "This service is not known by that host name."),
    RequestValidationError: Kind(422, "invalid_request", "The request does not have the documented form."),
    KeyReusedError: Kind(422, "idempotency_key_reused", "The Idempotency-Key belongs to another request."),
    InputError: Kind(422, "bad_input", "The account cannot be used."),
    DoublecheckError: Kind(500, "error", "The check could not be made."),
    Exception: Kind(500, "internal", "Something failed that should not fail."),
    NoModelError: Kind(503, "no_model", "No model has been trained or promoted yet."),
    ModelError: Kind(503, "model_unusable", "The model cannot be used."),
    ApartError: Kind(503, "instances_apart", "Machines differ in registry or model, so nothing is cleared."),
    RecordsError: Kind(503, "records_unavailable", "The database cannot be used, so nothing is cleared."),
    DemonstrationOverError: Kind(
        503, "demonstration_over", "A registry was imported, so the demonstration is over: start the service again."
    ),
    OverloadedError: Kind(503, "overloaded", "Too many requests are waiting."),
    TooSlowError: Kind(503, "too_slow", "The answer took too long."),
    ProviderError: Kind(503, "provider_unavailable", "The provider of the sign-in cannot be used."),
    RegistryError: Kind(503, "bad_registry", "The registry of protected accounts cannot be used."),
}


class FieldError(BaseModel):
    """What is wrong with one field of the request."""

    field: str = Field(description="Its path, such as account.followers; empty for the body as a whole.")
    message: str


class Problem(BaseModel):
    """An error. It is never a verdict, and never comes with a clearance."""

    type: str = Field(description="Where this kind of problem is documented.")
    title: str
    status: int
    code: str = Field(
        description="Stable, for machines.", json_schema_extra={"enum": [k.code for k in PROBLEMS.values()]}
    )
    detail: str
    request_id: str = Field(description="The X-Request-ID of this answer, for finding it in the log.")
    errors: list[FieldError] = Field(default_factory=list, description="The fields at fault, where fields are.")
    reasons: list[ReasonOut] = Field(
        default_factory=list, description="All that speaks against a clearance, an answer or an outcome."
    )


def kind_of(error: Exception) -> Kind:
    """Return the kind of problem an error is.

    Examples
    --------
    >>> from classifier.errors import SignatureError
    >>> kind_of(SignatureError("...")).code
    'model_unusable'
    """
    if isinstance(error, HTTPException):
        return PROBLEMS.get(error.status_code) or PROBLEMS[Exception]
    return next(PROBLEMS[base] for base in type(error).__mro__ if base in PROBLEMS)


def problem_of(error: Exception, request_id: str) -> Problem:
    """Return what is said of a request that ended in ``error``."""
    kind = kind_of(error)
    return Problem(
        type=f"/docs#{kind.code}",
        title=kind.title,
        status=kind.status,
        code=kind.code,
        detail=_detail(error, kind),
        request_id=request_id,
        errors=field_errors(error),
        reasons=[ReasonOut(code=reason.code, text=reason.text) for reason in error.reasons]
        if isinstance(error, ClearanceError | ReviewError)
        else [],
    )


def problem_response(error: Exception, request_id: str) -> JSONResponse:
    """Return the answer to a request that ended in ``error``, as a problem document."""
    kind, problem = kind_of(error), problem_of(error, request_id)
    headers = error.headers if isinstance(error, HTTPException) else _HEADERS.get(kind.code)
    body = problem.model_dump(exclude_defaults=True)
    return JSONResponse(body, status_code=kind.status, headers=headers, media_type=MEDIA_TYPE)


def field_errors(error: Exception) -> list[FieldError]:
    """Return the fields at fault, without any value that was sent."""
    if isinstance(error, InputError):
        field = f"account.{error.field}" if error.field else "account"
        return [FieldError(field=field, message=error.message)]
    if isinstance(error, RequestValidationError):
        return field_faults(error.errors()[:MAX_FIELD_ERRORS])
    return []


def field_faults(faults: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Return pydantic's faults as ours."""
    return [FieldError(field=_path(fault["loc"]), message=_message(fault["type"], fault["msg"])) for fault in faults]


def respond(error: Exception, request_id: str, scope: Scope) -> Response:  # noqa: ARG001 -- others look at it
    """Answer by a problem document, whoever asked."""
    return problem_response(error, request_id)


async def _nobody(_: Request) -> None:
    """Do not ask who is there: a problem document is the same for everybody."""


def install(app: FastAPI, respond: Respond, recognise: Recognise = _nobody) -> None:
    """Answer every error of the table. What is not in it reaches the middleware, which does the same.

    Parameters
    ----------
    recognise : callable
        Finds out, before an error is answered, who asked: at an address that has no route nobody has done so yet.
    """

    async def handle(request: Request, error: Exception) -> Response:
        if kind_of(error).status >= 500:  # by the contract of DoublecheckError its message quotes no account
            name = request.state.request_id
            log.error("request %s: %s: %s", name, type(error).__name__, error, extra={"request_id": name})
        await recognise(request)
        response = respond(error, request.state.request_id, request.scope)
        if response.status_code == 405:  # the router names the methods of the first route that has the address
            response.headers["Allow"] = ", ".join(methods_at(app, request.scope))
        return response

    for error in (HTTPException, RequestValidationError, DoublecheckError):
        app.add_exception_handler(error, handle)


def methods_at(app: FastAPI, scope: Scope) -> list[str]:
    """Return the methods that an address takes, of all routes together."""
    asked = {name: scope[name] for name in ("type", "path", "headers")} | {"root_path": scope.get("root_path", "")}
    return [
        method
        for method in METHODS
        if any(route.matches(asked | {"method": method})[0] is Match.FULL for route in app.routes)
    ]


def _detail(error: Exception, kind: Kind) -> str:
    if kind.code in {"overloaded", "too_slow"}:
        return f"{kind.title} No verdict was reached: ask again in a moment, with the same Idempotency-Key."
    if kind.code == "demonstration_over":
        return kind.title
    if kind.status >= 500:  # what failed inside is for the log: it may name files
        return "No verdict was reached, so nothing may be done. The log has the cause under this request's id."
    if isinstance(error, DoublecheckError):
        return error.message
    if isinstance(error, HTTPException) and kind.status in {400, 403, 413, 415}:  # these are our own words
        return error.detail
    return "The fields at fault are listed." if kind.status == 422 else kind.title


# What a client does about it: authenticate, or ask again in a second.
_HEADERS: Mapping[str, dict[str, str]] = {
    "unauthenticated": {"WWW-Authenticate": "Bearer"},
    "overloaded": {"Retry-After": "1"},
    "instances_apart": {"Retry-After": "1"},
    "records_unavailable": {"Retry-After": "1"},
    "too_slow": {"Retry-After": "1"},
}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")
# Where FastAPI found it, and the branch of a request's union: no names of fields.
_PLACES, _BRANCHES = ("body", "query", "path", "header"), ("columns", "raw")
_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this request",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "is required",
    "list_type": "must be a list",
}


def _path(location: Sequence[str | int]) -> str:
    parts = list(location)
    for places in (_PLACES, _BRANCHES):
        if parts and parts[0] in places:
            parts = parts[1:]
    parts = [part for place, part in enumerate(parts) if not (part in _BRANCHES and isinstance(parts[place - 1], int))]
    # A key may be somebody's text, so only plain names pass.
    return ".".join("?" if isinstance(part, str) and not _PLAIN_NAME.fullmatch(part) else str(part) for part in parts)


def _message(kind: str, message: str) -> str:
    return _MESSAGES.get(kind) or message.removeprefix("Value error, ")
