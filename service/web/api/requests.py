"""What all routes share: who calls, under which idempotency key, and how answers and problems are documented."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from service.auth.api_keys import Caller, Role
from service.decisions.check_service import Desk
from service.errors import ForbiddenError, HeaderError, InFlightError, KeyReusedError, UnauthenticatedError
from service.records.transaction import Answer, Idempotency
from service.web.problems import MEDIA_TYPE, PROBLEMS

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
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


async def caller_of(request: Request, desk: Desk, *roles: Role, ended: bool = False) -> Caller:
    """Return the caller of a request, who has one of the roles.

    Parameters
    ----------
    ended : bool
        Whether one whose access has ended is let through, because the answer itself refuses and records that.

    Raises
    ------
    UnauthenticatedError, ForbiddenError
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    key = token.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "").strip()
    if not key:
        raise UnauthenticatedError("send an API key: Authorization: Bearer KEY")
    caller = await desk.callers.of(key)
    caller.require(*roles)
    if not ended:
        caller.require_access(desk.clock())
    return caller


async def idempotency_of(request: Request) -> Idempotency | None:
    """Return the request's idempotency key with the digest of its method, address and body.

    Raises
    ------
    HeaderError
        If the header holds no usable key.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise HeaderError("Idempotency-Key must have 1 to 255 visible ASCII characters")
    hasher = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    hasher.update(await request.body())
    return Idempotency(key, hasher.hexdigest())


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
    kinds = [PROBLEMS[one] for one in (*keys, *(_KEY_PROBLEMS if key else ()), *_FAILURES)]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {
            "description": " ".join(f"`{kind.code}`: {kind.title}" for kind in kinds if kind.status == status),
            "content": content,
        }
        for status in sorted({kind.status for kind in kinds})
    }


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
