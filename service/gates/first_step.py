"""The first step at once: a request of the platform is answered with what the service says, if it says so in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

# Seconds that a request of the platform waits for the service's answer.
WITHIN = 2.0
# So many cases are decided at once; others that come in the meantime are decided by the worker.
_THREADS = 4


class Hands:
    """Which cases are being worked on: each by one thread at a time."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._freed = threading.Condition()

    @contextmanager
    def holding(self, ref: str, *, seconds: float = 0.0) -> Iterator[bool]:
        """Hold a case, waiting so many seconds for whoever holds it; whether that succeeded is what ``with`` gives.

        Examples
        --------
        >>> hands = Hands()
        >>> with hands.holding("report-7") as first, hands.holding("report-7") as second:
        ...     first, second
        (True, False)
        """
        with self._freed:
            held = self._freed.wait_for(lambda: ref not in self._held, seconds)
            if held:
                self._held.add(ref)
        try:
            yield held
        finally:
            if held:
                with self._freed:
                    self._held.discard(ref)
                    self._freed.notify_all()


class FirstStep:
    """Takes a case's first step in a thread, and waits for it no longer than a platform does.

    Parameters
    ----------
    step : callable
        Takes the first step of the case that it is given the ref of, as ``Worker.first_step`` does.
    """

    def __init__(self, step: Callable[[str, float], None], *, within: float = WITHIN) -> None:
        self._step, self._within = step, within
        self._pool = ThreadPoolExecutor(_THREADS, "first-step")

    def __call__(self, ref: str) -> None:
        """Return once the step is done or the time is up; in the book stands how far it came."""
        under_way = self._pool.submit(self._step, ref, self._within)
        with suppress(TimeoutError):
            under_way.result(self._within)
        under_way.cancel()  # what has not begun is the worker's

    def close(self) -> None:
        """Wait for what has begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)
