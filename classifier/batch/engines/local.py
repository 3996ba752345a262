"""The local engine: blocks of rows answered by this machine's cores, in order.

Workers are processes of their own, because scoring is mostly Python. Each opens the same snapshot; the registry is
mapped into memory once for all of them. At most a few blocks a worker are on their way, so memory does not grow with
the file.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice
from multiprocessing.synchronize import Event

import pyarrow as pa

from classifier.batch.score_rows import Answerer, Asked
from classifier.batch.snapshot import Snapshot
from classifier.errors import BatchError

# Blocks on their way for each worker: one that it works on, one that waits.
_AHEAD = 2
# Scoring makes few cycles; to look for them every 700 objects, Python's default, takes a tenth of the time and more.
_COLLECTED_AT = 200_000
_DIED = "a worker process died, most likely for want of memory: add --resume, and fewer --workers"
_NONE_BEGAN = (
    "no worker process could begin: a script is run again in each of them, so put what it does under "
    "\"if __name__ == '__main__':\", or ask for one worker"
)
Block = Sequence[Asked]


def answered(snapshot: Snapshot, blocks: Iterable[Block], *, workers: int | None) -> Iterator[pa.RecordBatch]:
    """Yield the answers of each block, in order.

    Parameters
    ----------
    workers : int or None
        Processes, by default as many as there are cores; with one, or one block, this process does it.

    Raises
    ------
    ModelError, RegistryError
        If the snapshot cannot be opened.
    BatchError
        If a worker dies, or none can begin.
    """
    waiting = iter(blocks)
    first = list(islice(waiting, 2))
    waiting = chain(first, waiting)
    workers = 1 if len(first) < 2 else workers or _cores()
    if workers == 1:
        answerer = snapshot.open()
        with _fewer_collections():
            yield from (answerer.answer(block) for block in waiting)
        return
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    has_begun = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(snapshot, has_begun))
    try:
        yield from _in_order(pool, waiting, workers * _AHEAD)
    except BrokenProcessPool as error:
        raise BatchError(_DIED if has_begun.is_set() else _NONE_BEGAN) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()  # in the middle of a block that nobody waits for any more; it keeps nothing


def _cores() -> int:
    """Return how many cores this process may use, in a container too."""
    import joblib  # noqa: PLC0415 - a tenth of a second, and who asks for one account or names the workers needs none

    return int(joblib.cpu_count())


@contextmanager
def _fewer_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(_COLLECTED_AT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _in_order(pool: ProcessPoolExecutor, blocks: Iterator[Block], ahead: int) -> Iterator[pa.RecordBatch]:
    futures: deque[Future[pa.RecordBatch]] = deque(pool.submit(_answer, block) for block in islice(blocks, ahead))
    while futures:
        batch = futures.popleft().result()
        futures.extend(pool.submit(_answer, block) for block in islice(blocks, 1))
        yield batch


_SNAPSHOT: list[Snapshot] = []


def _start(snapshot: Snapshot, has_begun: Event) -> None:
    """Make this process a worker: Ctrl-C is the parent's affair, and without a parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_nobody, daemon=True).start()
    _SNAPSHOT.append(snapshot)
    has_begun.set()
    gc.set_threshold(_COLLECTED_AT)


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(block: Block) -> pa.RecordBatch:
    """Answer a block; what is wrong with the snapshot is an error of the first, so that it is told to the parent."""
    return _opened(_SNAPSHOT[0]).answer(block)


@cache
def _opened(snapshot: Snapshot) -> Answerer:
    answerer = snapshot.open()
    gc.freeze()
    return answerer
