"""Where auditors take things away: a history that was searched, and one check with all that proves it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Engine

from classifier.model_store import ModelStore
from service.auth.api_keys import Caller
from service.decisions import downloads, second_looks
from service.decisions.case_file import Step, steps
from service.decisions.downloads import Download
from service.decisions.ledger import Ledger
from service.decisions.queries import Search, search_rows
from service.decisions.recorded import Decision, Read
from service.decisions.replay import export
from service.errors import ForbiddenError
from service.records.database import translated
from service.signing import Signer, public_pem


class HistoryPage(NamedTuple):
    """Checks with what happened to each, as far as a person may know, and where the next page begins."""

    checks: list[tuple[Decision, list[Step]]]
    next: int | None


class AuditDesk:
    """Reads histories, and makes bundles."""

    def __init__(self, engine: Engine, signer: Signer, ledger: Ledger) -> None:
        self._engine = engine
        self._signer = signer
        self._ledger = ledger

    async def history(self, wanted: Search, caller: Caller) -> HistoryPage:
        """Return the checks that fit with what happened to them."""

        def read(read_: Read) -> HistoryPage:
            found = search_rows(read_, wanted, caller)
            happened = steps(read_, [row.id for row in found.rows], caller)
            return HistoryPage([(one, happened[one.row.id]) for one in found.decisions()], found.next)

        return await self._ledger.read(read)

    async def note(self, subject: str, file: str, caller: Caller, searched: Iterable[str] | None = None) -> None:
        """Record that somebody gets a file, before it is sent."""
        await self._ledger.commit(
            lambda transaction: downloads.record(transaction, subject, file, caller, searched), caller
        )

    async def noted(self, caller: Caller) -> list[Download]:
        """Return who took histories away lately, for admins and auditors."""
        return await self._ledger.read(downloads.of_histories) if caller.roles & downloads.READERS else []

    async def bundle(self, check_id: str, caller: Caller, models: ModelStore) -> dict[str, Any]:
        """Return a check with everything to replay and to prove it: also what those may not know who ask or review.

        Raises
        ------
        ForbiddenError, UnknownCheckError
        """
        if not second_looks.may_know(caller):
            raise ForbiddenError("only an admin or auditor who neither asks nor reviews may have all that is recorded")
        keys = {name: public_pem(key) for name, key in self._signer.known().items()}

        def make() -> dict[str, Any]:
            with translated(), self._engine.connect() as connection:
                return export(connection, check_id, models, keys)

        return await asyncio.to_thread(make)
