"""Metrics for Prometheus: counts and times, no names of anybody.

With several workers, each writes to files in ``PROMETHEUS_MULTIPROC_DIR``, and whichever is asked answers for all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.errors import RecordsError
from service.utils.desk_metrics import Desk, DeskFigures
from service.utils.process_metrics import MULTIPROCESS, ProcessMetrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# From a minute to three days: how long people take.
_ANSWERS = (60, 300, 900, 1_800, 3_600, 4 * 3_600, 8 * 3_600, 24 * 3_600, 48 * 3_600, 72 * 3_600)
_GROUPS = (1, 2, 4, 8, 16, 32, 64, 128)
_RELATIONS = ("is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target")
# The labels that counters have from the start.
CHECKS = tuple(product(("cleared", "needs_review", "refused"), _RELATIONS))
CLEARANCES = (("issued",), ("redeemed",), ("refused",), ("revoked",))
APPROVALS = (("approve",), ("decline",))


class Metrics:
    """What is counted while the service runs.

    Parameters
    ----------
    outcomes : callable
        Gives how many checks were upheld and overturned, from the records.
    holding : callable
        Gives which tiers' certificates hold.
    watched : callable
        Gives what the last run of watching logged, as ``watcher.last_run`` does.
    desk : callable
        Gives what waits and when gates last called, from the records.
    """

    def __init__(
        self,
        outcomes: Callable[[], Mapping[str, int]],
        holding: Callable[[], Mapping[str, bool]],
        watched: Callable[[], Mapping[str, Any] | None],
        desk: Callable[[], DeskFigures],
    ) -> None:
        self._registry = CollectorRegistry()
        self.process = ProcessMetrics(self._registry)
        self._outcomes = _Outcomes(outcomes)
        self._certificates = _Certificates(holding, watched)
        self._desk = Desk(desk)
        self.requests = self._counter("requests", "Requests answered.", "route", "method", "status")
        self.checks = self._counter("checks", "Decisions recorded.", "verdict", "relation")
        self.clearances = self._counter("clearances", "What became of clearances.", "event")
        self.approvals = self._counter("approvals", "Reviewers' answers.", "answer")
        for counter, known in ((self.checks, CHECKS), (self.clearances, CLEARANCES), (self.approvals, APPROVALS)):
            for labels in known:
                counter.labels(*labels)  # there from the start: what appears at 1 has not risen, to whoever watches
        self.monitor_failures = self._counter("monitor_failures", "Runs of watching the certificates that failed.")
        self.seconds = self._histogram("request_seconds", "Seconds a request took.", _SECONDS, "route")
        self.answers = self._histogram(
            "answer_seconds", "Seconds from a check to its first reviewer's answer.", _ANSWERS
        )
        self.commits = self._histogram("commit_seconds", "Seconds a commit took.", _SECONDS)
        self.groups = self._histogram("commit_units", "Units of work that shared a commit.", _GROUPS)
        self.protected = Gauge(
            "doublecheck_protected_accounts",
            "Accounts protected.",
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"doublecheck_{name}", text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"doublecheck_{name}", text, labels, registry=self._registry, buckets=buckets)

    def committed(self, units: int, seconds: float) -> None:
        """Count a commit."""
        self.groups.observe(units)
        self.commits.observe(seconds)

    def exposition(self) -> bytes:
        """Return all metrics in the text format; without those of the records while these cannot be read."""
        shared = CollectorRegistry()
        if MULTIPROCESS in os.environ:
            MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        else:
            shared = self._registry
        try:
            recorded = [generate_latest(one) for one in (self._outcomes, self._certificates, self._desk)]
        except RecordsError:
            recorded = []
        return b"".join((generate_latest(shared), generate_latest(_Database(is_up=bool(recorded))), *recorded))


class _Database(Collector):
    """Whether the records could be read just now."""

    def __init__(self, *, is_up: bool) -> None:
        self._is_up = is_up

    def collect(self) -> Iterator[Metric]:
        text = "Whether the database answers; 0: nothing is cleared."
        yield GaugeMetricFamily("doublecheck_database_up", text, value=float(self._is_up))


class _Outcomes(Collector):
    """Read from the records when asked: a restart forgets none."""

    def __init__(self, outcomes: Callable[[], Mapping[str, int]]) -> None:
        self._read = outcomes

    def collect(self) -> Iterator[Metric]:
        counts = self._read()
        family = GaugeMetricFamily("doublecheck_outcomes", "Checks by what an appeal found.", labels=["outcome"])
        for name, count in counts.items():
            family.add_metric([name], count)
        yield family
        total = sum(counts.values())
        rate = counts.get("overturned", 0) / total if total else float("nan")
        yield GaugeMetricFamily("doublecheck_overturn_rate", "Overturned among all that were appealed.", value=rate)


class _Certificates(Collector):
    """Whether certificates hold, and what the last run of watching found: from the log, the same for all workers."""

    def __init__(
        self, holding: Callable[[], Mapping[str, bool]], watched: Callable[[], Mapping[str, Any] | None]
    ) -> None:
        self._holding = holding
        self._watched = watched

    def collect(self) -> Iterator[Metric]:
        holds = GaugeMetricFamily(
            "doublecheck_certificate_holds",
            "Whether a tier's certificate holds; 0: nothing is cleared.",
            labels=["tier"],
        )
        for tier, is_holding in self._holding().items():
            holds.add_metric([tier], float(is_holding))
        yield holds
        found = self._watched()
        if found is not None:
            yield from _last_run(found)


def _last_run(found: Mapping[str, Any]) -> Iterator[Metric]:
    evidence = GaugeMetricFamily(
        "doublecheck_monitor_evidence", "Evidence against a tier's error bound; withdrawn at 20.", labels=["tier"]
    )
    for tier, figures in found["tiers"].items():
        evidence.add_metric([tier], figures.get("highest", float("nan")))
    yield evidence
    for name, text in (
        ("stability_index", "Largest population stability index of a quantity."),
        ("outside_share", "Share of decisions beyond what the certificates were measured on."),
        ("decisions", "Recent decisions that were looked at."),
    ):
        if found[name] is not None:
            yield GaugeMetricFamily(f"doublecheck_monitor_{name}", text, value=found[name])
    yield GaugeMetricFamily(
        "doublecheck_monitor_last_run_timestamp_seconds", "When it was last looked, to the end.", value=found["at"]
    )
