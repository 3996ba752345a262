"""A bound on the memory that a step may take, where a few bytes of a file can ask for any amount of it."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS = Path("/proc/self/statm")


@contextmanager
def at_most(more: int) -> Iterator[None]:
    """Let the process take at most ``more`` bytes beyond what it has; a step that takes more raises ``MemoryError``.

    It holds for all threads of the process, as long as the block lasts. Where the system does not tell how much there
    is (only Linux does), nothing is bounded.

    Parameters
    ----------
    more : int
        Bytes.
    """
    taken = _taken()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bounds = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    if taken is None:
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (min([taken + more, *bounds]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _taken() -> int | None:
    """Return the bytes of the process's data, as the kernel counts them for the limit: no file that is only mapped."""
    try:
        return int(_STATUS.read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return None
