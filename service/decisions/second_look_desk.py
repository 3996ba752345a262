"""Where people judge checks blind, and where admins and auditors read what came of it."""

from __future__ import annotations

from datetime import datetime

from service.auth.api_keys import Caller
from service.decisions import second_look_report, second_looks
from service.decisions.ledger import Ledger
from service.records.transaction import Answer, Idempotency
from service.schemas.second_looks import LookReport, SecondAnswerIn, SecondLookPage, SecondLookState


class SecondLookDesk:
    """Shows what was drawn, and takes second answers."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def search(self, caller: Caller, state: SecondLookState | None, limit: int) -> SecondLookPage:
        """Return checks that were drawn; for those who judge, the ones that they may judge now."""
        return await self._ledger.read(lambda read: second_looks.search(read, caller, state, limit))

    async def show(self, check_id: str, caller: Caller) -> Answer:
        """Show a check blind, and record that."""
        return await self._ledger.commit(lambda transaction: second_looks.show(transaction, check_id, caller), caller)

    async def answer(
        self, check_id: str, given: SecondAnswerIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Record a second answer."""
        return await self._ledger.once(
            lambda transaction: second_looks.answer(transaction, check_id, given, caller), caller, idempotency
        )

    async def report(self, begin: datetime, end: datetime) -> LookReport:
        """Return what second looks say of the checks that were drawn in a period."""
        return await self._ledger.read(lambda read: second_look_report.report(read, begin, end))
