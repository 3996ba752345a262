"""Geometry of the small pictures: scales, the evidence's bars, and the probability against its threshold.

Places are per cent of a picture's width, so that a picture stretches with the page and its words do not. Nothing here
is said by a picture alone: each has its words.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from classifier.accounts.account import Account, ProtectedAccount
from classifier.scoring.assessment import KIND_WORDS
from service.schemas.checks import CheckResponse, EvidenceOut
from service.texts.dates import number, percent
from service.texts.recorded import recorded
from service.texts.wording import Message, gettext, ngettext
from service.web.console.presenters.findings import finding, measured
from service.web.console.presenters.sentences import without_strongest

Side = Literal["reported", "protected"]
MARGIN = 4.0  # per cent left free at both ends, so that a marker at an end is drawn whole
LARGEST_AUDIENCE = 9  # powers of ten; no account has as many
SMALLEST_SCALE = 6
YEAR = 365.25
# Log-odds that fill half of a bar: e^6 is odds of 400 to 1, beyond which nobody reads a difference.
FULL_BAR = 6.0
SHOWN_BARS = 8  # what decides is among the weightiest; the rest is folded away
SHOWN_VALUE = 160  # characters of a compared value
_PDQ = re.compile(r"[0-9a-f]{64}")
CERTAINTY = 0.9999  # where the scale of probabilities ends, on both sides


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across a scale; a label only where there is room for one."""

    place: float
    label: str = ""
    anchor: Literal["start", "middle", "end"] = "middle"


@dataclass(frozen=True, slots=True)
class Marker:
    """One account on a scale: where, and its value in words; no place where it is unknown."""

    side: Side
    place: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Both accounts on one scale."""

    name: str
    ticks: tuple[Tick, ...]
    markers: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of evidence with its bar: start and width in per cent, the middle is no contribution.

    ``finding`` is what it says in a sentence, ``measured`` what its number is. ``reported`` and ``protected`` are what
    was compared, shortened; ``is_cut`` says that the bar is, too.
    """

    item: EvidenceOut
    finding: str
    measured: str
    reported: str
    protected: str
    side: Literal["for", "against", "neither"]
    start: float
    width: float
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The evidence, the weightiest first, and what it adds up to in words, by kind of evidence and in all."""

    bars: tuple[Bar, ...]
    more: tuple[Bar, ...]
    kinds: str
    total: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """The probability on a scale stretched towards its ends, and the threshold where there is one."""

    ticks: tuple[Tick, ...]
    place: float
    threshold: float | None
    words: str


# --- audiences and ages ----------------------------------------------------------------------------------------------


def audiences(account: Account, target: ProtectedAccount | None) -> Scale:
    """Return how many people follow either account, on a scale of powers of ten."""
    counts: list[tuple[Side, int | None]] = [("reported", account.followers)]
    if target:
        counts.append(("protected", target.followers))
    largest = max((count for _, count in counts if count is not None), default=0)
    top = min(LARGEST_AUDIENCE, max(SMALLEST_SCALE, math.ceil(math.log10(largest + 1))))
    ticks = [_tick(power / top, _short(power) if power % 2 == 0 or power == top else "") for power in range(top + 1)]
    if top % 2:  # two labels next to each other would run into one another
        ticks[top - 1] = _tick((top - 1) / top, "")
    markers = (
        Marker(side, None if count is None else _inner(math.log10(count + 1) / top), _audience(count))
        for side, count in counts
    )
    return Scale(gettext("Followers"), tuple(ticks), tuple(markers))


def _audience(count: int | None) -> str:
    if count is None:
        return gettext("unknown")
    return ngettext("%(count)s follower", "%(count)s followers", count, count=number(count))


def _short(power: int) -> str:
    unit = ("", "k", "M", "bn")[power // 3]
    return "0" if power == 0 else f"{10 ** (power % 3)}{unit}"


_AGES = (
    (1.0, Message("1 day")), (7.0, Message("")), (30.0, Message("1 month")), (YEAR, Message("1 year")),
    (5 * YEAR, Message("")), (20 * YEAR, Message("20 years")),
)  # fmt: skip


def ages(account: Account, target: ProtectedAccount | None, *, at: datetime) -> Scale:
    """Return how old either account was at a time, on a scale from a day to 20 years."""
    created: list[tuple[Side, datetime | None]] = [("reported", account.created_at)]
    if target:
        created.append(("protected", target.created_at))
    ticks = tuple(_tick(_age_share(days), gettext(label)) for days, label in _AGES)
    return Scale(gettext("Age"), ticks, tuple(_aged(side, born, at) for side, born in created))


def _aged(side: Side, born: datetime | None, at: datetime) -> Marker:
    if born is None:
        return Marker(side, None, gettext("unknown"))
    age = max(at - born, timedelta())
    words = gettext("%(age)s, since %(day)s", age=age_in_words(age), day=f"{born:%Y-%m-%d}")
    return Marker(side, _inner(_age_share(age / timedelta(days=1))), words)


def _age_share(days: float) -> float:
    return math.log(max(days, 1.0)) / math.log(20 * YEAR)


def age_in_words(age: timedelta) -> str:
    """Return an age in the largest unit of which it is two or more, rounded down.

    Examples
    --------
    >>> age_in_words(timedelta(hours=30)), age_in_words(timedelta(days=45)), age_in_words(timedelta(days=5500))
    ('1 day', '45 days', '15 years')
    """
    days = age.days
    if days >= 2 * YEAR:
        return ngettext("%(num)s year", "%(num)s years", int(days / YEAR))
    if days >= 60:
        return ngettext("%(num)s month", "%(num)s months", int(days / (YEAR / 12)))
    return ngettext("%(num)s day", "%(num)s days", days) if days else gettext("less than a day")


# --- evidence --------------------------------------------------------------------------------------------------------


def chart(response: CheckResponse) -> Chart:
    """Return the evidence as bars to either side."""
    target = response.target.handle if response.target else ""
    bars = [_bar(item, target) for item in sorted(response.evidence, key=lambda item: -abs(item.contribution))]
    total = _total(response) if bars else ""
    return Chart(tuple(bars[:SHOWN_BARS]), tuple(bars[SHOWN_BARS:]), _by_kind(response.evidence), total)


def _by_kind(evidence: Sequence[EvidenceOut]) -> str:
    """Say what each kind of evidence adds up to, the weightiest first: no clearance rests on a single kind."""
    sums: defaultdict[str, float] = defaultdict(float)
    for item in evidence:
        if item.kind is not None:
            sums[item.kind] += item.contribution
    ranked = sorted(sums.items(), key=lambda one: -abs(one[1]))
    each = ", ".join(f"{recorded(KIND_WORDS.get(kind, kind))} {added:+.2f}" for kind, added in ranked)
    return gettext("By kind: %(each)s.", each=each) if each else ""


def _bar(item: EvidenceOut, target: str) -> Bar:
    size = abs(item.contribution)
    reach = 50 * min(size, FULL_BAR) / FULL_BAR
    side: Literal["for", "against", "neither"] = "for" if item.contribution > 0 else "against"
    if size < 0.005:  # shown as 0.00
        side = "neither"
    start = round(50 - (reach if item.contribution < 0 else 0), 2)
    reported, protected = shortened(item.reported), shortened(item.protected)
    return Bar(
        item, finding(item, target), measured(item), reported, protected, side, start, round(reach, 2), size > FULL_BAR
    )


def shortened(text: str) -> str:
    """Return a text that fits a line or two, saying what is left out.

    Examples
    --------
    >>> shortened("x" * 5000)[-28:]
    'xx … (4,840 more characters)'
    """
    if _PDQ.fullmatch(text):
        return gettext("its picture")  # 64 digits that nobody reads; the fingerprints are drawn elsewhere
    rest = len(text) - SHOWN_VALUE
    if rest <= 0:
        return text
    more = ngettext("(%(count)s more character)", "(%(count)s more characters)", rest, count=number(rest))
    return f"{text[:SHOWN_VALUE]} … {more}"


def _total(response: CheckResponse) -> str:
    pro = math.fsum(item.contribution for item in response.evidence if item.contribution > 0)
    con = math.fsum(item.contribution for item in response.evidence if item.contribution < 0)
    probability = response.impersonation_probability
    # Of another relation the evidence and the probability may be of two different protected accounts.
    if response.relation != "impersonation" or not 0.0 < probability < 1.0:
        return gettext("For imitation %(pro)s, against it %(con)s.", pro=f"{pro:+.2f}", con=f"{con:+.2f}")
    total = _logit(probability)
    return gettext(
        "For imitation %(pro)s, against it %(con)s, and %(rest)s to begin with (how rare imitation is, and what is too "
        "small to show): together %(total)s, which is a probability of %(probability)s.",
        pro=f"{pro:+.2f}",
        con=f"{con:+.2f}",
        rest=f"{total - pro - con:+.2f}",
        total=f"{total:+.2f}",
        probability=percent(probability),
    )


# --- the threshold ---------------------------------------------------------------------------------------------------

_SHARES = ((0.001, ""), (0.01, "1 %"), (0.1, ""), (0.5, "50 %"), (0.9, ""), (0.99, "99 %"), (0.999, ""))


def gauge(response: CheckResponse) -> Gauge:
    """Return the clearing probability against the certified threshold: that is what they are compared by."""
    probability, certificate = response.compared, response.certificate
    ticks = tuple(_tick(_share(share), label, at_ends=False) for share, label in _SHARES)
    place = _inner(_share(probability))
    without = without_strongest(response)
    if certificate is None:
        words = gettext(
            "%(probability)s; no certified threshold to hold it against.",
            probability=f"{percent(probability)}{without}",
        )
        return Gauge(ticks, place, None, words)
    shown, limit = _told_apart(probability, certificate.in_force)
    found = {"probability": f"{shown}{without}", "limit": limit}
    if probability > certificate.in_force:
        words = gettext("%(probability)s is above the certified threshold of %(limit)s.", **found)
    else:
        words = gettext("%(probability)s is not above the certified threshold of %(limit)s.", **found)
    return Gauge(ticks, place, _inner(_share(certificate.in_force)), words)


def _told_apart(probability: float, threshold: float) -> tuple[str, str]:
    """Return both in per cent with as many digits as it takes to tell them apart, if six do."""
    both = [(percent(probability, digits), percent(threshold, digits)) for digits in range(1, 7)]
    return next((two for two in both if two[0] != two[1]), both[0])


def _share(probability: float) -> float:
    within = min(max(probability, 1 - CERTAINTY), CERTAINTY)
    return 0.5 + 0.5 * _logit(within) / _logit(CERTAINTY)


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _inner(share: float) -> float:
    """Return a share of the scale as a place within the margins."""
    return round(MARGIN + min(max(share, 0.0), 1.0) * (100 - 2 * MARGIN), 2)


def _tick(share: float, label: str, *, at_ends: bool = True) -> Tick:
    anchor: Literal["start", "middle", "end"] = "middle"
    if at_ends:
        anchor = "start" if share < 0.01 else "end" if share > 0.99 else "middle"
    return Tick(_inner(share), label, anchor)
