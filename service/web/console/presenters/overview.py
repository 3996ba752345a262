"""What the overview says: each picture's finding as a sentence with its figures, its geometry, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from classifier.utils.percent import share_percent
from service.decisions.gate_signs import Gate
from service.decisions.overview import Overview, Period, Rate
from service.schemas.second_looks import AgreementOut, ErrorsOut
from service.web.console.presenters.sentences import count_of
from service.web.console.presenters.spans import span
from service.web.console.presenters.trend_charts import Bar, Columns, Interval, bars, columns, interval

PERIODS = {"24h": "24 hours", "7d": "7 days", "30d": "30 days"}
# What is counted together, as ``decisions.overview`` bounds it.
AGES = ("up to 1 hour", "1 to 8 hours", "8 to 24 hours", "1 to 2 days", "more than 2 days")
WAITS = ("up to 15 minutes", "15 to 60 minutes", "1 to 4 hours", "4 to 24 hours", "more than 24 hours")
# What the stacked columns are made of: the kind, which gives the colour, and the word.
_VERDICTS = {"cleared": "cleared", "needs_review": "needs review", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture.

    Attributes
    ----------
    finding : str
        What it shows, as a sentence: its heading.
    note : str
        What a reader must know of how it was counted.
    head, rows : tuple
        The same as a table; the first cell of a row is its name.
    legend : dict of str to str
        Words by kind, where there are several.
    """

    name: str
    finding: str
    note: str = ""
    columns: Columns | None = None
    bars: tuple[Bar, ...] = ()
    interval: Interval | None = None
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    legend: tuple[tuple[str, str], ...] = ()


def pictures(found: Overview, *, now: datetime) -> list[Picture]:
    """Return the pictures of what the database counted."""
    return [_volumes(found), _waiting(found, now), _answers(found), _overturned(found), _agreement(found)]


def _volumes(found: Overview) -> Picture:
    totals = [sum(counts[place] for _, counts in found.volumes) for place in range(len(_VERDICTS))]
    names = [named(begin, found.period) for begin, _ in found.volumes]
    cleared, review, refused = (share_percent(total / found.checks) if found.checks else "" for total in totals)
    finding = f"{count_of(found.checks, 'check')}: {cleared} cleared at once, {review} need review, {refused} refused"
    return Picture(
        "volumes",
        finding if found.checks else "No checks in this period",
        columns=columns(names, [counts for _, counts in found.volumes], list(_VERDICTS)) if found.checks else None,
        head=("Begins (UTC)", *(word.capitalize() for word in _VERDICTS.values())),
        rows=tuple(
            (name, *(f"{count:,}" for count in counts)) for name, (_, counts) in zip(names, found.volumes, strict=True)
        ),
        legend=tuple(_VERDICTS.items()),
    )


def _waiting(found: Overview, now: datetime) -> Picture:
    waiting = found.waiting
    if waiting.oldest is None:
        return Picture("waiting", "Nothing waits for reviewers")
    wait = "waits" if waiting.count == 1 else "wait"
    finding = (
        f"{count_of(waiting.count, 'check')} {wait} for reviewers now, the oldest for {span(now - waiting.oldest)}"
    )
    finding += f"; {waiting.overdue:,} {'is' if waiting.overdue == 1 else 'are'} overdue" if waiting.overdue else ""
    return Picture(
        "waiting",
        finding,
        bars=bars(AGES, waiting.ages, "needs_review"),
        head=("Waits", "Checks"),
        rows=_table(AGES, waiting.ages),
    )


def _answers(found: Overview) -> Picture:
    total = sum(found.answered)
    if not total:
        left = f" {count_of(found.unanswered, 'check')} of the period has none yet." if found.unanswered else ""
        return Picture("answers", "No check of this period was answered by a reviewer", note=left.strip())
    within = sum(found.answered[:2])
    left = f" {found.unanswered:,} of the period have no answer yet." if found.unanswered else ""
    return Picture(
        "answers",
        f"{within:,} of {total:,} answered checks had a first answer within an hour",
        note=f"From the check to the first reviewer's answer.{left}",
        bars=bars(WAITS, found.answered, "plain"),
        head=("First answer after", "Checks"),
        rows=_table(WAITS, found.answered),
    )


def _overturned(found: Overview) -> Picture:
    rate = found.overturned
    if not rate.of:
        return Picture("overturned", "No appeal against an action was decided in this period")
    return Picture(
        "overturned",
        f"{rate.count:,} of {count_of(rate.of, 'decided appeal')} overturned the action: {share_percent(rate.share)}",
        note=f"{believed(rate)} Actions that nobody appealed against are not in it.",
        interval=interval(rate),
        head=("Appeals", "Count"),
        rows=(("Upheld", f"{rate.of - rate.count:,}"), ("Overturned", f"{rate.count:,}"), *_ends(rate)),
    )


def _agreement(found: Overview) -> Picture:
    rate = found.agreed
    if not rate.of:
        return Picture("agreement", "No check of this period was answered by two reviewers")
    return Picture(
        "agreement",
        f"Two reviewers approved {rate.count:,} of {count_of(rate.of, 'check')} that two answered: "
        f"{share_percent(rate.share)}",
        note=f"{believed(rate)} In the others the second declined. A first decline ends a check, so it is not counted.",
        interval=interval(rate),
        head=("Answers", "Checks"),
        rows=(("Both approved", f"{rate.count:,}"), ("The second declined", f"{rate.of - rate.count:,}"), *_ends(rate)),
    )


def blind(agreement: AgreementOut, errors: ErrorsOut) -> Picture:
    """Return what second looks found: for those who may read their report."""
    rate = Rate(agreement.agreed, agreement.compared)
    kappa = "" if agreement.kappa is None else f", kappa {agreement.kappa:.2f}"
    finding = f"Second looks agreed with the first answer in {rate.count:,} of {count_of(rate.of, 'check')}{kappa}"
    if not rate.of and not errors.judged:
        return Picture("blind", "No second look was given in this period")
    bound = "" if errors.bound is None else f": with 95 % confidence at most {share_percent(errors.bound)} of all are"
    judged = f"Of {count_of(errors.judged, 'cleared or acted check')} judged blind, {errors.genuine:,} called genuine"
    return Picture(
        "blind",
        finding if rate.of else "No second look was compared with a first answer in this period",
        note=f"{judged}{bound}." if errors.judged else "No cleared or acted check was judged blind.",
        interval=interval(rate),
        head=("Second looks", "Checks"),
        rows=(
            ("Compared", f"{rate.of:,}"),
            ("Agreed", f"{rate.count:,}"),
            *_ends(rate),
            ("Cleared or acted, judged blind", f"{errors.judged:,}"),
            ("Of these called genuine", f"{errors.genuine:,}"),
        ),
    )


def gates_shown(gates: Sequence[Gate], *, now: datetime, limit: timedelta) -> Picture | None:
    """Return how long each gate has not called; ``None`` where no gate ever did."""
    if not gates:
        return None
    silent = [gate for gate in gates if now - gate.at > limit]
    works = f"{count_of(len(gates), 'gate')} called within {span(limit)}"
    still = f"{count_of(len(silent), 'gate')} of {len(gates)} stand{'s' if len(silent) == 1 else ''} still: "
    return Picture(
        "gates",
        f"{still}{', '.join(sorted({gate.name for gate in silent}))}" if silent else works,
        head=("Gate", "Last call", "Cases under way"),
        rows=tuple((gate.name, f"{span(now - gate.at)} ago", f"{gate.waiting:,}") for gate in gates),
    )


def named(begin: datetime, period: Period) -> str:
    """Return what a column stands for: an hour or a day."""
    return f"{begin:%-d %b, %H:00}" if period.step < timedelta(days=1) else f"{begin:%-d %b}"


def believed(rate: Rate) -> str:
    """Return what is believable of a share, as a sentence; empty where nothing was counted."""
    if rate.interval is None:
        return ""
    low, high = rate.interval
    return f"95 % interval: {share_percent(low)} to {share_percent(high)}."


def _ends(rate: Rate) -> tuple[tuple[str, str], ...]:
    return (("95 % interval", believed(rate).removeprefix("95 % interval: ").rstrip(".")),) if rate.of else ()


def _table(names: Sequence[str], counts: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, f"{count:,}") for name, count in zip(names, counts, strict=True))
