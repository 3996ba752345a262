"""Work done together: what several requests ask for at the same time is done in one go, by one thread.

Scoring sixteen accounts costs less than sixteen times one, and one commit makes sixteen decisions durable. Nobody waits
for company: the thread takes whatever is waiting when it is free. The threads of a process take turns.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from time import perf_counter
from typing import Generic, NamedTuple, TypeVar

from service.errors import OverloadedError

In = TypeVar("In")
Out = TypeVar("Out")


# The interpreter runs one thread at a time. Threads that scored and committed at the same time would take it from each
# other every few microseconds: taking turns, they answer 15 % more checks a second.
_TURN = threading.Lock()


class _Asked(NamedTuple, Generic[In, Out]):
    item: In
    answer: asyncio.Future[Out]
    loop: asyncio.AbstractEventLoop
    at: float


# Told how many items wait: when one comes behind others; and when some are taken, with the seconds the oldest waited.
Watch = Callable[[float | None, int], object]


class Batches(Generic[In, Out]):
    """Collects items of concurrent coroutines and hands them to ``work`` in lists.

    Parameters
    ----------
    work : callable
        Takes a list of items and returns as many results, in order; an exception among them is raised where its item
        was asked for. One that it raises is raised everywhere.
    name : str
        The thread's name.
    together : int
        Items that are worked on together at most.
    waiting : int
        Items that may wait; one more is refused at once, because its turn would come too late.
    watch : callable
    """

    def __init__(
        self,
        work: Callable[[list[In]], Sequence[Out | Exception]],
        *,
        name: str,
        together: int,
        waiting: int,
        watch: Watch = lambda *_: None,
    ) -> None:
        self._work = work
        self._watch = watch
        self._together = together
        self._waiting = waiting
        self._queue: SimpleQueue[_Asked[In, Out] | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()  # nothing is put behind the end
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def ask(self, item: In) -> Out:
        """Return what ``work`` makes of an item.

        Raises
        ------
        OverloadedError
            If too many are waiting, or none is taken any more.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Out] = loop.create_future()
        with self._closing:
            before = self._queue.qsize()
            if self._closed or before >= self._waiting:
                raise OverloadedError("too many requests are waiting; ask again in a moment")
            self._queue.put(_Asked(item, answer, loop, perf_counter()))
        if before:  # so that a queue from which nothing is taken is seen to grow
            self._watch(None, before + 1)
        return await answer

    def close(self) -> None:
        """Take nothing more, finish what was taken, and return when it is done."""
        with self._closing:
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (asked := self._queue.get()) is not None:
            taken, last = [asked], False
            while len(taken) < self._together and not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    last = True
                    break
                taken.append(more)
            self._watch(perf_counter() - asked.at, self._queue.qsize())
            self._answer([item for item in taken if not item.answer.cancelled()])
            if last:
                return

    def _answer(self, taken: list[_Asked[In, Out]]) -> None:
        if not taken:
            return
        try:
            with _TURN:
                results: Sequence[Out | Exception] = self._work([item.item for item in taken])
        except Exception as error:
            results = [error] * len(taken)
        by_loop = defaultdict(list)
        for one, result in zip(taken, results, strict=True):
            by_loop[one.loop].append((one.answer, result))
        for loop, answered in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_resolve, answered)


def _resolve(answered: Sequence[tuple[asyncio.Future[Out], Out | Exception]]) -> None:
    for answer, result in answered:
        if answer.done():  # whoever asked gave up
            continue
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)
