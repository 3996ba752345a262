"""Upkeep: what the service does by itself: it notes what is in force, forgets what is old, says whether it is ready."""

from __future__ import annotations

import asyncio
import json

from sqlalchemy import select, update

from classifier.accounts.account import Account
from classifier.errors import DoublecheckError, ModelError
from classifier.scoring.scorer import Scorer
from service.decisions import registry_steps
from service.decisions.check_service import CheckService
from service.decisions.erasure import erase_old
from service.decisions.instances import NOTES
from service.decisions.registry_desk import logged
from service.records.database import forget_overwritten
from service.records.pruning import FORGETTING
from service.records.tables import head, log
from service.records.transaction import Answer, Transaction

# Seconds between two batches of what is erased or forgotten: requests go first.
BETWEEN_BATCHES = 0.1


class Upkeep:
    """Keeps a service in order: called every so often, and by probes.

    Parameters
    ----------
    check_service : CheckService
        Whose database, registry and model it is.
    """

    def __init__(self, check_service: CheckService) -> None:
        self._service = check_service
        self._named: str | None = None

    async def note_versions(self) -> None:
        """Log which registry and model are in force, where the log does not say so yet, and note it for other homes."""
        scorer = self._service.current()
        self._service.metrics.protected.set(len(scorer.registry))
        rows = await self._service.read(lambda read: read(NOTES))
        trouble = await self._service.registry.follow(rows)
        scorer = self._service.current()
        if not self._service.instances.is_noted(rows, scorer):
            await asyncio.to_thread(self._service.current.look)  # another worker of this home may have changed it
            scorer = self._service.current()
            await self._service.do(lambda transaction: self._service.instances.note(transaction, scorer))
        self._service.instances.warn(rows, scorer, trouble)
        if _version(scorer) != self._named:
            await self._service.do(lambda transaction: _noted(transaction, scorer))
            self._named = _version(scorer)

    async def prune(self) -> int:
        """Forget what is kept for a day, old steps, and sessions that have ended; return in how many small batches."""
        await self._service.do(self._forget)
        batches = 0
        for forget in FORGETTING:
            while (await self._service.do(forget)).body:
                batches += 1
                await asyncio.sleep(BETWEEN_BATCHES)
        return batches

    def _forget(self, transaction: Transaction) -> Answer:
        self._service.sessions.forget(transaction)
        registry_steps.forget(transaction)
        return Answer("")

    async def erase_old(self) -> int:
        """Erase the texts of checks that are older than they are kept, in small batches; return how many batches."""
        batches = 0
        while (await self._service.do(lambda transaction: erase_old(transaction, self._service.rules))).body:
            batches += 1
            await asyncio.sleep(BETWEEN_BATCHES)
        if batches:
            await asyncio.to_thread(forget_overwritten, self._service.engine)
        return batches

    async def hide_known_cases(self) -> None:
        """Hide the known cases that are due in the queue."""
        await self._service.known_cases.hide_due(self._service.do)

    async def ready(self) -> Scorer:
        """Score an invented account and write to the database: what cannot do that is not ready."""
        scorer = self._service.current()
        try:
            await self._service.assess(Account(handle="readiness_probe"))
        except DoublecheckError:
            raise
        except Exception as error:
            raise ModelError(f"scoring fails with {type(error).__name__}") from error
        await self._service.do(lambda transaction: self._touch(transaction, scorer))
        return scorer

    def _touch(self, transaction: Transaction, scorer: Scorer) -> Answer:
        self._service.instances.require_together(transaction, scorer.registry.version, scorer.model_id)
        transaction.change(update(head).values(id=head.c.id))  # a real write: a full disk is no ready database
        return Answer("")


def _version(scorer: Scorer) -> str:
    return f"{scorer.registry.version} {scorer.model_id}"


def _noted(transaction: Transaction, scorer: Scorer) -> Answer:
    """Log what is in force, unless another worker has."""
    last = select(log.c.data).where(log.c.subject == "registry").order_by(log.c.seq.desc()).limit(1)
    said = [json.loads(row.data) for row in transaction.read(last)]
    if said and (said[0]["registry"], said[0]["model"]) == (scorer.registry.version, scorer.model_id):
        return Answer("")
    return logged(transaction, "in_force", scorer)
