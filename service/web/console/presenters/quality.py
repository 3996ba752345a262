"""How reviewers answer, in words: a finding and a picture for each figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from service.decisions.overview import Rate
from service.decisions.reviewer_quality import Figure, QualitySpan, Reviewer
from service.texts.dates import number, share_percent
from service.texts.wording import Message, Words, gettext, ngettext
from service.web.console.presenters.overview import believed
from service.web.console.presenters.trend_charts import Interval, interval

SPANS: Mapping[QualitySpan, str] = Words({"30d": "30 days", "90d": "90 days", "365d": "a year"})
# What each figure is called, and what a reader must know of it.
FIGURES: Mapping[Figure, tuple[str, str]] = Words(
    {
        "known": (
            Message("Known cases answered right"),
            Message("Checks whose appeal was decided, asked again without saying so."),
        ),
        "agreed": (
            Message("Same answer as another reviewer"),
            Message("Checks that two people answered. A first decline ends a check, so it is not counted."),
        ),
        "blind": (
            Message("Same answer as a second look"),
            Message("Checks that somebody else judged without knowing the answer."),
        ),
        "overturned": (
            Message("Approved actions overturned on appeal"),
            Message("Actions that nobody appealed against are not in it."),
        ),
    }
)


class Shown(NamedTuple):
    """A figure of a reviewer as it is shown; without a picture where nothing was counted."""

    name: str
    says: str
    believed: str
    picture: Interval | None


def figures(one: Reviewer) -> list[Shown]:
    """Return the figures of a reviewer."""
    return [
        Shown(name, _says(one, figure), believed(rate), interval(rate, whole=True))
        for figure, (name, _) in FIGURES.items()
        for rate in (getattr(one, figure),)
    ]


def _says(one: Reviewer, figure: Figure) -> str:
    rate: Rate = getattr(one, figure)
    if not rate.of:
        return gettext("none yet")
    counted = {"count": number(rate.count), "all": number(rate.of), "share": share_percent(rate.share)}
    said = _COUNTED[figure](rate.of, counted)
    if figure != "known" or rate.count == rate.of:
        return said
    wrong = gettext(
        "wrongly approved %(approved)s, wrongly declined %(declined)s",
        approved=number(one.wrongly_approved),
        declined=number(one.wrongly_declined),
    )
    return f"{said}; {wrong}"


def _of_checks(number: int, counted: Mapping[str, str]) -> str:
    return ngettext(
        "%(count)s of %(all)s check, %(share)s", "%(count)s of %(all)s checks, %(share)s", number, **counted
    )


def _of_known(number: int, counted: Mapping[str, str]) -> str:
    return ngettext(
        "%(count)s of %(all)s known case, %(share)s", "%(count)s of %(all)s known cases, %(share)s", number, **counted
    )


def _of_appeals(number: int, counted: Mapping[str, str]) -> str:
    return ngettext(
        "%(count)s of %(all)s decided appeal, %(share)s",
        "%(count)s of %(all)s decided appeals, %(share)s",
        number,
        **counted,
    )


_COUNTED: Mapping[Figure, Callable[[int, Mapping[str, str]], str]] = {
    "known": _of_known,
    "agreed": _of_checks,
    "blind": _of_checks,
    "overturned": _of_appeals,
}
