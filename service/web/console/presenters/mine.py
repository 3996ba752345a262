"""How the page of a person's checks is divided, and what its counters are called."""

from __future__ import annotations

from typing import NamedTuple

from service.decisions.mine import Group
from service.texts.wording import Message


class Section(NamedTuple):
    """A part of the page: which checks, its heading, a sentence, and a sign that the counter in the menu has."""

    group: Group
    heading: str
    hint: str
    sign: str
    counted: str


SECTIONS = (
    Section(
        "ready",
        Message("Ready to act"),
        Message("Cleared or approved. Act before the time is over."),
        "✓",
        Message("ready to act"),
    ),
    Section(
        "held",
        Message("Resembles nobody"),
        Message("Withdraw it, or ask people to review it."),
        "○",
        Message("to withdraw"),
    ),
    Section(
        "waiting",
        Message("Waiting for approval"),
        Message("Reviewers are asked. Nothing to do yet."),
        "…",
        Message("waiting"),
    ),
    Section(
        "declined",
        Message("Declined"),
        Message("Do not act. If something has changed, ask for a new check."),
        "✕",
        Message("declined"),
    ),
)
