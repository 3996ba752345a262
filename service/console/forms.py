"""The form of the first page: its fields, and how they become the same request that the HTTP interface takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from service.bodies import parse_json
from service.problems import FieldError
from service.schemas.checks import AccountCheckIn, CheckRequest, RawCheckIn

_REQUEST: TypeAdapter[AccountCheckIn | RawCheckIn] = TypeAdapter(CheckRequest)
LABELS = {
    "handle": "Handle",
    "platform": "Platform",
    "display_name": "Display name",
    "bio": "Bio",
    "links": "Links",
    "followers": "Followers",
    "posts": "Posts",
    "listed": "Lists",
    "created_at": "Created on",
    "account_id": "Platform's id",
    "verified": "Verified",
    "format": "Format",
    "profile": "Profile",
    "action": "Action",
    "actor_id": "Actor",
    "access_ends_at": "Actor's access ends",
    "api_key": "API key",
}
_TEXTS = ("handle", "platform", "account_id", "display_name", "bio")
_COUNTS = ("followers", "posts", "listed")
# As people write and group it: 1200, 1,200, 1.200, 1 200.
_WHOLE = re.compile(r"[0-9]{1,18}|[0-9]{1,3}([\s,.'’][0-9]{3}){1,5}")
_TRUTH = {"yes": True, "no": False}


@dataclass(frozen=True)
class Form:
    """What was entered, and what is wrong with it, by field."""

    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what was entered in a field, without white space around it."""
        return self.values.get(name, "").strip()

    def with_errors(self, errors: Iterable[FieldError]) -> Form:
        """Return the form with each error at the field it belongs to."""
        placed: dict[str, str] = {}
        for error in errors:
            placed.setdefault(self._place(error.field), error.message)
        return replace(self, errors={name: placed[name] for name in LABELS if name in placed})

    def _place(self, path: str) -> str:
        name = path.removeprefix("account.").removeprefix("actor.").partition(".")[0]
        if self.value("profile") and name not in {"action", "actor_id", "access_ends_at", "format", "api_key"}:
            return "profile"
        return name if name in LABELS else "handle"


def read_form(form: Form) -> AccountCheckIn | RawCheckIn:
    """Return the request a form makes.

    Raises
    ------
    RequestValidationError
        If a field cannot be used; its errors name the fields as the HTTP interface does.
    """
    actor = {"actor_id": form.value("actor_id")}
    if ends := form.value("access_ends_at"):
        actor["access_ends_at"] = _midnight(ends)
    body = {"action": form.value("action"), "actor": actor}
    try:
        return _REQUEST.validate_python(
            body | (_profile(form) if form.value("profile") else {"account": _account(form)})
        )
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error


def _profile(form: Form) -> dict[str, Any]:
    try:
        return {"format": form.value("format"), "account": parse_json(form.value("profile").encode())}
    except ValueError as error:
        fault = {
            "type": "value_error",
            "loc": ("body", "raw", "account"),
            "msg": f"is not JSON that can be read: {error}",
        }
        raise RequestValidationError([fault]) from error


def _account(form: Form) -> dict[str, Any]:
    account: dict[str, Any] = {name: form.value(name) for name in _TEXTS if form.value(name)}
    if links := form.value("links").split():
        account["links"] = links
    account |= {name: _count(form.value(name)) for name in _COUNTS if form.value(name)}
    if created := form.value("created_at"):
        account["created_at"] = _midnight(created)
    if verified := form.value("verified"):
        account["verified"] = _TRUTH.get(verified, verified)
    return account


def _count(text: str) -> int | str:
    """Return a count as people write it; what is none is left for the schema to refuse."""
    return int(re.sub(r"[^0-9]", "", text)) if _WHOLE.fullmatch(text) else text


def _midnight(day: str) -> str:
    """Return the first moment of a day, in RFC 3339; what is no day is left for the schema to refuse."""
    return f"{day}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else day
