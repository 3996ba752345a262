"""The forms of the pages: their fields, and how they become the same requests that the HTTP interface takes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from classifier.accounts.account import Account, canonical
from service.auth.api_keys import Caller
from service.schemas.checks import AccountCheckIn, CheckRequest, RawCheckIn
from service.schemas.demands import AccountLookIn, LookIn, RawLookIn
from service.schemas.reviews import AccountRedeemIn, RawRedeemIn, RedeemIn
from service.texts.recorded import recorded
from service.texts.wording import Message, Words, gettext
from service.web.console.paste import pretty, read_pasted
from service.web.problems import FieldError

_CHECK: TypeAdapter[AccountCheckIn | RawCheckIn] = TypeAdapter(CheckRequest)
_REDEEM: TypeAdapter[AccountRedeemIn | RawRedeemIn] = TypeAdapter(RedeemIn)
_LOOK: TypeAdapter[AccountLookIn | RawLookIn] = TypeAdapter(LookIn)
LABELS: Words[str, str] = Words(
    {
        "paste": "Reported account",
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
        "action": "Action",
        "report": "The report",
        "token": "Clearance",
        "typed_handle": "The handle, typed",
        "answer": "Answer",
        "reason": "Reason",
        "executor": "Who is to act",
        "actor": "Who acts",
        "outcome": "Outcome",
        "relation": "What it is instead",
        "note": "Why",
        "code": "The code",
        "found": "What you found",
        "proof": "What proof was seen",
        "about": "What it is about",
        "arguments": "What they say",
        "language": "Language of the answers",
        "contact": "Where the answer goes",
        "comment": "Comment",
        "because": "Why",
    }
)
_TEXTS = ("handle", "platform", "account_id", "display_name", "bio")
_COUNTS = ("followers", "posts", "listed")
ACCOUNT_FIELDS = (*_TEXTS, *_COUNTS, "links", "created_at", "verified")
_EMPTY = Message("paste a handle, the profile's address or its JSON, or fill in the fields below")
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
            name = self._place(error.field)
            placed.setdefault(name, self._said(error, name))
        return replace(self, errors={name: placed[name] for name in LABELS if name in placed})

    def _said(self, error: FieldError, name: str) -> str:
        """Return what to say at a field: of pasted JSON, which of its fields is wrong; of an empty form, what to do."""
        at = error.field.removeprefix("account.")
        if name != "paste" or at in {"paste", "account", ""}:
            return error.message
        if self.value("paste").startswith(("{", "[")):
            return gettext("its field %(field)s %(message)s", field=at, message=recorded(error.message))
        return error.message if self.value("paste") else gettext(_EMPTY)

    def _place(self, path: str) -> str:
        name = path.removeprefix("account.").partition(".")[0]
        if name not in LABELS or (name == "handle" and not self.value("handle")):
            return "paste"
        return "paste" if name in ACCOUNT_FIELDS and self.value("paste") and not self.value(name) else name


def nonce() -> str:
    """Return what tells the forms of one page from those of the next: the same form, sent twice, is one request."""
    return secrets.token_urlsafe(16)


def read_check(form: Form, caller: Caller) -> AccountCheckIn | RawCheckIn:
    """Return the check that a form asks for, in the name of who signed in.

    Raises
    ------
    RequestValidationError, InputError
        If a field cannot be used; errors name the fields as the HTTP interface does.
    """
    body = {"action": form.value("action"), "actor": caller.actor, "report": form.value("report") or None}
    with _faults():
        return _CHECK.validate_python(body | _account(form))


def read_redemption(form: Form) -> AccountRedeemIn | RawRedeemIn:
    """Return what spends a clearance: the token, with the account as it is now.

    Raises
    ------
    RequestValidationError, InputError
    """
    with _faults():
        return _REDEEM.validate_python({"token": form.value("token")} | _account(form))


def read_look(form: Form) -> AccountLookIn | RawLookIn:
    """Return a look at what was demanded of an account: the account as it is now.

    Raises
    ------
    RequestValidationError, InputError
    """
    with _faults():
        return _LOOK.validate_python(_account(form))


def filled(account: Account) -> dict[str, str]:
    """Return the fields of a form that describes an account."""
    known = {name: str(value) for name, value in canonical(account).items() if name in (*_TEXTS, *_COUNTS)}
    if account.links:
        known["links"] = "\n".join(account.links)
    if account.created_at:
        known["created_at"] = f"{account.created_at:%Y-%m-%d}"
    if account.verified is not None:
        known["verified"] = "yes" if account.verified else "no"
    return known


def prefilled(account: Account) -> dict[str, str]:
    """Return the form of a check of an account: its fields, or its JSON where the fields do not say all of it."""
    is_day = account.created_at is None or account.created_at.time() == time()
    known = canonical(account)
    return filled(account) if is_day and known.keys() <= set(ACCOUNT_FIELDS) else {"paste": pretty(known)}


def check_of(account: Mapping[str, Any], action: str, caller: Caller, report: str) -> AccountCheckIn | RawCheckIn:
    """Return the check of an account in our own columns, in the name of who signed in.

    Raises
    ------
    RequestValidationError
    """
    asked = {"format": "doublecheck", "account": dict(account), "action": action, "actor": caller.actor}
    with _faults():
        return _CHECK.validate_python(asked | {"report": report})


@contextmanager
def _faults() -> Iterator[None]:
    """Raise what pydantic finds wrong as the routes of the HTTP interface do."""
    try:
        yield
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error


def _account(form: Form) -> dict[str, Any]:
    """Return the account that was described: what was pasted, completed by the fields if it was only a name."""
    if not form.value("paste"):
        return {"account": _fields(form)}
    pasted = read_pasted(form.value("paste"))
    if pasted.get("format") == "doublecheck" and isinstance(created := pasted["account"].get("created_at"), str):
        pasted["account"]["created_at"] = _midnight(created)  # as in the field for it
    return pasted if "format" in pasted else {"account": _fields(form) | pasted["account"]}


def _fields(form: Form) -> dict[str, Any]:
    account: dict[str, Any] = {name: form.value(name) for name in _TEXTS if form.value(name)}
    if links := form.value("links").split():
        account["links"] = links
    account |= {name: count_of(form.value(name)) for name in _COUNTS if form.value(name)}
    if created := form.value("created_at"):
        account["created_at"] = _midnight(created)
    if verified := form.value("verified"):
        account["verified"] = _TRUTH.get(verified, verified)
    return account


def count_of(text: str) -> int | str:
    """Return a count as people write it; what is none is left for the schema to refuse."""
    return int(re.sub(r"[^0-9]", "", text)) if _WHOLE.fullmatch(text) else text


def _midnight(day: str) -> str:
    """Return the first moment of a day, in RFC 3339; what is no day is left for the schema to refuse."""
    return f"{day}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else day
