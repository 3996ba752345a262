import asyncio
import signal
import threading
from collections import Counter

import pytest

from service.errors import OverloadedError
from service.web import stopping as module
from service.web.middleware import Guard
from service.web.stopping import Stopping


def ask(guard, path="/v1/checks"):
    """Ask once; return the task, which gives the statuses that were sent."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    async def one():
        await guard({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)
        return [message["status"] for message in sent if message["type"] == "http.response.start"]

    return asyncio.create_task(one())


async def never(_scope, _receive, _send):
    await asyncio.Event().wait()


async def at_once(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/checks", 503), ("/readyz", 503), ("/", 503), ("/healthz", 200), ("/metrics", 200)]
)
def test_while_it_is_stopped_it_is_alive_and_not_ready(path, status):
    async def run():
        stopping = Stopping(20)
        stopping.begin(lambda: None)
        return await ask(Guard(at_once, max_body_bytes=9, stopping=stopping), path)

    assert asyncio.run(run()) == [status]


def test_what_was_let_in_is_answered_before_the_server_is_told():
    async def run():
        stopping, told, go = Stopping(20), [], asyncio.Event()

        async def slow(scope, receive, send):
            await go.wait()
            await at_once(scope, receive, send)

        asked = [ask(Guard(slow, max_body_bytes=9, stopping=stopping)) for _ in range(3)]
        await asyncio.sleep(0)
        stopping.begin(lambda: told.append("close"))
        assert told == []
        go.set()
        assert await asyncio.gather(*asked) == [[200]] * 3
        assert told == ["close"]

    asyncio.run(run())


def test_the_server_is_told_at_once_where_nothing_is_under_way():
    async def run():
        stopping, told = Stopping(20), []
        async with stopping.let_in(5):
            pass
        stopping.begin(lambda: told.append("close"))
        return told

    assert asyncio.run(run()) == ["close"]


def test_what_hangs_is_answered_with_a_503_in_its_share_of_the_time(monkeypatch):
    monkeypatch.setattr(module, "ANSWERING", 0.5)

    async def run():
        stopping, told = Stopping(0.2), []
        asked = ask(Guard(never, max_body_bytes=9, seconds=600, stopping=stopping))
        await asyncio.sleep(0)
        started = asyncio.get_running_loop().time()
        stopping.begin(lambda: told.append("close"))
        return await asked, asyncio.get_running_loop().time() - started, told

    statuses, took, told = asyncio.run(run())
    assert statuses == [503]
    assert 0.09 < took < 5  # half of 0.2 seconds; a busy machine takes its time
    assert told == ["close"]


def test_a_request_keeps_its_earlier_end():
    async def run():
        stopping = Stopping(600)
        asked = ask(Guard(never, max_body_bytes=9, seconds=0.05, stopping=stopping))
        await asyncio.sleep(0)
        stopping.begin(lambda: None)
        return await asyncio.wait_for(asked, 60)

    assert asyncio.run(run()) == [503]


def test_nothing_is_let_in_afterwards():
    async def run():
        stopping = Stopping(20)
        stopping.begin(lambda: None)
        async with stopping.let_in(5):
            pass

    with pytest.raises(OverloadedError, match="being stopped"):
        asyncio.run(run())


@pytest.mark.parametrize(("path", "status"), [("/v1/checks", 200), ("/", 200), ("/readyz", 503), ("/healthz", 200)])
def test_where_others_have_the_port_too_what_comes_is_answered(path, status):
    async def run():
        stopping, told = Stopping(20), []
        async with stopping.let_in(5):
            stopping.begin(lambda: told.append("close"), hands_over=True)
            assert told == ["close"], "it stops listening at once"
        return await ask(Guard(at_once, max_body_bytes=9, stopping=stopping), path)

    assert asyncio.run(run()) == [status]


def test_what_comes_then_has_no_more_time_than_the_rest(monkeypatch):
    monkeypatch.setattr(module, "ANSWERING", 0.5)

    async def run():
        stopping = Stopping(0.2)
        stopping.begin(lambda: None, hands_over=True)
        return await ask(Guard(never, max_body_bytes=9, seconds=600, stopping=stopping))

    assert asyncio.run(run()) == [503]


@pytest.mark.parametrize("begun", [False, True])
def test_what_is_answered_while_it_is_stopped_closes_its_connection(begun):
    sent = []

    async def send(message):
        sent.append(message)

    async def run():
        stopping = Stopping(20)
        if begun:
            stopping.begin(lambda: None, hands_over=True)
        guard = Guard(at_once, max_body_bytes=9, stopping=stopping)
        await guard({"type": "http", "method": "GET", "path": "/", "headers": []}, None, send)

    asyncio.run(run())
    assert ((b"connection", b"close") in sent[0]["headers"]) is begun


@pytest.fixture
def signals():
    """Handlers of a server in the place of the interpreter's; what they were told."""
    before = {number: signal.getsignal(number) for number in module.SIGNALS}
    told = Counter()
    for number in before:
        signal.signal(number, lambda given, _frame: told.update([given]))
    yield told
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_signal_waits_for_answers_and_the_second_does_not(signals, monkeypatch):
    monkeypatch.setattr(Stopping, "_end_in_time", lambda self: self._told.wait())

    async def run():
        stopping = Stopping(20)
        stopping.obey()
        asked = ask(Guard(never, max_body_bytes=9, stopping=stopping))
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.01)
        assert stopping.begun
        assert not signals
        signal.raise_signal(signal.SIGTERM)
        assert signals == {signal.SIGTERM: 1}
        asked.cancel()

    asyncio.run(run())


def test_a_worker_that_is_told_by_the_group_and_by_its_supervisor_waits_for_answers(signals, monkeypatch):
    monkeypatch.setattr(Stopping, "_end_in_time", lambda self: self._told.wait())
    monkeypatch.setattr(module.multiprocessing, "parent_process", lambda: "a supervisor")
    before = signal.getsignal(signal.SIGHUP)

    async def run():
        stopping = Stopping(20)
        stopping.obey()
        asked = ask(Guard(never, max_body_bytes=9, stopping=stopping))
        await asyncio.sleep(0)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
            await asyncio.sleep(0.01)
        assert not signals
        signal.raise_signal(signal.SIGINT)
        assert signals == {signal.SIGINT: 1}
        asked.cancel()

    asyncio.run(run())
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "is_kept"), [(signal.SIGTERM, True), (signal.SIGHUP, False)])
def test_a_worker_hands_over_where_the_port_is_kept_or_another_took_its_place(signals, monkeypatch, number, is_kept):
    monkeypatch.setattr(Stopping, "_end_in_time", lambda self: self._told.wait())
    monkeypatch.setattr(module.multiprocessing, "parent_process", lambda: "a supervisor")
    before = signal.getsignal(signal.SIGHUP)

    async def run():
        stopping = Stopping(20, is_port_kept=is_kept)
        stopping.obey()
        asked = ask(Guard(never, max_body_bytes=9, stopping=stopping))
        await asyncio.sleep(0)
        signal.raise_signal(number)
        await asyncio.sleep(0.01)
        assert signals == {signal.SIGTERM: 1}, "the server stops listening"
        asked.cancel()

    asyncio.run(run())
    signal.signal(signal.SIGHUP, before)


def test_it_ends_whatever_hangs(signals, monkeypatch):
    """Nothing else runs in the process when the database answers nobody: the thread that ends it waits for nobody."""
    ended = threading.Event()
    monkeypatch.setattr(module.os, "_exit", lambda status: ended.set() if status else None)

    async def run():
        stopping = Stopping(0.1)
        stopping.obey()
        signal.raise_signal(signal.SIGTERM)

    asyncio.run(run())
    assert ended.wait(60)


def test_signals_are_left_alone_in_a_thread(signals):
    async def run():
        Stopping(20).obey()

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) is before
