"""Logs: lines that are written together, a moment later.

A line for each request costs little; writing it at once costs more than making it, because each write lets go of the
interpreter's lock, and the request's thread has to wait until scoring or the committer give it back.
"""

from __future__ import annotations

import logging
import sys
import threading
import time

# Seconds that a line may wait to be written. Warnings do not wait, nor does anything when the process ends.
DELAY = 0.1


class Lines(logging.Handler):
    """Writes lines to standard error, those of ``DELAY`` seconds at once."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._some = threading.Event()
        threading.Thread(target=self._write, name="logs", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line until it is written; write a warning, and what came before it, now."""
        try:
            self._lines.append(self.format(record) + "\n")
        except Exception:
            self.handleError(record)
        if record.levelno >= logging.WARNING:
            self.flush()
        elif len(self._lines) == 1:
            self._some.set()

    def flush(self) -> None:
        """Write what was kept."""
        self.acquire()
        try:
            lines, self._lines = self._lines, []
            if lines:
                sys.stderr.write("".join(lines))
                sys.stderr.flush()
        except (OSError, ValueError):  # full, or closed: a log that cannot be written must not fail what is logged
            pass
        finally:
            self.release()

    def _write(self) -> None:
        while self._some.wait():
            self._some.clear()
            time.sleep(DELAY)
            self.flush()
