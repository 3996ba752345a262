"""The book: what a gate has taken on, in a file that survives being killed. One process holds it at a time."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from classifier.utils.private_files import make_private_directory, make_private_file
from service.gates.case import Case, State
from service.gates.errors import GateError
from service.gates.marks import Marks
from service.gates.outcomes import TABLE as _OUTCOMES
from service.gates.outcomes import Outcomes

_TABLES = """
CREATE TABLE IF NOT EXISTS cases (
    number INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, account TEXT NOT NULL, state TEXT NOT NULL,
    over INTEGER NOT NULL, next_at REAL NOT NULL, tries INTEGER NOT NULL, trouble TEXT NOT NULL,
    made_at REAL NOT NULL, changed_at REAL NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_due ON cases (over, next_at);
CREATE INDEX IF NOT EXISTS cases_account ON cases (account);
CREATE TABLE IF NOT EXISTS joined (
    ref TEXT NOT NULL, report TEXT NOT NULL, actor TEXT NOT NULL, PRIMARY KEY (ref, report, actor)
);
CREATE TABLE IF NOT EXISTS seen (
    digest TEXT PRIMARY KEY, at REAL NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS steps (at REAL NOT NULL, ref TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL);
"""
_LOCK_SECONDS = 5.0


class Entry(NamedTuple):
    """A case and what is known of its progress.

    Attributes
    ----------
    number : int
        Names the case in logs: what the platform calls it may be about a person.
    tries : int
        Of its present step, without success.
    trouble : str
        Why the last of them failed; empty after a success.
    made_at, changed_at, next_at : float
        Seconds since 1970.
    """

    number: int
    case: Case
    tries: int
    trouble: str
    made_at: float
    changed_at: float
    next_at: float


class Book(Marks):
    """Cases, deliveries and marks in a file of the state's directory. Safe to share between threads.

    ``outcomes`` has what appeals found.

    Parameters
    ----------
    directory : Path
        Made if it is missing; only its owner may read it, because profiles and clearances are in it.
    name : str
        The gate's; each has a file of its own.
    clock : callable
        Gives seconds since 1970.
    hold : bool
        Whether to hold it; without that it is for looking, and for closing what was raised, while a gate works on it.

    Raises
    ------
    GateError
        If another process holds it, or it cannot be written.
    """

    def __init__(
        self, directory: Path, name: str, *, clock: Callable[[], float] = time.time, hold: bool = True
    ) -> None:
        self._clock = clock
        self._turn = threading.RLock()
        self.outcomes = Outcomes(self._write, clock)
        try:
            make_private_directory(directory)
            self._held = _hold(directory / f"{name}.lock") if hold else None
            make_private_file(directory / f"{name}.db")
            self._db = sqlite3.connect(
                directory / f"{name}.db", timeout=_LOCK_SECONDS, check_same_thread=False, isolation_level=None
            )
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.executescript(_TABLES + _OUTCOMES)
        except (OSError, sqlite3.Error) as error:
            raise GateError(
                f"the state in DOUBLECHECK_GATE_STATE cannot be used ({type(error).__name__}): name a directory that "
                "only this gate writes to"
            ) from error

    def close(self) -> None:
        """Let others hold it."""
        with self._turn:
            self._db.close()
            if self._held:
                self._held.close()

    # --- cases -------------------------------------------------------------------------------------------------------

    def take_on(self, case: Case) -> bool:
        """Write a case down, durably; return whether it was new. One that is known stays as it is."""
        with self._write() as db:
            return self._insert(db, case)

    def take_on_report(self, case: Case) -> bool:
        """As ``take_on``, but while a case of the account is open, this one joins it and is over.

        One that comes once the other was checked is ``late``: nobody has read it yet.
        """
        query = "SELECT state FROM cases WHERE account = ? AND over = 0 AND state != 'raised' AND ref != ?"
        with self._write() as db:
            found = db.execute(query, (case.account, case.ref)).fetchone()
            if found:
                case.state, case.why = "joined", "It is part of another case of the account."
                case.extra["late"] = found[0] != "new"
            return self._insert(db, case)

    def save(self, case: Case, *, after: float = 0.0) -> None:
        """Write down how far a case has come, durably; its next step is due ``after`` seconds."""
        now = self._clock()
        with self._write() as db:
            db.execute(
                "UPDATE cases SET state = ?, over = ?, next_at = ?, tries = 0, trouble = '', changed_at = ?, body = ? "
                "WHERE ref = ?",
                (case.state, case.is_over, now + after, now, case.to_json(), case.ref),
            )
            self._step(db, case, now)

    def note(self, case: Case) -> None:
        """Write down what is known of a case, durably, without a step forward."""
        with self._write() as db:
            db.execute("UPDATE cases SET body = ? WHERE ref = ?", (case.to_json(), case.ref))

    def join(self, ref: str, report: str, actor: str | None = None) -> None:
        """Add a report to a case, durably, whoever works on it now. Its actor counts if nobody asked for it before."""
        with self._write() as db:
            db.execute("INSERT OR IGNORE INTO joined VALUES (?, ?, ?)", (ref, report, actor or ""))

    def put_off(self, case: Case, trouble: str, *, after: float) -> None:
        """Write down that a step failed and is tried again after so many seconds."""
        with self._write() as db:
            db.execute(
                "UPDATE cases SET next_at = ?, tries = tries + 1, trouble = ? WHERE ref = ?",
                (self._clock() + after, trouble, case.ref),
            )

    def wait(self, case: Case, *, after: float) -> None:
        """Look at a case again after so many seconds: nothing has happened, and nothing failed."""
        with self._write() as db:
            db.execute(
                "UPDATE cases SET next_at = ?, tries = 0, trouble = '' WHERE ref = ?", (self._clock() + after, case.ref)
            )

    def wake(self, ref: str) -> None:
        """Make a case's next step due now."""
        with self._write() as db:
            db.execute("UPDATE cases SET next_at = 0 WHERE ref = ?", (ref,))

    def due(self, limit: int = 50) -> list[Entry]:
        """Return cases whose next step is due, what is due longest first."""
        return self._entries(
            "over = 0 AND state != 'raised' AND next_at <= ? ORDER BY next_at LIMIT ?", self._clock(), limit
        )

    def open(self) -> list[Entry]:
        """Return all cases that are not over, the oldest first."""
        return self._entries("over = 0 ORDER BY number")

    def of_account(self, account: str) -> list[Entry]:
        """Return all cases of an account, the newest first."""
        return self._entries("account = ? ORDER BY number DESC", account)

    def in_state(self, state: State, limit: int = 50) -> list[Entry]:
        """Return cases in a state, the newest first."""
        return self._entries("state = ? ORDER BY number DESC LIMIT ?", state, limit)

    def find(self, ref: str) -> Entry | None:
        """Return a case."""
        return next(iter(self._entries("ref = ?", ref)), None)

    def numbered(self, number: int) -> Entry | None:
        """Return the case of a number."""
        return next(iter(self._entries("number = ?", number)), None)

    def waiting(self) -> int:
        """Return how many cases are not over."""
        with self._turn:
            return int(self._db.execute("SELECT count(*) FROM cases WHERE over = 0").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """Return how many cases are in each state."""
        with self._turn:
            return dict(self._db.execute("SELECT state, count(*) FROM cases GROUP BY state ORDER BY state"))

    def now(self) -> float:
        """Return the time, in seconds since 1970."""
        return self._clock()

    # --- how ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def _entries(self, condition: str, *values: object) -> list[Entry]:
        query = f"SELECT number, body, tries, trouble, made_at, changed_at, next_at FROM cases WHERE {condition}"  # noqa: S608
        with self._turn:
            found = self._db.execute(query, values).fetchall()
            return [Entry(number, self._with_joined(Case.from_json(body)), *rest) for number, body, *rest in found]

    def _with_joined(self, case: Case) -> Case:
        for report, actor in self._db.execute(
            "SELECT report, actor FROM joined WHERE ref = ? ORDER BY rowid", (case.ref,)
        ):
            case.add([report])
            if case.state == "new" and case.round == 0:  # later the check has been asked for in somebody's name, or not
                case.actor = case.actor or actor or None
        return case

    def _insert(self, db: sqlite3.Connection, case: Case) -> bool:
        now = self._clock()
        done = db.execute(
            "INSERT OR IGNORE INTO cases VALUES (NULL, ?, ?, ?, ?, ?, 0, '', ?, ?, ?)",
            (case.ref, case.account, case.state, case.is_over, now, now, now, case.to_json()),
        )
        if done.rowcount:
            self._step(db, case, now)
        return bool(done.rowcount)

    def _step(self, db: sqlite3.Connection, case: Case, now: float) -> None:
        db.execute("INSERT INTO steps VALUES (?, ?, ?, ?)", (now, case.ref, case.state, case.why))


def _hold(path: Path) -> IO[bytes]:
    """Hold a lock for as long as this process lives, so that no second gate acts on the same cases."""
    make_private_file(path)
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise GateError(
            "another process works on this state: stop it, or name another DOUBLECHECK_GATE_STATE"
        ) from None
    return file
