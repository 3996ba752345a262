"""How long something is, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from service.texts.wording import Message, gettext, ngettext

_UNITS = (("day", 24 * 60), ("hour", 60), ("minute", 1))
_LONG: Mapping[str, Callable[[int], str]] = {
    "day": lambda count: ngettext("%(num)s day", "%(num)s days", count),
    "hour": lambda count: ngettext("%(num)s hour", "%(num)s hours", count),
    "minute": lambda count: ngettext("%(num)s minute", "%(num)s minutes", count),
}
_SHORT = {"day": Message("%(count)s d"), "hour": Message("%(count)s h"), "minute": Message("%(count)s min")}


def span(time: timedelta) -> str:
    """Return how long something is, as people say it.

    Examples
    --------
    >>> span(timedelta(minutes=1)), span(timedelta(hours=5)), span(timedelta(days=3)), span(timedelta(seconds=4))
    ('1 minute', '5 hours', '3 days', 'less than a minute')
    """
    count, unit = _counted(time)
    return _LONG[unit](count) if count else gettext("less than a minute")


def short_span(time: timedelta) -> str:
    """Return how long something is, for a narrow column.

    Examples
    --------
    >>> short_span(timedelta(minutes=1)), short_span(timedelta(hours=5)), short_span(timedelta(days=3))
    ('1 min', '5 h', '3 d')
    """
    count, unit = _counted(time)
    return gettext(_SHORT[unit], count=count) if count else gettext("< 1 min")


def _counted(time: timedelta) -> tuple[int, str]:
    """Return a count and its unit, two of the larger unit at least: 119 minutes are no hour."""
    minutes = int(time.total_seconds() // 60)
    for unit, size in _UNITS:
        if minutes >= size * (2 if size > 1 else 1):
            return minutes // size, unit
    return 0, "minute"
