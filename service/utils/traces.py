"""Where an unexpected error came from, without any value: files, lines, functions and names of classes.

An error's message may quote an account, and so may the values in its frames. Neither is read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from traceback import FrameSummary, extract_tb

# What the distribution is installed into, and which directories in it are ours.
_ROOT = Path(__file__).parents[2]
_OURS = tuple(_ROOT / name for name in ("classifier", "service"))
_LIBRARIES = "site-packages"


def place(error: BaseException) -> str:
    """Return where an error came from: the innermost line of ours, and the line that raised it if that is not ours.

    Returns
    -------
    str
        Such as ``service/decisions/check.py:120 in record (raised at pydantic/main.py:263)``; ``-`` for an error that
        was never raised.
    """
    frames = extract_tb(_single(error).__traceback__, limit=-1_000)
    if not frames:
        return "-"
    ours = next((frame for frame in reversed(frames) if _is_ours(frame)), frames[-1])
    return _told(ours) if ours is frames[-1] else f"{_told(ours)} (raised at {_line(frames[-1])})"


def trace(error: BaseException) -> str:
    """Return all frames of an error and of what caused it, a line each, the outermost first."""
    return "\n".join(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    link: BaseException | None = _single(error)
    while link is not None and id(link) not in seen:
        yield f"{'caused by ' if seen else ''}{type(link).__name__}"
        seen.add(id(link))
        yield from (f"  {_told(frame)}" for frame in extract_tb(link.__traceback__, limit=-1_000))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _single(error: BaseException) -> BaseException:
    """Return the error itself where a group of tasks wrapped it."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _is_ours(frame: FrameSummary) -> bool:
    return any(Path(frame.filename).is_relative_to(directory) for directory in _OURS)


def _told(frame: FrameSummary) -> str:
    return f"{_line(frame)} in {frame.name}"


def _line(frame: FrameSummary) -> str:
    """Return a frame's file and line, without the directories of the machine it runs on."""
    path = Path(frame.filename)
    if _is_ours(frame):
        path = path.relative_to(_ROOT)
    elif _LIBRARIES in path.parts:
        path = Path(*path.parts[path.parts.index(_LIBRARIES) + 1 :])
    else:
        path = Path(*path.parts[-2:])
    return f"{path.as_posix()}:{frame.lineno}"
