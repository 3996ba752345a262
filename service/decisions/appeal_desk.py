"""Where appeals come in and are decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from service.auth.api_keys import Caller
from service.decisions import appeals
from service.decisions.appeal_queries import AppealSearch, appeal_detail, search
from service.decisions.recorded import Read
from service.decisions.registry_desk import Commit
from service.limits import Rules
from service.records.transaction import Answer, Idempotency
from service.schemas.appeals import AppealDecisionIn, AppealDetail, AppealIn, AppealPage


class AppealDesk:
    """Receives, shows and decides appeals.

    Parameters
    ----------
    commit, read : callable
        Do a unit of work, and read what is recorded.
    flight : callable
        Refuses a second request with an idempotency key while the first is being answered.
    """

    def __init__(
        self,
        rules: Rules,
        commit: Commit,
        read: Callable[[Callable[[Read], Any]], Awaitable[Any]],
        flight: Callable[[Caller, Idempotency | None], AbstractContextManager[None]],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._rules = rules
        self._commit = commit
        self._read = read
        self._flight = flight
        self._clock = clock

    async def receive(self, check_id: str, given: AppealIn, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Record that somebody complains."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: appeals.receive(transaction, check_id, given, caller, self._rules),
                caller,
                idempotency,
            )

    async def lift(self, appeal_id: str, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Lift an action until the appeal about it is decided."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: appeals.lift(transaction, appeal_id, caller), caller, idempotency
            )

    async def decide(
        self, appeal_id: str, given: AppealDecisionIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Decide an appeal."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: appeals.decide(transaction, appeal_id, given, caller, self._rules),
                caller,
                idempotency,
            )

    async def find(self, appeal_id: str, caller: Caller) -> AppealDetail:
        """Return an appeal as this person may see it."""
        found: AppealDetail = await self._read(lambda read: appeal_detail(read, appeal_id, caller, self._clock()))
        return found

    async def search(self, wanted: AppealSearch) -> AppealPage:
        """Return the appeals that fit."""
        found: AppealPage = await self._read(lambda read: search(read, wanted, self._clock()))
        return found
