"""Alarms: what everybody must know while it lasts. A certificate was withdrawn, or a gate stands still.

Pages ask often, so what was found is believed for ``BELIEVED`` seconds. Whatever fails here is logged and changes
nothing: an alarm decides nothing, and a page without one is better than none.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from classifier.model_store import Withdrawal
from service.decisions.current_scorer import CurrentScorer
from service.decisions.gate_signs import Gate, GateDesk, known_gates
from service.decisions.recorded import reader
from service.monitoring.watcher import withdrawals
from service.records.database import translated
from service.records.tables import moment
from service.utils.traces import place

# Seconds for which what was found is believed.
BELIEVED = 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A tier whose certificate does not count any more.

    Attributes
    ----------
    at : datetime or None
        Since when; ``None`` where the log does not say.
    is_by_monitor : bool
        Whether the monitor did it, and not a person.
    """

    tier: str
    at: datetime | None
    is_by_monitor: bool


@dataclass(frozen=True, slots=True)
class Alarms:
    """What everybody must know now."""

    withdrawn: tuple[Withdrawn, ...] = ()
    silent: tuple[Gate, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.silent)


class AlarmDesk:
    """Knows the alarms.

    Parameters
    ----------
    current : CurrentScorer
        Whose certificates count, or do not.
    gates : GateDesk
    clock : callable
        Gives the time, aware.

    Attributes
    ----------
    known : Alarms
        What ``now`` found last.
    """

    def __init__(self, current: CurrentScorer, engine: Engine, gates: GateDesk, clock: Callable[[], datetime]) -> None:
        self._current = current
        self._engine = engine
        self._gates = gates
        self._clock = clock
        self.known = Alarms()
        self._looked = float("-inf")

    async def now(self) -> Alarms:
        """Return the alarms, as they were at most ``BELIEVED`` seconds ago."""
        if time.monotonic() - self._looked >= BELIEVED:
            self._looked = time.monotonic()  # first: who comes meanwhile does not look as well
            try:
                self.known = await asyncio.to_thread(self._look)
            except Exception as error:
                log.error("alarms could not be looked up: %s at %s", type(error).__name__, place(error))
        return self.known

    def _look(self) -> Alarms:
        scorer = self._current()
        with translated(), self._engine.connect() as connection:
            gates = known_gates(reader(connection))
        since = self._clock() - self._gates.limit
        return Alarms(
            tuple(self._withdrawn(scorer.model_id, scorer.withdrawn)),
            tuple(gate for gate in gates if gate.at < since),
        )

    def _withdrawn(self, model_id: str, tiers: Mapping[str, str]) -> list[Withdrawn]:
        """Return what is withdrawn of the model that serves: what the scorer goes by, with what the log knows of it."""
        if not tiers:
            return []
        known: dict[str, Withdrawal] = {}
        for one in withdrawals(self._engine, model_id):
            known.setdefault(one.tier, one)  # the first counts, as beside the model
        return [
            Withdrawn(
                tier,
                moment(known[tier].at) if tier in known else None,
                tier in known and known[tier].code == "bound_broken",
            )
            for tier in sorted(tiers)
        ]
