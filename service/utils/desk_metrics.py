"""Metrics of the desk and the gates: what waits for reviewers, how far they agree, when each gate last called.

Read from the records when asked, so the same for all workers; a restart forgets none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class DeskFigures(NamedTuple):
    """What is shown.

    Attributes
    ----------
    oldest_seconds : float
        How long the oldest check has waited; 0 where none waits.
    compared, agreed : int
        Checks of the last seven days that two people answered, and those that both approved.
    gates : mapping of str to (float, int)
        By a gate's name when the longest silent of that name last called, in seconds since 1970, and cases under way.
    """

    waiting: int
    overdue: int
    oldest_seconds: float
    compared: int
    agreed: int
    gates: Mapping[str, tuple[float, int]]


_GAUGES = (
    ("reviews_waiting", "waiting", "Checks that wait for reviewers."),
    ("reviews_overdue", "overdue", "Checks that wait for reviewers past their due time."),
    ("reviews_oldest_seconds", "oldest_seconds", "Seconds that the oldest of them has waited; 0 where none waits."),
    ("reviews_compared", "compared", "Checks of the last seven days that two reviewers answered."),
    ("reviews_agreed", "agreed", "Checks of the last seven days that two reviewers approved and none declined."),
)


class Desk(Collector):
    """Gives the figures of the desk.

    Parameters
    ----------
    read : callable
        Gives them as they are now.
    """

    def __init__(self, read: Callable[[], DeskFigures]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        found = self._read()
        for name, attribute, text in _GAUGES:
            yield GaugeMetricFamily(f"doublecheck_{name}", text, value=getattr(found, attribute))
        called = GaugeMetricFamily(
            "doublecheck_gate_last_call_timestamp_seconds", "When a gate last said that it works.", labels=["gate"]
        )
        cases = GaugeMetricFamily("doublecheck_gate_cases", "Cases under way at a gate, as it said.", labels=["gate"])
        for gate, (at, waiting) in found.gates.items():
            called.add_metric([gate], at)
            cases.add_metric([gate], waiting)
        yield called
        yield cases
