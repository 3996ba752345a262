"""Group commit: the committer is the only way to change the database. Units of concurrent requests share a commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter

from sqlalchemy import Engine

from service.records.transaction import Answer, Unit, commit
from service.signing import Signer
from service.utils import microbatch
from service.utils.microbatch import Batches

# Units that share a commit at most: more would make the first wait longer than it saves the others.
TOGETHER = 128
Watch = Callable[[int, float], None]


class GroupCommitter:
    """Commits units of work, in groups.

    Parameters
    ----------
    now : callable
        The clock, aware.
    waiting : int
        Units that may wait for their commit; one more is refused.
    watch : callable
        Told, after each commit, how many units shared it and how many seconds it took.
    waits : callable
        Told how long units wait for their commit, and how many do (``microbatch``).
    """

    def __init__(
        self,
        engine: Engine,
        signer: Signer,
        *,
        now: Callable[[], datetime],
        waiting: int,
        watch: Watch | None = None,
        waits: microbatch.Watch = lambda *_: None,
    ) -> None:
        self.engine = engine
        self.signer = signer
        self.now = now
        self._watch = watch
        self._batches: Batches[Unit, Answer] = Batches(
            self._commit, name="committer", together=TOGETHER, waiting=waiting, watch=waits
        )

    async def answer(self, unit: Unit) -> Answer:
        """Do a unit of work and return its answer once it is durable.

        Raises
        ------
        DoublecheckError
            What the unit raised; RecordsError if the database cannot be used; OverloadedError.
        """
        return await self._batches.ask(unit)

    def close(self) -> None:
        """Finish what was accepted."""
        self._batches.close()

    def _commit(self, units: list[Unit]) -> Sequence[Answer | Exception]:
        started = perf_counter()
        answers = commit(self.engine, self.signer, units, now=self.now)
        if self._watch:
            self._watch(len(units), perf_counter() - started)
        return answers
