"""How long something is, in words."""

from __future__ import annotations

from datetime import timedelta

_UNITS = (("day", "d", 24 * 60), ("hour", "h", 60), ("minute", "min", 1))


def span(time: timedelta) -> str:
    """Return how long something is, as people say it.

    Examples
    --------
    >>> span(timedelta(minutes=1)), span(timedelta(hours=5)), span(timedelta(days=3)), span(timedelta(seconds=4))
    ('1 minute', '5 hours', '3 days', 'less than a minute')
    """
    count, unit, _ = _counted(time)
    return f"{count} {unit}{'' if count == 1 else 's'}" if count else "less than a minute"


def short_span(time: timedelta) -> str:
    """Return how long something is, for a narrow column.

    Examples
    --------
    >>> short_span(timedelta(minutes=1)), short_span(timedelta(hours=5)), short_span(timedelta(days=3))
    ('1 min', '5 h', '3 d')
    """
    count, _, unit = _counted(time)
    return f"{count} {unit}" if count else "< 1 min"


def _counted(time: timedelta) -> tuple[int, str, str]:
    """Return a count and its unit, two of the larger unit at least: 119 minutes are no hour."""
    minutes = int(time.total_seconds() // 60)
    for unit, short, size in _UNITS:
        if minutes >= size * (2 if size > 1 else 1):
            return minutes // size, unit, short
    return 0, "minute", "min"
