"""Compiling: inner loops over arrays, by numba on first use, and the compiled code cached on disk.

A *kernel* (``compiled``) is called from Python. A *helper* (``helper``) is called by kernels and by other helpers: it
is an ordinary Python function, and it becomes part of each kernel that calls it. Both run as plain Python too, a kernel
as ``kernel.py_func``.

What it costs. Compiling everything that an answer needs took 26 seconds of one core of a busy machine, most of it in
numba's type inference and not in LLVM (at ``NUMBA_OPT=0`` it takes four fifths as long). Therefore helpers have no
entry point from Python, constants are no types of their own, nothing assigns one array to a part of another (numba
compiles the formatting of an error message for that, 1.5 seconds each time), and a first start compiles in two
processes at once (``classifier.scoring.compile_ahead``). Interpreting the kernels until they are compiled was
rejected: a search of the index takes a hundred thousand steps. Compiled code in the wheel was rejected too: it holds
for one processor, one Python and one numba, and is a pickle (R10).

Where it is cached. Beside the source, else in the user's cache directory, or where ``NUMBA_CACHE_DIR`` says; where none
of them can be written to, code is compiled in memory, anew in each process. Cached code is valid for what it was made
of: the byte code and the constants of the kernel and of all helpers that it calls, which numba itself does not compare.

The cache is read and written by one process at a time. By itself numba lets several that compile at once, as workers on
a new machine do, give one file's name to the code for two kinds of arguments; whoever reads it then runs the wrong
one: other numbers without an error, or a crash (https://github.com/numba/numba/issues/4807, still so in 0.68).
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numba.core.dispatcher import Dispatcher
from numba.extending import register_jitable

_F = TypeVar("_F", bound=Callable[..., Any])
# What takes seconds: building an index.
_LONG = ("build", "masses")
_LOCK, _AHEAD = "compiled.lock", "ahead.lock"
_PLAIN = (int, float, str, bool, tuple, np.generic)


def compiled(function: _F) -> _F:
    """Compile a kernel; cache the result where there is a directory for it.

    A query keeps the interpreter's lock: it takes less than a millisecond, and whoever gives the lock away while
    another thread computes waits five for it. Building, which takes seconds, gives it away.
    """
    nogil = function.__name__ in _LONG
    try:
        found: Any = njit(cache=True, nogil=nogil)(function)
    except RuntimeError:  # neither this directory nor the user's cache can be written to
        return cast(_F, njit(nogil=nogil)(function))
    cache = found._cache
    cache._cache_file = _OneAtATime(cache._cache_file, Path(cache.cache_path) / _LOCK, function)
    return cast(_F, found)


def helper(function: _F) -> _F:
    """Let kernels call a function; it stays one that Python calls as it is.

    Examples
    --------
    >>> @helper
    ... def twice(number: int) -> int:
    ...     return 2 * number
    >>> @compiled
    ... def four_times(number: int) -> int:
    ...     return twice(twice(number))
    >>> four_times(3), four_times.py_func(3), twice(3)
    (12, 12, 6)
    """
    registered: _F = register_jitable(no_cfunc_wrapper=True)(function)
    return registered


def is_missing(kernel: Callable[..., Any]) -> bool:
    """Tell whether a kernel is to be compiled and its code can be cached."""
    files = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    return isinstance(files, _OneAtATime) and not files.has_any()


def turn(kernel: Callable[..., Any]) -> AbstractContextManager[None]:
    """Return a context in which no other process of the machine compiles ahead what this kernel stands for."""
    directory = kept_in(kernel)
    return nullcontext() if directory is None else _alone(directory / _AHEAD)


def kept_in(kernel: Callable[..., Any]) -> Path | None:
    """Return the directory where a kernel's compiled code is kept, ``None`` where it cannot be."""
    path = getattr(getattr(kernel, "_cache", None), "cache_path", None)
    return None if path is None else Path(path)


def fingerprint(function: Callable[..., Any]) -> str:
    """Return a digest of all that compiled code is made of: byte code and constants, also of the helpers called."""
    digest = hashlib.sha256()
    plain: Any = function
    for part in _parts(getattr(plain, "py_func", plain), set()):
        digest.update(part)
    return digest.hexdigest()


def _parts(function: FunctionType, seen: set[int]) -> Iterator[bytes]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _code(function.__code__)
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        value = value.py_func if isinstance(value, Dispatcher) else value
        if isinstance(value, FunctionType):
            yield from _parts(value, seen)
        elif isinstance(value, np.ndarray):
            yield f"{name}: {value.dtype} {value.shape}".encode() + value.tobytes()
        elif isinstance(value, type) and hasattr(value, "_fields"):
            yield f"{name}: {value._fields}".encode()
        elif isinstance(value, _PLAIN):
            yield f"{name}: {value!r}".encode()


def _code(code: CodeType) -> Iterator[bytes]:
    yield code.co_code
    yield repr((code.co_names, code.co_varnames)).encode()
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            yield repr(constant).encode()


class _OneAtATime:
    """A kernel's cached code, as numba's ``IndexDataCacheFile``, under one lock for all kernels of a directory."""

    def __init__(self, files: Any, lock: Path, function: Callable[..., Any]) -> None:
        self._files = files
        self._lock = lock
        self._function = function
        self._is_stamped = False

    def load(self, key: object) -> Any:
        """Return the code for some kinds of arguments; ``None`` where none is cached."""
        with self._alone() as files:
            return files.load(key)

    def save(self, key: object, code: object) -> None:
        """Cache code. It is read anew first what others cached meanwhile."""
        with self._alone() as files:
            files.save(key, code)

    def has_any(self) -> bool:
        """Tell whether code is cached for any kind of arguments."""
        with self._alone() as files:
            return bool(files._load_index())

    def flush(self) -> None:
        """Forget all."""
        with self._alone() as files:
            files.flush()

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        if not self._is_stamped:  # not before the first call: what a kernel calls may be defined below it
            self._files._source_stamp = fingerprint(self._function)
            self._is_stamped = True
        with _alone(self._lock):
            yield self._files


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a crash
        yield


def _alone(path: Path) -> AbstractContextManager[None]:
    """Return a context in which no other process reads or writes; where nobody can write there is nothing to await."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return nullcontext()
    return _locked(path)
