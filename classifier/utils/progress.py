"""Progress of long work: a bar for each of its stages, on standard error, with the time that the stage still takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tqdm import tqdm

_T = TypeVar("_T")


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
        with tqdm(total=total, desc=label, unit=unit, disable=not self._shown, dynamic_ncols=True) as bar:
            yield bar.update
            bar.total = bar.n  # it is done, though fewer came than were expected at most

    def watch(self, items: Iterable[_T], name: str, total: int, unit: str) -> Iterator[_T]:
        """Yield the items of a stage, counting those that are done with."""
        with self.stage(name, total, unit) as done:
            for item in items:
                yield item
                done()
