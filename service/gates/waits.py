"""How long a gate waits before it tries a step again that failed."""

from __future__ import annotations

import random

# Seconds before a step that failed is tried again: the first wait, which doubles, and the longest.
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0


def backoff(tries: int, seconds: float | None = None) -> float:
    """Return the seconds to wait after so many failures before this one; ``seconds`` if the other side asked for more.

    Examples
    --------
    >>> 0.5 <= backoff(0) <= 1.0
    True
    >>> backoff(0, 7.0)
    7.0
    """
    drawn = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(tries, 20)) * random.uniform(0.5, 1.0)  # noqa: S311
    return max(seconds or 0.0, drawn)
