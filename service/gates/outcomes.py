"""What appeals found: kept with the cases until the service has it. A platform adds one, the worker hands it on."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID, uuid5

from doublecheck_client import Doublecheck

from service.gates.errors import LaterError, NeverError
from service.gates.failures import failure_of
from service.gates.waits import backoff
from service.utils.traces import place

if TYPE_CHECKING:
    from service.gates.book import Book

log = logging.getLogger(__name__)

TABLE = """
CREATE TABLE IF NOT EXISTS outcomes (
    number INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, account TEXT NOT NULL, outcome TEXT NOT NULL,
    note TEXT NOT NULL, actor TEXT, check_id TEXT, state TEXT NOT NULL, next_at REAL NOT NULL, tries INTEGER NOT NULL,
    trouble TEXT NOT NULL
);
"""
# States in which an action was taken, or is about to be.
_ACTING = frozenset({"redeeming", "redeemed", "acted", "done"})
_NAMES = UUID("0c6d0a3e-6a8e-4a86-8d0b-2f0f0f6f3a51")


class Outcome(NamedTuple):
    """What an appeal found, on its way to the service.

    Attributes
    ----------
    ref : str
        What the platform calls the appeal's decision; two with the same are one.
    account : str
        The platform's id of the account: it is about the newest check of it on which this gate acted.
    note : str
        Why, in words: 1 to 2,000 characters.
    actor : str or None
        Who decided the appeal, if the platform says so.
    check_id : str or None
        The check, where the platform knows it.
    number, tries
        Name it in logs, and count what failed; of one that is in the book.
    """

    ref: str
    account: str
    outcome: Literal["upheld", "overturned"]
    note: str
    actor: str | None = None
    check_id: str | None = None
    number: int = 0
    tries: int = 0
    trouble: str = ""


class Outcomes:
    """Those that are in the book. ``Book.outcomes`` is one.

    Parameters
    ----------
    write : callable
        Gives a context with the database in a transaction.
    clock : callable
        Gives seconds since 1970.
    """

    def __init__(
        self, write: Callable[[], AbstractContextManager[sqlite3.Connection]], clock: Callable[[], float]
    ) -> None:
        self._write, self._clock = write, clock

    def add(self, outcome: Outcome) -> bool:
        """Write one down, durably; return whether it was new."""
        row = (*outcome[:6], self._clock())
        with self._write() as db:
            return bool(
                db.execute(
                    "INSERT OR IGNORE INTO outcomes VALUES (NULL, ?, ?, ?, ?, ?, ?, 'waiting', ?, 0, '')", row
                ).rowcount
            )

    def due(self, limit: int = 50) -> list[Outcome]:
        """Return those that are to be handed on now, what is due longest first."""
        return self._find("state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?", self._clock(), limit)

    def waiting(self) -> list[Outcome]:
        """Return all that the service has not, the oldest first; those that it does not take too."""
        return self._find("state <> 'done' ORDER BY number")

    def settle(self, outcome: Outcome, state: Literal["done", "failed"], why: str = "") -> None:
        """Write down that the service has one, or never takes it."""
        with self._write() as db:
            db.execute("UPDATE outcomes SET state = ?, trouble = ? WHERE ref = ?", (state, why, outcome.ref))

    def put_off(self, outcome: Outcome, why: str, *, after: float) -> None:
        """Write down that one is handed on after so many seconds."""
        with self._write() as db:
            db.execute(
                "UPDATE outcomes SET next_at = ?, tries = tries + 1, trouble = ? WHERE ref = ?",
                (self._clock() + after, why, outcome.ref),
            )

    def _find(self, condition: str, *values: object) -> list[Outcome]:
        columns = ", ".join(Outcome._fields)
        with self._write() as db:
            return [Outcome(*row) for row in db.execute(f"SELECT {columns} FROM outcomes WHERE {condition}", values)]  # noqa: S608


def was_acted_on(account: str, book: Book) -> bool:
    """Tell whether this gate has acted on an account, or is about to: only then an appeal is about its action."""
    return any(entry.case.state in _ACTING for entry in book.of_account(account))


def hand_on(service: Doublecheck, book: Book) -> int:
    """Hand on to the service what is due; return how many were taken up. Whatever fails is tried again later."""
    due = book.outcomes.due()
    for outcome in due:
        try:
            _hand_on(outcome, service, book)
        except Exception as error:  # nothing must end the worker
            failure = failure_of(error)
            if not failure.is_known:
                log.error("outcome %d: failed with %s at %s", outcome.number, type(error).__name__, place(error))
            end = _fail if failure.is_final else _put_off
            end(outcome, book, failure.why)
    return len(due)


def _hand_on(outcome: Outcome, service: Doublecheck, book: Book) -> None:
    check_id = outcome.check_id or _acted_on(outcome.account, book)
    key = str(uuid5(_NAMES, f"{outcome.ref} {check_id}"))
    service.outcome(check_id, outcome.outcome, outcome.note, actor=outcome.actor, idempotency_key=key)
    book.outcomes.settle(outcome, "done")


def _acted_on(account: str, book: Book) -> str:
    """Return the newest check of an account on which this gate acted."""
    for entry in book.of_account(account):
        case = entry.case
        if case.state in {"redeeming", "redeemed"}:
            raise LaterError("the action that it is about is not finished")
        if case.state in {"acted", "done"} and case.check_id:
            return case.check_id
    raise NeverError("This gate took no action on the account.")


def _put_off(outcome: Outcome, book: Book, why: str) -> None:
    log.warning("outcome %d: %s: put off, try %d", outcome.number, why, outcome.tries + 1)
    book.outcomes.put_off(outcome, why, after=backoff(outcome.tries))


def _fail(outcome: Outcome, book: Book, why: str) -> None:
    log.error("outcome %d: closed, somebody has to look: %s", outcome.number, why)
    book.outcomes.settle(outcome, "failed", why)
