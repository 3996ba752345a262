"""Where reviewers record that somebody proved who they are, and end what such a proof found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from service.auth.api_keys import Caller
from service.decisions import proven
from service.decisions.check import read_aside
from service.decisions.current_scorer import CurrentScorer
from service.decisions.proven import FindingSearch
from service.decisions.recorded import Read
from service.decisions.registry_desk import Commit
from service.records.transaction import Answer, Idempotency
from service.schemas.findings import FindingEndIn, FindingIn, FindingOut, FindingPage


class ProvenDesk:
    """Makes, finds and ends findings.

    Parameters
    ----------
    commit, read : callable
        Do a unit of work, and read what is recorded.
    flight : callable
        Refuses a second request with an idempotency key while the first is being answered.
    """

    def __init__(
        self,
        current: CurrentScorer,
        commit: Commit,
        read: Callable[[Callable[[Read], Any]], Awaitable[Any]],
        flight: Callable[[Caller, Idempotency | None], AbstractContextManager[None]],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._current = current
        self._commit = commit
        self._read = read
        self._flight = flight
        self._clock = clock

    async def make(self, given: FindingIn, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Record that somebody proved who they are."""
        with self._flight(caller, idempotency):
            related = [(await read_aside(one.account, one.format, now=self._clock())).account for one in given.related]
            await asyncio.to_thread(self._current.look)
            registry = self._current().registry
            return await self._commit(
                lambda transaction: proven.make(transaction, given, related, registry, caller), caller, idempotency
            )

    async def end(
        self, finding_id: str, given: FindingEndIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """End a finding, or all of the same proof."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: proven.end(transaction, finding_id, given, caller), caller, idempotency
            )

    async def find(self, finding_id: str) -> FindingOut:
        """Return a finding."""
        found: FindingOut = await self._read(lambda read: proven.find(read, finding_id))
        return found

    async def search(self, wanted: FindingSearch) -> FindingPage:
        """Return the findings that fit."""
        found: FindingPage = await self._read(lambda read: proven.search(read, wanted))
        return found
