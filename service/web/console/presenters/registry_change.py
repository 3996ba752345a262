"""A change of the registry, as its page says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.schemas.registry import RegistryChange

_DOES = {"add": "Protect", "replace": "Change", "withdraw": "Protect no longer"}
_STATES = {
    "pending": "Waits for a second admin",
    "approved": "Approved, but not in force yet: approve it again",
    "applied": "In force",
    "declined": "Declined",
    "expired": "Waited too long",
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change in words.

    Attributes
    ----------
    lines : tuple of (str, str, str)
        Of each column that it changes: its name, what is registered, and what would be.
    """

    change: RegistryChange
    does: str
    state: str
    is_open: bool
    lines: tuple[tuple[str, str, str], ...]


def shown(change: RegistryChange) -> ShownChange:
    """Return a change as its page says it."""
    lines = tuple(
        (one.field.replace("_", " ").capitalize(), _text(one.before), _text(one.after)) for one in change.changes
    )
    is_open = change.state in {"pending", "approved"}
    return ShownChange(change, _DOES[change.does], _STATES[change.state], is_open, lines)


def _text(value: Any) -> str:
    """Return a value of a column as people read it; empty where there is none.

    Examples
    --------
    >>> [_text(value) for value in (None, True, 12000, ["a", "b"], "x")]
    ['', 'yes', '12,000', 'a, b', 'x']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
