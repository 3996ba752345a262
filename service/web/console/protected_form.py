"""The form of a protected account: its fields, and the account that they describe, read as the API reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from classifier.accounts.account import ProtectedAccount, canonical
from classifier.importers import import_protected
from service.schemas.accounts import ProtectedIn
from service.texts.wording import Words
from service.web.console.forms import Form, count_of
from service.web.console.presenters.registry_change import LABELS as COLUMNS
from service.web.problems import field_faults

TEXTS = ("handle", "platform", "account_id", "display_name", "bio", "verification", "avatar_pdq", "tier")
# The fields that take several values, one a line, with what to write into each.
LISTS: Words[str, str] = Words(
    {
        "aliases": "Other names of the owner, one a line.",
        "roles": "What the owner is, such as CEO of Northwind, one a line.",
        "links": "One a line. They are never opened.",
        "former_handles": "Handles that the account had before, one a line.",
        "secondary_handles": "Handles of the owner's other accounts on this platform, one a line.",
        "secondary_ids": "Ids of the owner's other accounts on this platform, one a line.",
    }
)
FIELDS = (*TEXTS, "followers", "created_at", "verified", *LISTS)
LABELS = Words({name: COLUMNS.english[name] for name in FIELDS})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TRUTH = {"yes": True, "no": False}
# What an importer notes of a value that it could not use. In a file that is a note; of a form it is an error.
_LOST = re.compile(r"^(?P<field>\w+): (?P<what>.*(?:treated as missing|left out|treated as empty).*)$")


class ProtectedFormError(Exception):
    """The form describes no account.

    Attributes
    ----------
    form : Form
        With each error at its field.
    """

    def __init__(self, form: Form, errors: dict[str, str]) -> None:
        super().__init__("the form describes no account")
        self.form = replace(form, errors={name: errors[name] for name in FIELDS if name in errors})


def filled(account: ProtectedAccount) -> dict[str, str]:
    """Return the fields of a form that describes an account.

    Examples
    --------
    >>> filled(ProtectedAccount(platform="x", handle="Ada", aliases=("A. B.", "Ada B.")))["aliases"].splitlines()
    ['A. B.', 'Ada B.']
    """
    known = canonical(account)
    values = {name: str(known[name]) for name in (*TEXTS, "followers", "created_at") if name in known}
    values |= {name: "\n".join(known[name]) for name in LISTS if name in known}
    if account.verified is not None:
        values["verified"] = "yes" if account.verified else "no"
    return values


def read_protected_form(form: Form, *, now: datetime) -> ProtectedAccount:
    """Return the account that a form describes.

    Raises
    ------
    ProtectedFormError
        If a field is missing or cannot be used.
    """
    row = dict(_columns(form))
    faults = {name: "is required" for name in ("handle", "platform") if not form.value(name)}
    try:
        ProtectedIn.model_validate({name: value for name, value in row.items() if name not in ("handle", "platform")})
    except ValidationError as error:
        faults |= {one.field.partition(".")[0]: one.message for one in field_faults(error.errors())}
    if faults:
        raise ProtectedFormError(form, faults)
    imported = import_protected(row, now=now)
    if imported.account is None:
        fault = imported.error
        field = fault.field if fault and fault.field in FIELDS else "handle"
        raise ProtectedFormError(form, {field: fault.message if fault else "cannot be used"})
    lost = {found["field"]: found["what"] for note in imported.notes if (found := _LOST.match(note))}
    if lost:
        raise ProtectedFormError(form, {name if name in FIELDS else "handle": what for name, what in lost.items()})
    return imported.account


def _columns(form: Form) -> Iterator[tuple[str, object]]:
    for name in TEXTS:
        if value := form.value(name):
            text = value.replace("\r\n", "\n")  # which browsers send for the one that was there
            yield name, text.removeprefix("@") if name == "handle" else text
    for name in LISTS:
        if lines := [line.strip() for line in form.value(name).splitlines() if line.strip()]:
            yield name, lines
    if followers := form.value("followers"):
        yield "followers", count_of(followers)
    if created := form.value("created_at"):
        yield "created_at", f"{created}T00:00:00Z" if _DAY.fullmatch(created) else created
    if verified := form.value("verified"):
        yield "verified", _TRUTH.get(verified, verified)
