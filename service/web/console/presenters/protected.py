"""A protected account as its page says it: its columns, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.accounts.account import ProtectedAccount, canonical
from classifier.accounts.columns import PROTECTED
from service.decisions.registry_edits import Edit
from service.web.console.presenters.registry_change import label, text_of

_DONE = {"add": "Added", "replace": "Changed", "withdraw": "Withdrawn"}
_WANTED = {"add": "Adding it", "replace": "A change", "withdraw": "A withdrawal"}
_STATES = {
    "pending": ("waits for a second admin", "", "◷"),
    "approved": ("was approved and is not in force yet", "", "◷"),
    "declined": ("was declined", "bad", "✕"),
    "expired": ("waited too long", "", "◷"),
}


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """Something that was done to an account, in words."""

    edit: Edit
    what: str
    who: str
    tone: str
    sign: str
    lines: tuple[tuple[str, str, str], ...]


def lines_of(account: ProtectedAccount) -> list[tuple[str, list[str]]]:
    """Return each column of an account with its values; none where nothing is registered."""
    known = canonical(account)
    return [(label(name), _values(known.get(name))) for name in PROTECTED]


def _values(value: object) -> list[str]:
    if value is None:
        return []
    return [text_of(one) for one in value] if isinstance(value, list) else [text_of(value)]


def shown_edit(edit: Edit) -> ShownEdit:
    """Return an edit as the page of its account says it."""
    lines = tuple((label(one.field), text_of(one.before), text_of(one.after)) for one in edit.fields)
    if edit.state == "applied":
        who = f"By {edit.who}, approved by {edit.second}." if edit.second else f"By {edit.who}."
        return ShownEdit(edit, _DONE[edit.does], who, "good" if edit.does != "withdraw" else "bad", "✓", lines)
    said, tone, sign = _STATES[edit.state]
    answered = {"declined": f" {edit.second} declined it.", "approved": f" {edit.second} approved it."}
    who = f"{edit.who} asked for it.{answered.get(edit.state, '') if edit.second else ''}"
    return ShownEdit(edit, f"{_WANTED[edit.does]} {said}", who, tone, sign, lines)
