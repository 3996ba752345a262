"""How answers are given, and how problems, API keys and idempotency keys are documented."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from fastapi.exceptions import RequestValidationError

from service.auth.api_keys import Role
from service.errors import ForbiddenError, HeaderError, InFlightError, KeyReusedError, UnauthenticatedError
from service.records.transaction import Answer
from service.web.problems import MEDIA_TYPE, PROBLEMS

# How the API key comes: as a bearer token, or in a header of its own.
SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: doublecheck keys create prints it."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."},
}
SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"header": []}]
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gives the same answer, for a day. Send a new one with each "
    "request, and the same one when you send it again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
}


def answered(answer: Answer) -> Response:
    """Return an answer as it is, without making it anew."""
    return Response(answer.body, answer.status, media_type="application/json")


def problems(*keys: type[Exception] | int, key: bool = True) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the problems that a route can end in.

    Parameters
    ----------
    keys : exception classes and statuses
        As in ``PROBLEMS``; what can fail behind every route goes without saying.
    key : bool
        Whether the route needs an API key.
    """
    kinds = [PROBLEMS[kind] for kind in (*keys, *(_KEY_PROBLEMS if key else ()), *_FAILURES)]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {
            "description": " ".join(f"`{kind.code}`: {kind.title}" for kind in kinds if kind.status == status),
            "content": content,
        }
        for status in sorted({kind.status for kind in kinds})
    }


def leads_to(number: str, at: str, *operations: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of what can be asked next, with a number out of the answer: OpenAPI's links.

    Parameters
    ----------
    number : str
        The parameter in the next addresses.
    at : str
        Where the answer has it, as a JSON pointer.
    operations : str
        Method and address of each, such as ``"get /v1/checks/{check_id}"``.
    """
    links = {}
    for operation in operations:
        method, path = operation.split()
        name = path.replace("{" + number + "}", "").strip("/").replace("//", "/").replace("/", "_")
        links[f"{method}_{name}"] = {
            "operationRef": f"#/paths/{path.replace('/', '~1')}/{method}",
            "parameters": {number: f"$response.body#{at}"},
        }
    return {200: {"links": links}}


# What a body can be refused for, and an idempotency key.
BODY = (400, 413, 415, RequestValidationError)
KEYED = (HeaderError, InFlightError, KeyReusedError)
_KEY_PROBLEMS = (UnauthenticatedError, ForbiddenError)
_FAILURES = tuple(one for one, kind in PROBLEMS.items() if kind.status >= 500)


def documented(*roles: Role, idempotent: bool = False) -> dict[str, Any]:
    """Return what FastAPI cannot see of a route: that it takes an API key, and an idempotency key."""
    extra: dict[str, Any] = {"security": SECURITY, "x-roles": list(roles)}
    if idempotent:
        extra["parameters"] = [_IDEMPOTENCY_KEY]
    return extra
