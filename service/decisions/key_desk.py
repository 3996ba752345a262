"""Where admins see who may do what, and change it."""

from __future__ import annotations

import json
from datetime import datetime

from service.auth.api_keys import Caller, draw_key
from service.decisions import key_changes
from service.decisions.key_changes import KeyChange, NewKey
from service.decisions.ledger import Ledger
from service.decisions.recorded import Read
from service.decisions.roster import PersonLine, roster
from service.records.transaction import Idempotency
from service.schemas.reviews import ApprovalIn


class KeyDesk:
    """Shows and changes who may do what.

    Parameters
    ----------
    ledger : Ledger
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def roster(self) -> list[PersonLine]:
        """Return everybody who has, or had, a key."""
        return await self._ledger.read(roster)

    async def listed(self) -> list[KeyChange]:
        """Return the latest changes that take two admins, the newest first."""
        now, rules = self._ledger.clock(), self._ledger.rules
        return await self._ledger.read(lambda read: key_changes.listed(read, now=now, rules=rules))

    async def find(self, change_id: str, caller: Caller) -> tuple[KeyChange, str, str]:
        """Return a change, why this person cannot approve it, and why nobody can answer it."""

        def read(read_: Read) -> tuple[KeyChange, str, str]:
            now, rules = self._ledger.clock(), self._ledger.rules
            change = key_changes.find(read_, change_id, now=now, rules=rules)
            ends = caller.access_ends_at
            return change, *key_changes.why_not(read_, change, caller, ends, now=now, rules=rules)

        return await self._ledger.read(read)

    async def ask_key(self, wanted: NewKey, caller: Caller, idempotency: Idempotency | None) -> tuple[str, str]:
        """Ask for a key; return the change that waits, and the key: the only time that it is seen.

        Of a request that comes again the key is empty: what was drawn for the first one is kept nowhere.
        """
        drawn = draw_key()
        answer = await self._ledger.once(
            lambda transaction: key_changes.ask_key(transaction, wanted, drawn, caller, self._ledger.rules),
            caller,
            idempotency,
        )
        asked = json.loads(answer.body)
        return asked["change_id"], drawn.key if asked["new_key"] == drawn.id else ""

    async def set_access_end(
        self, whose: str, ends_at: datetime | None, reason: str, caller: Caller, idempotency: Idempotency | None
    ) -> str:
        """Have somebody's access end, or end later; return the change that waits, empty where nothing does."""
        answer = await self._ledger.once(
            lambda transaction: key_changes.set_access_end(
                transaction, whose, ends_at, reason, caller, self._ledger.rules
            ),
            caller,
            idempotency,
        )
        return str(json.loads(answer.body).get("change_id", ""))

    async def revoke(self, key_id: str, caller: Caller, idempotency: Idempotency | None) -> None:
        """Take a key out of force, for good."""
        await self._ledger.once(
            lambda transaction: key_changes.revoke(transaction, key_id, caller, self._ledger.rules), caller, idempotency
        )

    async def answer(self, change_id: str, given: ApprovalIn, caller: Caller, idempotency: Idempotency | None) -> None:
        """Record an admin's answer."""
        await self._ledger.once(
            lambda transaction: key_changes.answer(transaction, change_id, given, caller, self._ledger.rules),
            caller,
            idempotency,
        )
