"""A demand in words for who works on it: how it stands, what to do now, what a look found."""

from __future__ import annotations

from collections.abc import Mapping

from service.schemas.demands import DemandOut, DemandResult, DemandState
from service.texts.catalogue import catalogued
from service.texts.wording import Words, gettext

STATES: Mapping[DemandState, str] = Words(
    {
        "open": "Waiting",
        "due": "Time is up",
        "met": "Met",
        "unmet": "Not met",
        "withdrawn": "Withdrawn",
    }
)
NEXT: Mapping[DemandState, str] = Words(
    {
        "open": "Wait until the time is up, or look at the profile now.",
        "due": "Look at the profile and enter it below.",
        "met": "Nothing to do. The case is closed.",
        "unmet": "Check the account again and ask for the action that fits.",
        "withdrawn": "Tell the account that nothing is asked of it any more. It is a protected account.",
    }
)
# What is still to be looked at.
WAITING: tuple[DemandState, ...] = ("due", "open")
_MET: Mapping[bool | None, str] = Words(
    {
        True: "Done",
        False: "Not done",
        None: "Not known: the profile that was entered does not tell",
    }
)


def points(demand: DemandOut) -> list[tuple[str, str]]:
    """Return what was asked, as the account was asked for it, each with what the last look found."""
    found = {one.kind: one for one in demand.results}
    return [(catalogued(f"demand_{kind}"), _said(found.get(kind))) for kind in demand.kinds]


def _said(result: DemandResult | None) -> str:
    return _MET[result.met] if result else gettext("Not looked at yet")
