"""Where people judge checks blind, and where admins and auditors read what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from service.auth.api_keys import Caller
from service.decisions import second_look_report, second_looks
from service.decisions.recorded import Read
from service.decisions.registry_desk import Commit
from service.records.transaction import Answer, Idempotency
from service.schemas.second_looks import LookReport, SecondAnswerIn, SecondLookPage, SecondLookState


class SecondLookDesk:
    """Shows what was drawn, and takes second answers.

    Parameters
    ----------
    commit, read : callable
        Do a unit of work, and read what is recorded.
    flight : callable
        Refuses a second request with an idempotency key while the first is being answered.
    """

    def __init__(
        self,
        commit: Commit,
        read: Callable[[Callable[[Read], Any]], Awaitable[Any]],
        flight: Callable[[Caller, Idempotency | None], AbstractContextManager[None]],
    ) -> None:
        self._commit = commit
        self._read = read
        self._flight = flight

    async def search(self, caller: Caller, state: SecondLookState | None, limit: int) -> SecondLookPage:
        """Return checks that were drawn; for those who judge, the ones that they may judge now."""
        found: SecondLookPage = await self._read(lambda read: second_looks.search(read, caller, state, limit))
        return found

    async def show(self, check_id: str, caller: Caller) -> Answer:
        """Show a check blind, and record that."""
        return await self._commit(lambda transaction: second_looks.show(transaction, check_id, caller), caller)

    async def answer(
        self, check_id: str, given: SecondAnswerIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Record a second answer."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: second_looks.answer(transaction, check_id, given, caller), caller, idempotency
            )

    async def report(self, begin: datetime, end: datetime) -> LookReport:
        """Return what second looks say of the checks that were drawn in a period."""
        found: LookReport = await self._read(lambda read: second_look_report.report(read, begin, end))
        return found
