"""Where an admin sees how many changes wait for an answer."""

from __future__ import annotations

from service.auth.api_keys import Caller
from service.decisions import second_admin
from service.decisions.believed import Believed
from service.decisions.ledger import Ledger
from service.decisions.second_admin import Waits


class SecondAdminDesk:
    """Counts what waits for an admin."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._counted: Believed[Waits] = Believed()

    async def waits(self, caller: Caller) -> Waits:
        """Return how many changes wait for this admin, as it was some seconds ago."""

        async def count() -> Waits:
            now, rules = self._ledger.clock(), self._ledger.rules
            return await self._ledger.read(lambda read: second_admin.waits(read, caller, now=now, rules=rules))

        return await self._counted.get(caller.actor, count)

    def forget(self, caller: Caller) -> None:
        """Count anew next: something is about to change."""
        self._counted.forget(caller.actor)
