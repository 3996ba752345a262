"""Compiling: inner loops over arrays, by numba on first use, kept beside the file that they are written in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])
# What takes seconds: building an index.
_LONG = ("build", "masses")


def compiled(function: _F) -> _F:
    """Compile; keep the result where there is a place to keep it.

    A query keeps the interpreter's lock: it takes less than a millisecond, and whoever gives the lock away while
    another thread computes waits five for it. Building, which takes seconds, gives it away.
    """
    try:
        return cast(_F, njit(cache=True, nogil=function.__name__ in _LONG)(function))
    except RuntimeError:  # neither this directory nor the user's cache can be written to
        return cast(_F, njit(nogil=function.__name__ in _LONG)(function))
