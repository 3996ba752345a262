"""What the history is asked for: the fields of its form, and the search that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query

from service.decisions.history_search import period_of_part
from service.decisions.queries import Search
from service.texts.wording import Words
from service.web.api.dependencies import CurrentCheckService

_Word = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]
_Day = Literal[""] | date
_Verdict = Literal["", "cleared", "needs_review", "refused"]

# What the form calls its fields.
FIELDS: Words[str, str] = Words(
    {
        "handle": "Handle",
        "part": "Part of a handle",
        "platform": "Platform",
        "account_id": "Platform's id",
        "target": "Protected account",
        "actor": "Asked by",
        "person": "Asked or reviewed by",
        "since": "From (UTC)",
        "until": "To (UTC)",
        "verdict": "Verdict",
        "outcome": "Appeal",
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the history is asked for.

    Attributes
    ----------
    fields : mapping of str to str
        As the form has them.
    wanted : Search
    period : tuple of datetime, or None
        In which time a part of a handle is looked for.
    is_shortened : bool
        Whether that is not all that was asked for.
    """

    fields: Mapping[str, str]
    wanted: Search
    period: tuple[datetime, datetime] | None
    is_shortened: bool

    @property
    def given(self) -> dict[str, str]:
        """The fields that are filled in."""
        return {name: value for name, value in self.fields.items() if value}

    def address(self, path: str, **more: str) -> str:
        """Return the address of a page about the same checks."""
        query = urlencode(self.given | more)
        return f"{path}?{query}" if query else path


async def asked_of(
    check_service: CurrentCheckService,
    platform: _Word = "",
    handle: _Word = "",
    part: _Word = "",
    account_id: _Word = "",
    target: _Word = "",
    actor: _Word = "",
    person: _Word = "",
    verdict: _Verdict = "",
    outcome: Literal["", "upheld", "overturned"] = "",
    since: _Day = "",
    until: _Day = "",
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Asked:
    """Return what an address asks for; both days belong to the time."""
    words = {"platform": platform, "handle": handle, "part": part, "account_id": account_id, "target": target}
    words |= {"actor": actor, "person": person, "verdict": verdict, "outcome": outcome}
    words = {name: value.strip().removeprefix("@") for name, value in words.items()}
    given: dict[str, Any] = {name: value or None for name, value in words.items()}
    wanted = Search(**given, since=_begin(since), until=_end(until), before=before)
    fields = words | {"since": f"{since}", "until": f"{until}"}
    if wanted.part is None:
        return Asked(fields, wanted, None, is_shortened=False)
    period = period_of_part(wanted.since, wanted.until, check_service.clock())
    is_shortened = wanted.since is None or period[0] > wanted.since
    return Asked(fields, replace(wanted, since=period[0]), period, is_shortened)


CurrentAsked = Annotated[Asked, Depends(asked_of)]


def _begin(day: _Day) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _end(day: _Day) -> datetime | None:
    """Return the first moment after a day; the last day that there is has none."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) if day and day < date.max else None
