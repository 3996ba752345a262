"""Counters of the menu, which every page shows: counted anew after some seconds only."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
# Seconds for which a counter is believed.
BELIEVED = 5.0
# People whose counters are kept.
_PEOPLE = 1_000


class Believed(Generic[T]):
    """What was counted for each person lately."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, T]] = {}

    async def get(self, who: str, count: Callable[[], Awaitable[T]]) -> T:
        """Return what was counted for a person at most ``BELIEVED`` seconds ago; count it where nothing was."""
        at, found = self._kept.get(who, (float("-inf"), None))
        if found is None or time.monotonic() - at >= BELIEVED:
            return self.keep(who, await count())
        return found

    def keep(self, who: str, found: T) -> T:
        """Keep what was just counted."""
        if len(self._kept) >= _PEOPLE:
            self._kept.clear()
        self._kept[who] = time.monotonic(), found
        return found

    def forget(self, who: str) -> None:
        """Count anew what this person has next: something is about to change."""
        self._kept.pop(who, None)
