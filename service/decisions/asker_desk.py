"""What whoever asked for checks sees of them together, and does with one besides acting."""

from __future__ import annotations

import time

from service.auth.api_keys import Caller
from service.decisions import withdrawal
from service.decisions.ledger import Ledger
from service.decisions.mine import Counted, Mine, mine
from service.records.transaction import Answer, Idempotency
from service.schemas.reviews import WithdrawIn

# Seconds for which the counters of the menu are believed: every page shows them.
BELIEVED = 5.0
# People whose counters are kept.
_PEOPLE = 1_000


class AskerDesk:
    """Shows a person's checks, withdraws one, asks people about one."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._counted: dict[str, tuple[float, Counted]] = {}

    async def withdraw(
        self, check_id: str, given: WithdrawIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Withdraw a check."""
        rules = self._ledger.rules
        return await self._ledger.once(
            lambda transaction: withdrawal.withdraw(transaction, check_id, given, caller, rules), caller, idempotency
        )

    async def ask(self, check_id: str, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Let a check that was held into the queue."""
        rules = self._ledger.rules
        return await self._ledger.once(
            lambda transaction: withdrawal.ask(transaction, check_id, caller, rules), caller, idempotency
        )

    async def mine(self, caller: Caller) -> Mine:
        """Return what this person asked for lately and has not acted on."""
        found = await self._ledger.read(
            lambda read: mine(read, caller, now=self._ledger.clock(), rules=self._ledger.rules)
        )
        if len(self._counted) >= _PEOPLE:
            self._counted.clear()
        self._counted[caller.actor] = time.monotonic(), found.counted()
        return found

    async def counted(self, caller: Caller) -> Counted:
        """Return how many there are, as it was at most ``BELIEVED`` seconds ago."""
        at, found = self._counted.get(caller.actor, (float("-inf"), None))
        if found is None or time.monotonic() - at >= BELIEVED:
            return (await self.mine(caller)).counted()
        return found

    def forget(self, caller: Caller) -> None:
        """Count anew what this person has next: something is about to change."""
        self._counted.pop(caller.actor, None)
