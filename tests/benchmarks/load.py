"""A cheap generator of load in a process of its own: keep-alive HTTP/1.1 over raw sockets.

``closed``: each connection asks again as soon as it was answered, which finds the most a server can do. ``steady``:
requests come at a fixed rate, whether or not the ones before were answered, and wait for a free connection; times count
from when a request was due, so that a server that stops for a moment is not measured by fewer requests.
"""

from __future__ import annotations

import asyncio
import itertools
import resource
import selectors
import time
from collections import deque
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import uvloop
from numpy.typing import NDArray

# Seconds that requests under way have to be answered once the measurement is over.
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What a generator saw: seconds and status of each answer, the seconds it lasted, and its own processor time."""

    times: NDArray[np.float64]
    statuses: NDArray[np.int64]
    lasted: float
    cpu: float

    @property
    def rate(self) -> float:
        """Answers with status 200 a second."""
        return float(np.sum(self.statuses == 200)) / self.lasted

    def milliseconds(self, percentile: float, status: int = 200) -> float:
        """Return a percentile of the times of answers with a status; NaN where there are none."""
        times = self.times[self.statuses == status]
        return float(np.percentile(times, percentile)) * 1e3 if len(times) else float("nan")

    def count(self, status: int) -> int:
        return int(np.sum(self.statuses == status))


def request_of(path: str, body: bytes, key: str = "") -> bytes:
    """Return a POST request as it goes over the wire."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    key = f"Authorization: Bearer {key}\r\n" if key else ""
    return f"{head}{key}Content-Length: {len(body)}\r\n\r\n".encode() + body


def closed(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Measured:
    """Ask on each connection again as soon as it was answered."""
    _allow_connections(connections)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_closed(port, requests, connections, seconds))


def steady(port: int, requests: Sequence[bytes], connections: int, seconds: float, rate: float) -> Measured:
    """Ask at a fixed rate.

    ``select`` waits for as long as it is told; ``epoll`` and uvloop in whole milliseconds, which would be measured.
    """
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(_steady(port, requests, connections, seconds, rate))


@dataclass(slots=True)
class _Generator:
    """Takes answers, and says what a connection that is free does next."""

    requests: Iterator[bytes]
    answers: list[tuple[float, int]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    failure: str = ""

    def ask(self, connection: _Connection, due: float) -> None:
        self.asked += 1
        connection.ask(next(self.requests), due)

    def answered(self, connection: _Connection, status: int) -> None:
        self.answers.append((time.perf_counter() - connection.due, status))
        self.free(connection)

    def free(self, connection: _Connection) -> None:
        raise NotImplementedError

    def lost(self) -> None:
        self.failure = "the server closed a connection"
        self.over.set()


@dataclass(slots=True)
class _Closed(_Generator):
    until: float = 0.0

    def free(self, connection: _Connection) -> None:
        if time.perf_counter() < self.until:
            self.ask(connection, time.perf_counter())
        elif len(self.answers) == self.asked:
            self.over.set()


@dataclass(slots=True)
class _Steady(_Generator):
    idle: deque[_Connection] = field(default_factory=deque)
    due: deque[float] = field(default_factory=deque)
    wanted: int = 0

    def come(self, due: float) -> None:
        if self.idle:
            self.ask(self.idle.popleft(), due)
        else:
            self.due.append(due)

    def free(self, connection: _Connection) -> None:
        if self.due:
            self.ask(connection, self.due.popleft())
            return
        self.idle.append(connection)
        if len(self.answers) == self.wanted:
            self.over.set()


class _Connection(asyncio.Protocol):
    """One connection, which has one request under way at most."""

    def __init__(self, generator: _Generator) -> None:
        self._generator = generator
        self._received = b""
        self._wanted = 0
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def ask(self, request: bytes, due: float) -> None:
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._wanted:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            self._wanted = end + 4 + _length(self._received[:end])
        if len(self._received) >= self._wanted:
            status, self._received, self._wanted = int(self._received[9:12]), b"", 0
            self._generator.answered(self, status)

    def connection_lost(self, _error: Exception | None) -> None:
        self._generator.lost()


def _length(head: bytes) -> int:
    """Return the length of the body that follows; an answer without one cannot be told from the next."""
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])


async def _closed(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Measured:
    generator = _Closed(itertools.cycle(requests))
    opened = await _opened(generator, port, connections)
    cpu, started = time.process_time(), time.perf_counter()
    generator.until = started + seconds
    for connection in opened:
        generator.free(connection)
    return await _finished(generator, opened, cpu, started, asyncio.sleep(seconds))


async def _steady(port: int, requests: Sequence[bytes], connections: int, seconds: float, rate: float) -> Measured:
    generator = _Steady(itertools.cycle(requests), wanted=max(1, int(rate * seconds)))
    opened = await _opened(generator, port, connections)
    generator.idle.extend(opened)
    cpu, started = time.process_time(), time.perf_counter()
    return await _finished(generator, opened, cpu, started, _come(generator, started, rate))


async def _come(generator: _Steady, started: float, rate: float) -> None:
    for number in range(generator.wanted):
        due = started + number / rate
        while (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        generator.come(due)


async def _opened(generator: _Generator, port: int, connections: int) -> list[_Connection]:
    loop = asyncio.get_running_loop()
    return [
        (await loop.create_connection(lambda: _Connection(generator), "127.0.0.1", port))[1] for _ in range(connections)
    ]


async def _finished(
    generator: _Generator, opened: Sequence[_Connection], cpu: float, started: float, asking: Coroutine[Any, Any, None]
) -> Measured:
    """Wait until all that was asked is answered. The end is when the last request had to be asked, or was answered."""
    await asking
    await asyncio.wait_for(generator.over.wait(), PATIENCE)
    lasted = time.perf_counter() - started
    if generator.failure:
        raise ConnectionError(generator.failure)
    spent = time.process_time() - cpu
    for connection in opened:
        connection.transport.abort()
    times, statuses = zip(*generator.answers, strict=True)
    return Measured(np.array(times), np.array(statuses), lasted, spent)


def _allow_connections(connections: int) -> None:
    """Raise the number of files that this process may open, as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < connections + 100:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, connections + 100), hard))
