"""The settings in force, as the page of admins says them. What may be a secret is never among the values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Secret, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from service.settings import PREFIX, Settings
from service.texts.dates import number
from service.texts.wording import Message, gettext

HIDDEN = Message("set, not shown")
# Settings under one heading, by how their names begin; all others stand under the last.
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (Message("Decisions"), (
        "high_impact", "access_margin", "recent_registry", "registry_change", "clearance", "approval", "review",
        "demand", "appeal", "due_times", "second_look", "overdue", "platform_rules", "monitor",
    )),
    (Message("Quotas"), ("actor_", "total_", "burst_")),
    (Message("What people are told"), ("terms", "complaint", "territorial", "keep_texts")),
    (Message("Sign-in"), ("session",)),
)  # fmt: skip
_REST = Message("Running the service")


@dataclass(frozen=True, slots=True)
class Line:
    """One setting.

    Attributes
    ----------
    where : str
        Where its value comes from.
    is_default : bool
        Whether it has its default value.
    """

    variable: str
    value: str
    default: str
    what: str
    where: str
    is_default: bool


def groups(settings: Settings, environment: Mapping[str, str]) -> dict[str, list[Line]]:
    """Return the settings by heading.

    Parameters
    ----------
    environment : mapping of str to str
        The process's: only the names in it are looked at.
    """
    named = {name.upper() for name, value in environment.items() if value}
    found: dict[str, list[Line]] = {heading: [] for heading in (*(name for name, _ in _GROUPS), _REST)}
    for name, field in type(settings).model_fields.items():
        found[_heading(name)].append(_line(settings, name, field, named))
    return found


def _heading(name: str) -> str:
    return next((heading for heading, begins in _GROUPS if name.startswith(begins)), _REST)


def _line(settings: Settings, name: str, field: FieldInfo, named: set[str]) -> Line:
    value, default = getattr(settings, name), field.get_default(call_default_factory=True)
    variable = f"{PREFIX}{name}".upper()
    is_default = bool(value == default)
    otherwise = gettext("default") if is_default else gettext("command line, or found out at start")
    where = gettext("environment") if variable in named else otherwise
    shown = gettext(HIDDEN) if value is not None and _may_be_secret(field, value) else text_of(value)
    return Line(variable, shown, text_of(default), field.description or "", where, is_default)


def _may_be_secret(field: FieldInfo, value: Any) -> bool:
    """Tell whether a value is kept to the process: what is left out of its description may hold a password."""
    return not field.repr or isinstance(value, Secret | SecretStr | SecretBytes)


def text_of(value: Any) -> str:
    """Return a value as people read it.

    Examples
    --------
    >>> [text_of(value) for value in (None, True, 20_000, 72.0, "x")]
    ['none', 'yes', '20,000', '72', 'x']
    """
    if value is None:
        return gettext("none")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return number(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
