"""Where appeals come in and are decided."""

from __future__ import annotations

from service.auth.api_keys import Caller
from service.decisions import appeals
from service.decisions.appeal_docket import OnDocket, Opened, docket, opened
from service.decisions.appeal_queries import AppealSearch, appeal_detail, search
from service.decisions.ledger import Ledger
from service.records.transaction import Answer, Idempotency
from service.schemas.appeals import AppealDecisionIn, AppealDetail, AppealIn, AppealPage


class AppealDesk:
    """Receives, shows and decides appeals."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def receive(self, check_id: str, given: AppealIn, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Record that somebody complains."""
        rules = self._ledger.rules
        return await self._ledger.once(
            lambda transaction: appeals.receive(transaction, check_id, given, caller, rules), caller, idempotency
        )

    async def lift(self, appeal_id: str, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Lift an action until the appeal about it is decided."""
        return await self._ledger.once(
            lambda transaction: appeals.lift(transaction, appeal_id, caller), caller, idempotency
        )

    async def decide(
        self, appeal_id: str, given: AppealDecisionIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Decide an appeal."""
        rules = self._ledger.rules
        return await self._ledger.once(
            lambda transaction: appeals.decide(transaction, appeal_id, given, caller, rules), caller, idempotency
        )

    async def find(self, appeal_id: str, caller: Caller) -> AppealDetail:
        """Return an appeal as this person may see it."""
        return await self._ledger.read(lambda read: appeal_detail(read, appeal_id, caller, self._ledger.clock()))

    async def search(self, wanted: AppealSearch) -> AppealPage:
        """Return the appeals that fit."""
        return await self._ledger.read(lambda read: search(read, wanted, self._ledger.clock()))

    async def docket(self, caller: Caller) -> list[OnDocket]:
        """Return the appeals that nobody has decided, with which of them this person can decide."""
        clock, rules = self._ledger.clock, self._ledger.rules
        return await self._ledger.read(lambda read: docket(read, caller, clock(), rules))

    async def opened(self, appeal_id: str, caller: Caller) -> Opened:
        """Return an appeal with what this person may do about it."""
        clock, rules = self._ledger.clock, self._ledger.rules
        return await self._ledger.read(lambda read: opened(read, appeal_id, caller, clock(), rules))
