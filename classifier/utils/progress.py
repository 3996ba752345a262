"""Progress of long work: a bar for each of its stages, on standard error, with the time that the stage still takes.

Without a terminal, as in a log, it is a line every half minute. Work that takes less leaves a line for each stage, and
nothing where it has no stages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from tqdm import tqdm

_T = TypeVar("_T")
# Seconds from line to line where there is no terminal.
_LINES = 30.0


class _Lines(tqdm):  # type: ignore[type-arg]  # it takes none when the program runs
    """A bar that writes lines: the first after a while, the last when it ends, also where that is ``always`` sooner."""

    always = False

    def display(self, msg: str | None = None, pos: int | None = None) -> None:  # noqa: ARG002 - the library calls it so
        if self.format_dict["elapsed"] >= _LINES:
            self.fp.write(f"{msg or self}\n")

    def clear(self, nolock: bool = False) -> None:
        """Leave what was written."""

    def close(self) -> None:
        if not self.disable and (self.always or self.format_dict["elapsed"] >= _LINES):
            self.fp.write(f"{self}\n")
        self.disable = True


def bar(
    items: Iterable[Any] | None = None,
    *,
    desc: str,
    unit: str,
    total: int | None = None,
    shown: bool = True,
    always: bool = False,
) -> tqdm[Any]:
    """Return a bar of work that may be long: iterate over it, or ``update`` it and use it as a context manager.

    Parameters
    ----------
    items : iterable, optional
        What is done, in order.
    desc : str
        What is done.
    unit : str
        Of what ``total`` counts.
    total : int, optional
        How many there are, where it is known.
    shown : bool
        Whether anything is shown.
    always : bool
        Whether a log has a line for it, however short it was.
    """
    if sys.stderr.isatty() or "ipykernel" in sys.modules:
        return tqdm(items, desc=desc, unit=unit, total=total, disable=not shown, dynamic_ncols=True)
    lines = _Lines(items, desc=desc, unit=unit, total=total, disable=not shown, mininterval=_LINES)
    lines.always = always
    return lines


class Stages:
    """Shows which stage work is in and how far that stage is.

    Parameters
    ----------
    work : str
        What is done, in a word.
    count : int
        How many stages there are.
    shown : bool
        Whether anything is shown.
    """

    def __init__(self, work: str, count: int, *, shown: bool) -> None:
        self._work, self._count, self._shown = work, count, shown
        self._number = 0

    @contextmanager
    def stage(self, name: str, total: int, unit: str) -> Iterator[Callable[[], object]]:
        """Show the next stage while the block runs; call what it yields when one more of ``total`` is done."""
        self._number += 1
        label = f"{self._work} {self._number}/{self._count}, {name}"
        with bar(total=total, desc=label, unit=unit, shown=self._shown, always=True) as shown:
            yield shown.update
            shown.total = shown.n  # it is done, though fewer came than were expected at most

    def watch(self, items: Iterable[_T], name: str, total: int, unit: str) -> Iterator[_T]:
        """Yield the items of a stage, counting those that are done with."""
        with self.stage(name, total, unit) as done:
            for item in items:
                yield item
                done()
