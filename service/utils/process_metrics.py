"""Metrics of the processes: which version runs, what is under way and what waits, connections of the database, starts.

Gauges add up over the workers that live; ``forget_process`` takes one that has died away.
"""

from __future__ import annotations

import os
import platform
from functools import cache
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import mark_process_dead

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)
# What is worked on together by a thread, with what waits for it (``microbatch``).
QUEUES = ("scoring", "commit")


@cache
def package_version() -> str:
    """Return the installed version; looked for once, because every look parses the distribution's metadata anew."""
    return version("doublecheck")


class ProcessMetrics:
    """What is counted of the processes.

    Parameters
    ----------
    registry : CollectorRegistry
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        build = Gauge(
            "doublecheck_build_info", "The version that runs: always 1.", ["version", "python"],
            registry=registry, multiprocess_mode="livemax",
        )  # fmt: skip
        build.labels(package_version(), platform.python_version()).set(1)
        self.starts = Counter("doublecheck_worker_starts", "Processes that began to answer.", registry=registry)
        self.under_way = Gauge(
            "doublecheck_requests_under_way", "Requests that are being answered.",
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self.connections = Gauge(
            "doublecheck_database_connections", "Connections of the database in use.",
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._waiting = Gauge(
            "doublecheck_queue_waiting", "What waits to be worked on, by the queue it waits in.", ["queue"],
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._waited = Histogram(
            "doublecheck_queue_seconds", "Seconds that it waited.", ["queue"], registry=registry, buckets=_SECONDS
        )
        for queue in QUEUES:
            self._waiting.labels(queue)
            self._waited.labels(queue)

    def waits(self, queue: str, waited: float | None, count: int) -> None:
        """Note how much waits in a queue; and where something was taken, the seconds that the oldest of it waited."""
        if waited is not None:
            self._waited.labels(queue).observe(waited)
        self._waiting.labels(queue).set(count)


def forget_process(process: int) -> None:
    """Count no more what a process had under way that has died."""
    if MULTIPROCESS in os.environ:
        mark_process_dead(process)  # type: ignore[no-untyped-call]
