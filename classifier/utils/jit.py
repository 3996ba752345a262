"""Compiling: inner loops over arrays, by numba on first use, kept beside the file that they are written in.

What is kept is read and written by one process at a time. By itself numba lets several that compile at once, as workers
on a new machine do, give one file's name to the code for two kinds of arguments; whoever reads it then runs the wrong
one: other numbers without an error, or a crash (https://github.com/numba/numba/issues/4807, still so in 0.68).
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])
# What takes seconds: building an index.
_LONG = ("build", "masses")
_LOCK = "compiled.lock"


def compiled(function: _F) -> _F:
    """Compile; keep the result where there is a place to keep it.

    A query keeps the interpreter's lock: it takes less than a millisecond, and whoever gives the lock away while
    another thread computes waits five for it. Building, which takes seconds, gives it away.
    """
    nogil = function.__name__ in _LONG
    try:
        found: Any = njit(cache=True, nogil=nogil)(function)
    except RuntimeError:  # neither this directory nor the user's cache can be written to
        return cast(_F, njit(nogil=nogil)(function))
    cache = found._cache
    cache._cache_file = _OneAtATime(cache._cache_file, Path(cache.cache_path) / _LOCK)
    return cast(_F, found)


class _OneAtATime:
    """A function's kept code, as numba's ``IndexDataCacheFile``, under one lock for all functions of a directory."""

    def __init__(self, files: Any, lock: Path) -> None:
        self._files = files
        self._lock = lock

    def load(self, key: object) -> Any:
        """Return the code for some kinds of arguments; ``None`` where none is kept."""
        with _alone(self._lock):
            return self._files.load(key)

    def save(self, key: object, code: object) -> None:
        """Keep code. It is read anew first who else kept some meanwhile."""
        with _alone(self._lock):
            self._files.save(key, code)

    def flush(self) -> None:
        """Forget all."""
        with _alone(self._lock):
            self._files.flush()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a crash
        yield


def _alone(path: Path) -> Any:
    """Return a context in which no other process reads or writes; where nobody can write there is nothing to await."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return nullcontext()
    return _locked(path)
