"""What whoever asked for checks sees of them together, and does with one besides acting."""

from __future__ import annotations

from service.auth.api_keys import Caller
from service.decisions import withdrawal
from service.decisions.believed import Believed
from service.decisions.ledger import Ledger
from service.decisions.mine import Counted, Mine, mine
from service.records.transaction import Answer, Idempotency
from service.schemas.reviews import WithdrawIn


class AskerDesk:
    """Shows a person's checks, withdraws one, asks people about one."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._counted: Believed[Counted] = Believed()

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
        self._counted.keep(caller.actor, found.counted())
        return found

    async def counted(self, caller: Caller) -> Counted:
        """Return how many there are, as it was some seconds ago."""

        async def count() -> Counted:
            return (await self.mine(caller)).counted()

        return await self._counted.get(caller.actor, count)

    def forget(self, caller: Caller) -> None:
        """Count anew what this person has next: something is about to change."""
        self._counted.forget(caller.actor)
