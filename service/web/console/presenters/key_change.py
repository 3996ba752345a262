"""A change of keys, as its page says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.auth.api_keys import Role
from service.decisions.key_changes import KeyChange
from service.texts.wording import Words, gettext
from service.web.console.presenters.registry_change import STATES

# What each role may do, for who chooses among them.
MAY: Mapping[Role, str] = Words(
    {
        "agent": "ask for checks, act on what is cleared for them",
        "reviewer": "see all checks, approve and decline, decide appeals",
        "admin": "change the registry, people and keys",
        "auditor": "read everything, change nothing",
        "executor": "for the tool that acts: redeem clearances of others",
    }
)


@dataclass(frozen=True, slots=True)
class ShownKeyChange:
    """A change in words."""

    change: KeyChange
    does: str
    state: str
    is_open: bool

    @property
    def roles(self) -> list[str]:
        """The roles of the key."""
        return list(self.change.row.roles.split())


def shown(change: KeyChange) -> ShownKeyChange:
    """Return a change as its page says it."""
    row = change.row
    if row.does == "key":
        does = gettext("New key for %(name)s", name=row.whose)
    elif row.access_ends_at:
        does = gettext("Access of %(name)s ends later", name=row.whose)
    else:
        does = gettext("Access of %(name)s has no end", name=row.whose)
    return ShownKeyChange(change, does, STATES[change.state], change.state == "pending")
