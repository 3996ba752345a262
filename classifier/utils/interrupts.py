"""Interruptions: what takes milliseconds is finished before Ctrl-C counts."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_interrupted() -> Iterator[None]:
    """Finish the block, Ctrl-C and SIGTERM or not; only a main thread hears them, so that others need nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
