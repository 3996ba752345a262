"""Pauses after wrong keys, counted together by all workers of a service.

There is nothing to guess in a key of 256 bits; this is against those who try all the same, and what it costs. Workers
share a file beside their metrics, which goes when the service ends; a process alone counts in memory. Addresses are
kept as digests.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path

from service.utils.process_metrics import MULTIPROCESS

# Wrong keys from one address, or of one id, within some seconds.
MOST, SECONDS = 10, 300.0
# Not ".db": that is what the metrics' files are called.
_FILE = "sign_in_pauses.sqlite"


def shared_file() -> Path | None:
    """Return the file that the workers of this service share; ``None`` where there is one process."""
    directory = os.environ.get(MULTIPROCESS)
    return Path(directory) / _FILE if directory else None


class Pauses:
    """Counts wrong keys. Safe to share between threads.

    Parameters
    ----------
    file : Path, optional
        Shared with other processes.
    clock : callable
        Seconds, the same for all processes of the machine.

    Examples
    --------
    >>> pauses = Pauses()
    >>> for _ in range(MOST):
    ...     pauses.note(["192.0.2.7"])
    >>> pauses.are_on(["192.0.2.7"]), pauses.are_on(["192.0.2.8"])
    (True, False)
    """

    def __init__(self, file: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._counts.close)
        self._counts.execute("PRAGMA synchronous = OFF")  # nothing of it outlasts the service
        self._counts.execute("CREATE TABLE IF NOT EXISTS wrong (whose TEXT, at REAL)")
        self._counts.execute("CREATE INDEX IF NOT EXISTS wrong_whose ON wrong (whose, at)")

    def are_on(self, names: Iterable[str]) -> bool:
        """Tell whether one of these has shown too many wrong keys."""
        query, since = "SELECT count(*) FROM wrong WHERE whose = ? AND at > ?", self._clock() - SECONDS
        with self._lock:
            counts = [self._counts.execute(query, (_digest(name), since)).fetchone()[0] for name in names]
        return any(count >= MOST for count in counts)

    def note(self, names: Iterable[str]) -> None:
        """Count a wrong key for each of these, and forget what is too old to count."""
        now = self._clock()
        with self._lock:
            self._counts.execute("DELETE FROM wrong WHERE at <= ?", (now - SECONDS,))
            self._counts.executemany("INSERT INTO wrong VALUES (?, ?)", [(_digest(name), now) for name in names])


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
