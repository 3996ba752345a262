"""A protected account as its page says it: its columns, and what was done to it."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.accounts.account import ProtectedAccount, canonical
from classifier.accounts.columns import PROTECTED
from service.decisions.registry_edits import Edit
from service.texts.wording import Words, gettext
from service.web.console.presenters.registry_change import label, text_of

_DONE = Words({"add": "Added", "replace": "Changed", "withdraw": "Withdrawn"})
_WANTED = Words(
    {
        ("add", "pending"): "Adding it waits for a second admin",
        ("add", "approved"): "Adding it was approved and is not in force yet",
        ("add", "declined"): "Adding it was declined",
        ("add", "expired"): "Adding it waited too long",
        ("replace", "pending"): "A change waits for a second admin",
        ("replace", "approved"): "A change was approved and is not in force yet",
        ("replace", "declined"): "A change was declined",
        ("replace", "expired"): "A change waited too long",
        ("withdraw", "pending"): "A withdrawal waits for a second admin",
        ("withdraw", "approved"): "A withdrawal was approved and is not in force yet",
        ("withdraw", "declined"): "A withdrawal was declined",
        ("withdraw", "expired"): "A withdrawal waited too long",
    }
)
_STATES = {
    "pending": ("", "◷"),
    "approved": ("", "◷"),
    "declined": ("bad", "✕"),
    "expired": ("", "◷"),
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
        who = gettext("By %(name)s.", name=edit.who)
        if edit.second:
            who = gettext("By %(name)s, approved by %(second)s.", name=edit.who, second=edit.second)
        return ShownEdit(edit, _DONE[edit.does], who, "good" if edit.does != "withdraw" else "bad", "✓", lines)
    tone, sign = _STATES[edit.state]
    who = gettext("%(name)s asked for it.", name=edit.who)
    if edit.second and edit.state == "declined":
        who = gettext("%(name)s asked for it. %(second)s declined it.", name=edit.who, second=edit.second)
    elif edit.second and edit.state == "approved":
        who = gettext("%(name)s asked for it. %(second)s approved it.", name=edit.who, second=edit.second)
    return ShownEdit(edit, _WANTED[edit.does, edit.state], who, tone, sign, lines)
