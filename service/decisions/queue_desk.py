"""Where reviewers work through what waits: they search it, claim checks, put them off, and look at several at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select

from service.auth.api_keys import Caller
from service.decisions import queue_marks, reviews
from service.decisions.ledger import Ledger
from service.decisions.queue_marks import MarkKind
from service.decisions.queue_search import QueuePage, QueueSearch, find_queue, next_ids
from service.decisions.recorded import Decision, Read
from service.decisions.review_queue import Waiting, seen_by
from service.decisions.reviews import why_not_reviewed
from service.records.tables import decisions
from service.records.transaction import Answer, Idempotency

# Of what can be claimed next, how many are tried: others may have claimed the first ones meanwhile.
TRIED = 10


class Done(NamedTuple):
    """What somebody did last with a check: "approve", "decline" or a mark."""

    handle: str
    what: str


class QueueDesk:
    """Searches the queue and records marks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def find(self, caller: Caller, wanted: QueueSearch) -> QueuePage:
        """Return what fits of the queue."""
        now, rules = self._ledger.clock(), self._ledger.rules
        return await self._ledger.read(lambda read: find_queue(read, caller, wanted, now=now, rules=rules))

    async def claim_next(
        self, caller: Caller, wanted: QueueSearch, idempotency: Idempotency | None, *, but: str = ""
    ) -> str:
        """Claim what comes next of the queue, and return its number; empty where nothing is left for this person.

        Parameters
        ----------
        but : str
            The check that was just put off.
        """
        page = await self.find(caller, wanted)
        rules = self._ledger.rules
        ids = [check_id for check_id in next_ids(page, caller) if check_id != but][:TRIED]
        if not ids:
            return ""
        answer = await self._ledger.once(
            lambda transaction: queue_marks.claim_first(transaction, ids, caller, rules), caller, idempotency
        )
        return answer.body

    async def mark(
        self, kind: MarkKind, check_id: str, caller: Caller, idempotency: Idempotency | None, note: str = ""
    ) -> Answer:
        """Record a mark."""
        rules = self._ledger.rules
        return await self._ledger.once(
            lambda transaction: queue_marks.mark(transaction, kind, check_id, caller, rules, note), caller, idempotency
        )

    async def several(self, check_ids: Sequence[str], caller: Caller) -> list[Waiting]:
        """Return some checks, but for unknown and erased ones, with why this person cannot answer them, if so."""
        now, rules = self._ledger.clock(), self._ledger.rules

        def read_(read: Read) -> list[Waiting]:
            found = seen_by(read, _find(read, check_ids), caller, now=now, rules=rules)
            return [_with_reason(read, item) for item in found]

        return await self._ledger.read(read_)

    async def show_several(self, check_ids: Sequence[str], caller: Caller) -> list[Waiting]:
        """Return the same for a page that shows their evidence. That this person is shown it is recorded first."""
        found = await self.several(check_ids, caller)
        await asyncio.gather(*(self._show(item.decision.row.id, caller) for item in found))
        return found

    async def _show(self, check_id: str, caller: Caller) -> None:
        await self._ledger.commit(lambda transaction: reviews.show(transaction, check_id, caller), caller)

    async def done(self, check_id: str, caller: Caller) -> Done | None:
        """Return what this person did last with a check, ``None`` where it is unknown, erased or nothing was done."""
        now, rules = self._ledger.clock(), self._ledger.rules

        def read_(read: Read) -> Done | None:
            found = seen_by(read, _find(read, [check_id]), caller, now=now, rules=rules)
            return _last(found[0], caller) if found else None

        return await self._ledger.read(read_)


def _find(read: Read, check_ids: Sequence[str]) -> list[Decision]:
    query = select(decisions).where(decisions.c.id.in_(check_ids), decisions.c.erased.is_(None))
    rows = {row.id: row for row in read(query)}
    return [Decision.of(rows[check_id]) for check_id in check_ids if check_id in rows]


def _with_reason(read: Read, item: Waiting) -> Waiting:
    return replace(item, why_not=why_not_reviewed(read, item.decision, item.review) or item.why_not)


def _last(item: Waiting, caller: Caller) -> Done | None:
    answers = [(one.row.seq, one.row.answer) for one in item.review.approvals if caller.is_called(one.row.actor)]
    marks = [(mark.seq, mark.kind) for mark in item.marks.all if caller.is_called(mark.actor)]
    last = max((*answers, *marks), default=None)
    return Done(item.account.handle, last[1]) if last else None
