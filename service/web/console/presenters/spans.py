"""How long something is, in words."""

from __future__ import annotations

from datetime import timedelta


def span(time: timedelta) -> str:
    """Return how long something is, as people say it.

    Examples
    --------
    >>> span(timedelta(minutes=1)), span(timedelta(hours=5)), span(timedelta(days=3)), span(timedelta(seconds=4))
    ('1 minute', '5 hours', '3 days', 'less than a minute')
    """
    minutes = int(time.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= size * (2 if unit != "minute" else 1):
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
