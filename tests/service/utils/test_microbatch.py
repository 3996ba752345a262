"""What is asked at the same time is done together; nobody loses an answer or gets another's."""

import asyncio
import threading
import time
from queue import SimpleQueue

import pytest

from service.errors import OverloadedError
from service.utils.microbatch import Batches


def asked(batches, *items):
    async def gather():
        return await asyncio.gather(*(batches.ask(item) for item in items), return_exceptions=True)

    return asyncio.run(gather())


@pytest.fixture
def make():
    made = []

    def make(work, *, together=100, waiting=100, **more):
        made.append(Batches(work, name="test", together=together, waiting=waiting, **more))
        return made[-1]

    yield make
    for batches in made:
        batches.close()


def test_everybody_gets_the_own_answer(make):
    batches = make(lambda items: [item * 2 for item in items], together=7)
    assert asked(batches, *range(50)) == [item * 2 for item in range(50)]


def test_what_waits_is_done_together_but_not_too_much(make):
    sizes, first = [], threading.Event()

    def work(items):
        first.wait(5)
        sizes.append(len(items))
        return items

    batches = make(work, together=4)

    async def ask():
        waiting = [asyncio.ensure_future(batches.ask(item)) for item in range(9)]
        await asyncio.sleep(0.05)
        first.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(ask()) == list(range(9))
    assert max(sizes) == 4
    assert sum(sizes) == 9


def test_one_that_fails_fails_alone(make):
    batches = make(lambda items: [ZeroDivisionError() if item == 1 else item for item in items])
    first, failed, last = asked(batches, 0, 1, 2)
    assert (first, type(failed), last) == (0, ZeroDivisionError, 2)


def test_work_that_breaks_fails_for_everybody_and_goes_on(make):
    broken = [ZeroDivisionError()]

    def work(items):
        if broken:
            raise broken.pop()
        return items

    batches = make(work)
    assert isinstance(asked(batches, 1)[0], ZeroDivisionError)
    assert asked(batches, 2) == [2]


def test_too_many_are_refused_at_once(make):
    go = threading.Event()
    batches = make(lambda items: go.wait(5) and items, together=1, waiting=3)

    async def ask():
        waiting = [asyncio.ensure_future(batches.ask(item)) for item in range(20)]
        await asyncio.sleep(0.05)
        go.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    answers = asyncio.run(ask())
    refused = sum(isinstance(one, OverloadedError) for one in answers)
    assert 16 <= refused <= 17  # three wait, one may be worked on already
    assert all(isinstance(one, OverloadedError) or one == place for place, one in enumerate(answers))


def test_who_gave_up_is_not_worked_for(make):
    go, seen = threading.Event(), []

    def work(items):
        go.wait(5)
        seen.extend(items)
        return items

    batches = make(work, together=1)

    async def ask():
        first = asyncio.ensure_future(batches.ask("first"))
        await asyncio.sleep(0.02)
        second = asyncio.ensure_future(batches.ask("second"))
        await asyncio.sleep(0.02)
        second.cancel()
        go.set()
        await first
        return await batches.ask("third")

    assert asyncio.run(ask()) == "third"
    assert seen == ["first", "third"]


def test_closing_finishes_what_was_taken_and_takes_nothing_more(make):
    batches = make(lambda items: items)

    async def ask():
        waiting = [asyncio.ensure_future(batches.ask(item)) for item in range(5)]
        await asyncio.sleep(0)
        await asyncio.to_thread(batches.close)
        with pytest.raises(OverloadedError):
            await batches.ask(6)
        return await asyncio.gather(*waiting)

    assert asyncio.run(ask()) == list(range(5))


def test_whoever_asks_while_it_closes_is_answered_or_refused(make):
    """Nobody is taken after the end: a request would wait for an answer that nobody works on."""
    batches = make(lambda items: items)

    class Slow(SimpleQueue):
        def qsize(self):
            size = super().qsize()
            if closing.ident is None:
                closing.start()  # just after it was seen that there is room
                closing.join(0.2)
            return size

    closing, batches._queue = threading.Thread(target=batches.close), Slow()
    batches._thread = threading.Thread(target=batches._run)
    batches._thread.start()

    async def ask():
        async with asyncio.timeout(5):
            return await batches.ask("late")

    assert asyncio.run(ask()) == "late"
    closing.join()


def test_threads_take_turns(make):
    under_way, most = [], []

    def work(items):
        under_way.append(None)
        most.append(len(under_way))
        time.sleep(0.01)
        under_way.pop()
        return items

    scoring, committing = make(work, together=1), make(work, together=1)

    async def ask():
        return await asyncio.gather(*(batches.ask(item) for batches in (scoring, committing) for item in range(5)))

    assert asyncio.run(ask()) == [*range(5), *range(5)]
    assert max(most) == 1


def test_it_tells_how_long_the_oldest_waited_and_how_many_wait_still(make):
    told, first = [], threading.Event()

    def work(items):
        first.wait(5)
        return items

    batches = make(work, together=2, watch=lambda *figures: told.append(figures))

    async def ask():
        waiting = [asyncio.ensure_future(batches.ask(item)) for item in range(5)]
        await asyncio.sleep(0.05)
        first.set()
        await asyncio.gather(*waiting)

    asyncio.run(ask())
    came = [count for waited, count in told if waited is None]
    taken = [(waited, count) for waited, count in told if waited is not None]
    assert max(came) >= 3, "what comes behind others is told, although nothing is taken"
    waited, left = zip(*taken, strict=True)
    assert left[-1] == 0
    assert sorted(left, reverse=True) == list(left)
    assert max(waited) >= 0.05
