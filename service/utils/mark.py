"""A mark beside the keys: where the log ended when this home last wrote to it.

It is written in place after each commit. Where the machine stops in between, the mark is that of the commit before,
never half of one: it is shorter than what a file system writes as one, and of the same length each time.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

_BYTES = 512


class End(NamedTuple):
    """Where a log ended: the hash of its first entry, the last entry and its hash, and when that was written."""

    first: str
    seq: int
    hash: str
    at: str


class Mark:
    """The mark of one home. Safe to share between threads.

    Parameters
    ----------
    path : Path
        Its file, which is made when it is first written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: End | None = None
        self._file: int | None = None
        self.is_set_aside = False

    def known(self) -> End | None:
        """Return the mark as this process knows it; ``None`` where there is none."""
        with self._lock:
            if self._known is None:
                self._known = self._read()
            return self._known

    def look(self) -> End | None:
        """Return the mark as the file has it: another process may have set it."""
        with self._lock:
            self._known = self._read()
            return self._known

    def note(self, end: End) -> None:
        """Set the mark. Where nothing can be written beside the keys, only this process knows it."""
        with self._lock:
            self._known = end
            with suppress(OSError):
                if self._file is None:
                    self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
                os.pwrite(self._file, json.dumps(end._asdict()).ljust(_BYTES - 1).encode("ascii") + b"\n", 0)

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Let whoever restored a database write to it: afterwards the mark is where that ends."""
        self.is_set_aside = True
        try:
            yield
        finally:
            self.is_set_aside = False

    def _read(self) -> End | None:
        try:
            return End(**json.loads(self._path.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):  # none yet; and what cannot be read says nothing about any database
            return None

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)
