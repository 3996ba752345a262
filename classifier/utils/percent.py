"""Per cent for people: what is short of certain is never shown as 100 %, nor what may happen as 0 %."""

from __future__ import annotations


def percent(probability: float, digits: int = 1) -> str:
    """Return a probability in per cent; none is certain.

    Parameters
    ----------
    probability : float
        0 to 1.
    digits : int
        After the point.

    Examples
    --------
    >>> percent(0.9921), percent(0.99999), percent(0.0), percent(0.99999, 3)
    ('99.2 %', 'above 99.9 %', 'below 0.1 %', '99.999 %')
    """
    least = 10.0 ** -(digits + 2)
    if probability > 1 - least:
        return f"above {_rounded(1 - least, digits)}"
    return f"below {_rounded(least, digits)}" if probability < least else _rounded(probability, digits)


def share_percent(share: float | None) -> str:
    """Return a counted share in per cent, with two digits after the point at the ends; only all and nothing are 100, 0.

    Parameters
    ----------
    share : float or None
        0 to 1; ``None`` where nothing was counted.

    Examples
    --------
    >>> share_percent(0.8487), share_percent(0.0011), share_percent(0.0), share_percent(0.00001), share_percent(None)
    ('84.9 %', '0.11 %', '0 %', 'below 0.01 %', 'not measured')
    """
    if share is None:
        return "not measured"
    if share in {0.0, 1.0}:
        return f"{100 * share:.0f} %"
    if share < 0.0001 or share > 0.9999:
        return "below 0.01 %" if share < 0.5 else "above 99.99 %"
    digits = 2 if share < 0.01 or share > 0.99 else 1
    return _rounded(share, digits)


def _rounded(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f} %"
