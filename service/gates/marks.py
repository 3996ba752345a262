"""What a book keeps beside its cases: what deliveries were answered, and marks, such as how far something was read."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager


class Marks:
    """A part of ``Book``."""

    _db: sqlite3.Connection
    _turn: threading.RLock
    _clock: Callable[[], float]
    _write: Callable[[], AbstractContextManager[sqlite3.Connection]]

    def answered(self, digest: str) -> tuple[int, str, float] | None:
        """Return status, body and time of what a delivery was answered before; ``None`` if it is new."""
        with self._turn:
            found: tuple[int, str, float] | None = self._db.execute(
                "SELECT status, body, at FROM seen WHERE digest = ?", (digest,)
            ).fetchone()
        return found

    def answer(self, digest: str, status: int, body: str) -> None:
        """Remember what a delivery is answered."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", (digest, self._clock(), status, body))

    def mark(self, name: str) -> str | None:
        """Return what was noted under a name, such as how far something was read."""
        with self._turn:
            found = self._db.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def set_mark(self, name: str, value: str) -> None:
        """Note something under a name."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, value))

    def set_marks(self, values: Mapping[str, str]) -> None:
        """Note much at once."""
        with self._write() as db:
            db.executemany("INSERT OR REPLACE INTO marks VALUES (?, ?)", values.items())

    def drop_mark(self, name: str) -> None:
        """Forget what was noted under a name."""
        with self._write() as db:
            db.execute("DELETE FROM marks WHERE name = ?", (name,))

    def marks(self, start: str) -> dict[str, str]:
        """Return what was noted under all names that start so, in the order of the names."""
        with self._turn:
            return dict(
                self._db.execute(
                    "SELECT name, value FROM marks WHERE substr(name, 1, ?) = ? ORDER BY name", (len(start), start)
                )
            )
