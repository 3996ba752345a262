"""How reviewers answer, in words: a finding and a picture for each figure."""

from __future__ import annotations

from typing import NamedTuple

from classifier.utils.percent import share_percent
from service.decisions.overview import Rate
from service.decisions.reviewer_quality import Figure, QualitySpan, Reviewer
from service.web.console.presenters.overview import believed
from service.web.console.presenters.sentences import count_of
from service.web.console.presenters.trend_charts import Interval, interval

SPANS: dict[QualitySpan, str] = {"30d": "30 days", "90d": "90 days", "365d": "a year"}
# What each figure is called, what is counted, and what a reader must know of it.
FIGURES: dict[Figure, tuple[str, str, str]] = {
    "known": (
        "Known cases answered right",
        "known case",
        "Checks whose appeal was decided, asked again without saying so.",
    ),
    "agreed": (
        "Same answer as another reviewer",
        "check",
        "Checks that two people answered. A first decline ends a check, so it is not counted.",
    ),
    "blind": (
        "Same answer as a second look",
        "check",
        "Checks that somebody else judged without knowing the answer.",
    ),
    "overturned": (
        "Approved actions overturned on appeal",
        "decided appeal",
        "Actions that nobody appealed against are not in it.",
    ),
}


class Shown(NamedTuple):
    """A figure of a reviewer as it is shown; without a picture where nothing was counted."""

    name: str
    says: str
    believed: str
    picture: Interval | None


def figures(one: Reviewer) -> list[Shown]:
    """Return the figures of a reviewer."""
    return [
        Shown(name, _says(one, figure, counted), believed(rate), interval(rate, whole=True))
        for figure, (name, counted, _) in FIGURES.items()
        for rate in (getattr(one, figure),)
    ]


def _says(one: Reviewer, figure: Figure, counted: str) -> str:
    rate: Rate = getattr(one, figure)
    if not rate.of:
        return "none yet"
    wrong = ""
    if figure == "known" and rate.count < rate.of:
        wrong = f"; wrongly approved {one.wrongly_approved:,}, wrongly declined {one.wrongly_declined:,}"
    return f"{rate.count:,} of {count_of(rate.of, counted)}, {share_percent(rate.share)}{wrong}"
