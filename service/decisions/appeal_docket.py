"""The docket: appeals that nobody has decided, with why this person cannot decide each; what is due comes first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from service.auth.api_keys import Caller
from service.decisions.appeal_queries import AppealSearch, appeal_detail, search
from service.decisions.appeals import why_not_decider
from service.decisions.recorded import Read, find_decision
from service.limits import Rules
from service.schemas.appeals import AppealDetail, AppealOut

SHOWN = 100
_NO_REVIEWER = "only a reviewer decides appeals"


class OnDocket(NamedTuple):
    """An appeal that nobody has decided.

    Attributes
    ----------
    why_not : str
        Why this person cannot decide it; empty where this person can.
    """

    appeal: AppealOut
    why_not: str


class Opened(NamedTuple):
    """One appeal, with what a page offers.

    Attributes
    ----------
    action : str
        What the check asked for.
    why_not : str
        As in ``OnDocket``; also empty where it is decided.
    """

    appeal: AppealDetail
    action: str
    why_not: str


def docket(read: Read, caller: Caller, now: datetime, rules: Rules) -> list[OnDocket]:
    """Return the appeals that nobody has decided, what is due first coming first."""
    found = search(read, AppealSearch(limit=SHOWN, by_due_time=True), now).appeals
    return [OnDocket(one, _why_not(read, str(one.check_id), caller, now, rules)) for one in found]


def opened(read: Read, appeal_id: str, caller: Caller, now: datetime, rules: Rules) -> Opened:
    """Return an appeal as this person may see it.

    Raises
    ------
    UnknownAppealError
        If there is none, or not for this caller.
    """
    found = appeal_detail(read, appeal_id, caller, now)
    action = find_decision(read, str(found.check_id)).row.action
    why_not = "" if found.decided_at else _why_not(read, str(found.check_id), caller, now, rules)
    return Opened(found, action, why_not)


def _why_not(read: Read, check_id: str, caller: Caller, now: datetime, rules: Rules) -> str:
    if "reviewer" not in caller.roles:
        return _NO_REVIEWER
    return why_not_decider(read, find_decision(read, check_id), caller, now, rules)
