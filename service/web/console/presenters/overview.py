"""What the overview says: each picture's finding as a sentence with its figures, its geometry, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.decisions.gate_signs import Gate
from service.decisions.overview import Overview, Period, Rate
from service.schemas.second_looks import AgreementOut, ErrorsOut
from service.texts.dates import dated, number, share_percent
from service.texts.wording import Message, Words, gettext, ngettext
from service.web.console.presenters.spans import span
from service.web.console.presenters.trend_charts import Bar, Columns, Interval, bars, columns, interval

PERIODS = Words({"24h": "24 hours", "7d": "7 days", "30d": "30 days"})
# What is counted together, as ``decisions.overview`` bounds it.
AGES = (
    Message("up to 1 hour"), Message("1 to 8 hours"), Message("8 to 24 hours"), Message("1 to 2 days"),
    Message("more than 2 days"),
)  # fmt: skip
WAITS = (
    Message("up to 15 minutes"), Message("15 to 60 minutes"), Message("1 to 4 hours"), Message("4 to 24 hours"),
    Message("more than 24 hours"),
)  # fmt: skip
# What the stacked columns are made of: the kind, which gives the colour, and the word.
_VERDICTS = Words({"cleared": "cleared", "needs_review": "needs review", "refused": "refused"})


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
    finding = ngettext(
        "%(count)s check: %(cleared)s cleared at once, %(review)s need review, %(refused)s refused",
        "%(count)s checks: %(cleared)s cleared at once, %(review)s need review, %(refused)s refused",
        found.checks,
        count=number(found.checks),
        cleared=cleared,
        review=review,
        refused=refused,
    )
    return Picture(
        "volumes",
        finding if found.checks else gettext("No checks in this period"),
        columns=columns(names, [counts for _, counts in found.volumes], list(_VERDICTS)) if found.checks else None,
        head=(gettext("Begins (UTC)"), *(word.capitalize() for word in _VERDICTS.values())),
        rows=tuple(
            (name, *(number(count) for count in counts)) for name, (_, counts) in zip(names, found.volumes, strict=True)
        ),
        legend=tuple(_VERDICTS.items()),
    )


def _waiting(found: Overview, now: datetime) -> Picture:
    waiting = found.waiting
    if waiting.oldest is None:
        return Picture("waiting", gettext("Nothing waits for reviewers"))
    finding = ngettext(
        "%(count)s check waits for reviewers now, the oldest for %(span)s",
        "%(count)s checks wait for reviewers now, the oldest for %(span)s",
        waiting.count,
        count=number(waiting.count),
        span=span(now - waiting.oldest),
    )
    if waiting.overdue:
        late = ngettext("%(count)s is overdue", "%(count)s are overdue", waiting.overdue, count=number(waiting.overdue))
        finding = f"{finding}; {late}"
    ages = tuple(map(gettext, AGES))
    return Picture(
        "waiting",
        finding,
        bars=bars(ages, waiting.ages, "needs_review"),
        head=(gettext("Waits"), gettext("Checks")),
        rows=_table(ages, waiting.ages),
    )


def _answers(found: Overview) -> Picture:
    total = sum(found.answered)
    if not total:
        return Picture("answers", gettext("No check of this period was answered by a reviewer"), note=_none(found))
    waits = tuple(map(gettext, WAITS))
    return Picture(
        "answers",
        gettext(
            "%(within)s of %(total)s answered checks had a first answer within an hour",
            within=number(sum(found.answered[:2])),
            total=number(total),
        ),
        note=f"{gettext(_FIRST_ANSWER)} {_left(found)}".rstrip(),
        bars=bars(waits, found.answered, "plain"),
        head=(gettext("First answer after"), gettext("Checks")),
        rows=_table(waits, found.answered),
    )


_FIRST_ANSWER = Message("From the check to the first reviewer's answer.")


def _none(found: Overview) -> str:
    if not found.unanswered:
        return ""
    return ngettext(
        "%(count)s check of the period has none yet.",
        "%(count)s checks of the period have none yet.",
        found.unanswered,
        count=number(found.unanswered),
    )


def _left(found: Overview) -> str:
    if not found.unanswered:
        return ""
    return ngettext(
        "%(count)s of the period has no answer yet.",
        "%(count)s of the period have no answer yet.",
        found.unanswered,
        count=number(found.unanswered),
    )


def _overturned(found: Overview) -> Picture:
    rate = found.overturned
    if not rate.of:
        return Picture("overturned", gettext("No appeal against an action was decided in this period"))
    return Picture(
        "overturned",
        ngettext(
            "%(count)s of %(all)s decided appeal overturned the action: %(share)s",
            "%(count)s of %(all)s decided appeals overturned the action: %(share)s",
            rate.of,
            **_rate(rate),
        ),
        note=f"{believed(rate)} {gettext('Actions that nobody appealed against are not in it.')}",
        interval=interval(rate),
        head=(gettext("Appeals"), gettext("Count")),
        rows=(
            (gettext("Upheld"), number(rate.of - rate.count)),
            (gettext("Overturned"), number(rate.count)),
            *_ends(rate),
        ),
    )


def _agreement(found: Overview) -> Picture:
    rate = found.agreed
    if not rate.of:
        return Picture("agreement", gettext("No check of this period was answered by two reviewers"))
    return Picture(
        "agreement",
        ngettext(
            "Two reviewers approved %(count)s of %(all)s check that two answered: %(share)s",
            "Two reviewers approved %(count)s of %(all)s checks that two answered: %(share)s",
            rate.of,
            **_rate(rate),
        ),
        note=f"{believed(rate)} {gettext(_SECOND_DECLINED)}",
        interval=interval(rate),
        head=(gettext("Answers"), gettext("Checks")),
        rows=(
            (gettext("Both approved"), number(rate.count)),
            (gettext("The second declined"), number(rate.of - rate.count)),
            *_ends(rate),
        ),
    )


_SECOND_DECLINED = Message("In the others the second declined. A first decline ends a check, so it is not counted.")


def _rate(rate: Rate) -> dict[str, str]:
    """Return a share and what it was counted of, for a sentence."""
    return {"count": number(rate.count), "all": number(rate.of), "share": share_percent(rate.share)}


def blind(agreement: AgreementOut, errors: ErrorsOut) -> Picture:
    """Return what second looks found: for those who may read their report."""
    rate = Rate(agreement.agreed, agreement.compared)
    kappa = "" if agreement.kappa is None else f", kappa {agreement.kappa:.2f}"
    finding = ngettext(
        "Second looks agreed with the first answer in %(count)s of %(all)s check",
        "Second looks agreed with the first answer in %(count)s of %(all)s checks",
        rate.of,
        **_rate(rate),
    )
    if not rate.of and not errors.judged:
        return Picture("blind", gettext("No second look was given in this period"))
    return Picture(
        "blind",
        f"{finding}{kappa}" if rate.of else gettext("No second look was compared with a first answer in this period"),
        note=_judged(errors) if errors.judged else gettext("No cleared or acted check was judged blind."),
        interval=interval(rate),
        head=(gettext("Second looks"), gettext("Checks")),
        rows=(
            (gettext("Compared"), number(rate.of)),
            (gettext("Agreed"), number(rate.count)),
            *_ends(rate),
            (gettext("Cleared or acted, judged blind"), number(errors.judged)),
            (gettext("Of these called genuine"), number(errors.genuine)),
        ),
    )


def _judged(errors: ErrorsOut) -> str:
    judged = {"count": number(errors.judged), "genuine": number(errors.genuine)}
    if errors.bound is None:
        return ngettext(
            "Of %(count)s cleared or acted check judged blind, %(genuine)s called genuine.",
            "Of %(count)s cleared or acted checks judged blind, %(genuine)s called genuine.",
            errors.judged,
            **judged,
        )
    return ngettext(
        "Of %(count)s cleared or acted check judged blind, %(genuine)s called genuine: with 95 %% confidence at most "
        "%(bound)s of all are.",
        "Of %(count)s cleared or acted checks judged blind, %(genuine)s called genuine: with 95 %% confidence at most "
        "%(bound)s of all are.",
        errors.judged,
        bound=share_percent(errors.bound),
        **judged,
    )


def gates_shown(gates: Sequence[Gate], *, now: datetime, limit: timedelta) -> Picture | None:
    """Return how long each gate has not called; ``None`` where no gate ever did."""
    if not gates:
        return None
    silent = [gate for gate in gates if now - gate.at > limit]
    if silent:
        finding = ngettext(
            "%(num)s gate of %(all)s stands still: %(names)s",
            "%(num)s gates of %(all)s stand still: %(names)s",
            len(silent),
            all=len(gates),
            names=", ".join(sorted({gate.name for gate in silent})),
        )
    else:
        finding = ngettext(
            "%(num)s gate called within %(span)s", "%(num)s gates called within %(span)s", len(gates), span=span(limit)
        )
    return Picture(
        "gates",
        finding,
        head=(gettext("Gate"), gettext("Last call"), gettext("Cases under way")),
        rows=tuple(
            (gate.name, gettext("%(span)s ago", span=span(now - gate.at)), number(gate.waiting)) for gate in gates
        ),
    )


def named(begin: datetime, period: Period) -> str:
    """Return what a column stands for: an hour or a day."""
    return dated(begin, "%-d %b, %H:00" if period.step < timedelta(days=1) else "%-d %b")


def believed(rate: Rate) -> str:
    """Return what is believable of a share, as a sentence; empty where nothing was counted."""
    if rate.interval is None:
        return ""
    return gettext("95 %% interval: %(interval)s.", interval=_interval(*rate.interval))


def _interval(low: float, high: float) -> str:
    return gettext("%(low)s to %(high)s", low=share_percent(low), high=share_percent(high))


def _ends(rate: Rate) -> tuple[tuple[str, str], ...]:
    return ((gettext("95 %% interval"), _interval(*rate.interval)),) if rate.interval else ()


def _table(names: Sequence[str], counts: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    return tuple((name, number(count)) for name, count in zip(names, counts, strict=True))
