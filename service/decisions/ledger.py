"""The ledger: how desks write and read what is recorded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from service.auth.api_keys import Caller
from service.decisions.recorded import Read
from service.limits import Rules
from service.records.transaction import Answer, Idempotency, Transaction

T = TypeVar("T")
Work = Callable[[Transaction], Answer]


class Commit(Protocol):
    """Does a unit of work in the name of a caller."""

    def __call__(self, work: Work, caller: Caller, idempotency: Idempotency | None = None) -> Awaitable[Answer]:
        """Return its answer once it is durable."""


class Reading(Protocol):
    """Reads what is recorded."""

    def __call__(self, work: Callable[[Read], T]) -> Awaitable[T]:
        """Return what the work found."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What every desk works with.

    Attributes
    ----------
    flight : callable
        Gives a context that refuses a second request with an idempotency key while the first is being answered.
    clock : callable
        Gives the time, aware.
    """

    commit: Commit
    read: Reading
    flight: Callable[[Caller, Idempotency | None], AbstractContextManager[None]]
    rules: Rules
    clock: Callable[[], datetime]

    async def once(self, work: Work, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Do a unit of work, once for an idempotency key."""
        with self.flight(caller, idempotency):
            return await self.commit(work, caller, idempotency)
