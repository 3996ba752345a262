"""How the page of a person's checks is divided, and what its counters are called."""

from __future__ import annotations

from typing import NamedTuple

from service.decisions.mine import Group


class Section(NamedTuple):
    """A part of the page: which checks, its heading, a sentence, and a sign that the counter in the menu has."""

    group: Group
    heading: str
    hint: str
    sign: str
    counted: str


SECTIONS = (
    Section("ready", "Ready to act", "Cleared or approved. Act before the time is over.", "✓", "ready to act"),
    Section("held", "Resembles nobody", "Withdraw it, or ask people to review it.", "○", "to withdraw"),
    Section("waiting", "Waiting for approval", "Reviewers are asked. Nothing to do yet.", "…", "waiting"),
    Section("declined", "Declined", "Do not act. If something has changed, ask for a new check.", "✕", "declined"),
)
