"""A change of the registry, as its page says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.schemas.registry import ChangedAccount, Imported, RegistryChange
from service.texts.dates import number
from service.texts.wording import Words, gettext

DOES = Words({"add": "Protect", "replace": "Change", "withdraw": "Protect no longer", "import": "Import"})
STATES = Words(
    {
        "pending": "Waits for a second admin",
        "approved": "Approved, but not in force yet: approve it again",
        "applied": "In force",
        "declined": "Declined",
        "expired": "Waited too long",
    }
)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change in words.

    Attributes
    ----------
    named : str
        The account, or the file of an import.
    lines : tuple of (str, str, str)
        Of each column that it changes: its name, what is registered, and what would be.
    """

    change: RegistryChange
    does: str
    state: str
    is_open: bool
    named: str
    lines: tuple[tuple[str, str, str], ...]


def shown(change: RegistryChange) -> ShownChange:
    """Return a change as its page says it."""
    lines = tuple((label(one.field), text_of(one.before), text_of(one.after)) for one in change.changes)
    is_open = change.state in {"pending", "approved"}
    named = change.handle if change.does == "import" else f"@{change.handle}"
    return ShownChange(change, DOES[change.does], STATES[change.state], is_open, named, lines)


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account of an import, with the lines of ``ShownChange``."""

    account: ChangedAccount
    lines: tuple[tuple[str, str, str], ...]


def shown_import(imported: Imported) -> dict[str, list[ShownAccount]]:
    """Return the accounts of an import by what it does to them: added, changed, withdrawn."""
    found: dict[str, list[ShownAccount]] = {"add": [], "replace": [], "withdraw": []}
    for one in imported.accounts:
        lines = tuple((label(field.field), text_of(field.before), text_of(field.after)) for field in one.changes)
        found[one.does].append(ShownAccount(one, lines))
    return found


def label(field: str) -> str:
    """Return the name of a column as people read it.

    Examples
    --------
    >>> label("account_id"), label("secondary_handles")
    ("Platform's id", 'Secondary handles')
    """
    return LABELS.get(field) or field.replace("_", " ").capitalize()


LABELS = Words(
    {
        "platform": "Platform",
        "account_id": "Platform's id",
        "handle": "Handle",
        "display_name": "Display name",
        "bio": "Bio",
        "aliases": "Aliases",
        "roles": "Roles",
        "former_handles": "Former handles",
        "links": "Links",
        "secondary_ids": "Secondary ids",
        "secondary_handles": "Secondary handles",
        "followers": "Followers",
        "created_at": "Created at",
        "verified": "Verified",
        "verification": "Verification",
        "avatar_pdq": "Picture's PDQ hash",
        "tier": "Tier",
    }
)


def text_of(value: Any) -> str:
    """Return a value of a column as people read it; empty where there is none.

    Examples
    --------
    >>> [text_of(value) for value in (None, True, 12000, ["a", "b"], "x")]
    ['', 'yes', '12,000', 'a, b', 'x']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return number(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
