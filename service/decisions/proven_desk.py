"""Where reviewers record that somebody proved who they are, and end what such a proof found."""

from __future__ import annotations

import asyncio

from service.auth.api_keys import Caller
from service.decisions import proven
from service.decisions.check import read_aside
from service.decisions.current_scorer import CurrentScorer
from service.decisions.ledger import Ledger
from service.decisions.proven import FindingSearch
from service.records.transaction import Answer, Idempotency
from service.schemas.findings import FindingEndIn, FindingIn, FindingOut, FindingPage


class ProvenDesk:
    """Makes, finds and ends findings."""

    def __init__(self, current: CurrentScorer, ledger: Ledger) -> None:
        self._current = current
        self._ledger = ledger

    async def make(self, given: FindingIn, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Record that somebody proved who they are."""
        now = self._ledger.clock()
        with self._ledger.flight(caller, idempotency):
            related = [(await read_aside(one.account, one.format, now=now)).account for one in given.related]
            await asyncio.to_thread(self._current.look)
            registry = self._current().registry
            return await self._ledger.commit(
                lambda transaction: proven.make(transaction, given, related, registry, caller), caller, idempotency
            )

    async def end(
        self, finding_id: str, given: FindingEndIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """End a finding, or all of the same proof."""
        return await self._ledger.once(
            lambda transaction: proven.end(transaction, finding_id, given, caller), caller, idempotency
        )

    async def find(self, finding_id: str) -> FindingOut:
        """Return a finding."""
        return await self._ledger.read(lambda read: proven.find(read, finding_id))

    async def search(self, wanted: FindingSearch) -> FindingPage:
        """Return the findings that fit."""
        return await self._ledger.read(lambda read: proven.search(read, wanted))
