"""Geometry of the overview's pictures: columns over time, bars, and a share with its interval.

As in ``charts``, places are per cent of a picture, which stretches with the page, and no picture says what its table
does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.decisions.overview import Rate
from service.texts.dates import number

# Width that columns leave free between them, as a share of what each has.
_GAP = 0.25
# The least height of what is not nothing, so that one among thousands is seen.
_LEAST = 1.5


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a column: the kind gives its colour."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of stacked parts.

    Attributes
    ----------
    top : str
        What the highest that is drawn stands for.
    first, last : str
        What the first and the last column stand for.
    limit : float or None
        How far below the top a limit lies.
    """

    parts: tuple[Part, ...]
    top: str
    first: str
    last: str
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its words: its length is of a whole of 100."""

    label: str
    kind: str
    length: float
    words: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A share and what is believable of it, in per cent of a scale from 0 to ``top``."""

    low: float
    high: float
    at: float
    top: str


def columns(
    names: Sequence[str],
    stacks: Sequence[Sequence[float]],
    kinds: Sequence[str],
    *,
    top: str = "",
    limit: float | None = None,
) -> Columns:
    """Return one column for each name, its values stacked from below in the order of ``kinds``.

    Parameters
    ----------
    top : str
        Words for the largest value; by default its count.
    limit : float, optional
        A value at which a line is drawn; the picture reaches above it.

    Examples
    --------
    >>> [part.height for part in columns(["Mon", "Tue"], [[3, 1], [2, 0]], ["a", "b"]).parts]
    [75.0, 25.0, 50.0]
    """
    largest = max([sum(stack) for stack in stacks] + ([limit * 1.2] if limit else []), default=0.0) or 1.0
    each = 100 / max(len(stacks), 1)
    parts: list[Part] = []
    for place, stack in enumerate(stacks):
        y = 100.0
        for kind, value in zip(kinds, stack, strict=True):
            if value:
                height = max(100 * value / largest, _LEAST)
                y -= height
                x = each * (place + _GAP / 2)
                parts.append(Part(kind, round(x, 2), round(y, 2), round(each * (1 - _GAP), 2), round(height, 2)))
    line = None if limit is None else round(100 - 100 * limit / largest, 2)
    first, last = (names[0], names[-1]) if names else ("", "")
    return Columns(tuple(parts), top or number(round(largest)), first, last, line)


def bars(names: Sequence[str], counts: Sequence[int], kind: str) -> tuple[Bar, ...]:
    """Return one bar for each count, the largest fills the width."""
    largest = max([*counts, 1])
    return tuple(
        Bar(name, kind, round(100 * count / largest, 2), number(count))
        for name, count in zip(names, counts, strict=True)
    )


# Where the scale of a share may end: the first that its interval fits into.
_ENDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)


def interval(rate: Rate, *, whole: bool = False) -> Interval | None:
    """Return a share and its interval on a scale that both fit into; ``None`` where nothing was counted.

    Parameters
    ----------
    whole : bool
        Whether the scale goes to 100 % whatever fits, so that several compare.

    Examples
    --------
    >>> interval(Rate(1, 100))
    Interval(low=0.25, high=54.46, at=10.0, top='10 %')
    """
    if rate.interval is None or rate.share is None:
        return None
    low, high = rate.interval
    end = 1.0 if whole else next(end for end in _ENDS if high <= end)
    return Interval(
        round(100 * low / end, 2), round(100 * high / end, 2), round(100 * rate.share / end, 2), f"{100 * end:g} %"
    )
