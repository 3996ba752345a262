"""Being stopped: what was let in is answered, whatever comes later is refused or waits, and the process ends in time.

Rules, of ``seconds`` that begin with the signal (SIGTERM, or SIGINT: Ctrl+C):

1. From then on nothing is let in any more: a 503 says so, also at ``/readyz``, so that whoever distributes requests
   asks elsewhere. Only whether the process is alive, and its metrics, are still answered.
2. What was let in is answered within ``ANSWERING`` of the seconds: by its answer, or by a 503. The server listens until
   then, so that nobody is left without an answer, and no longer.
3. After ``ENDING`` of them the process ends, whatever a thread of it still waits for, such as a database that answers
   nobody. Nothing is lost by that: who was answered was answered after the commit (R4).
4. A second signal does not wait for answers. Of a worker that is a second SIGINT: the first signal often comes twice,
   to the whole group of processes and from the supervisor.
5. Where the port stays open without this process, nothing is refused. That is so where somebody else keeps it
   (``is_port_kept``), and where a supervisor has started another worker (SIGHUP). The server stops listening at once,
   and what comes later waits for others. What comes over connections that are open is answered, and closes them; only
   ``/readyz`` is a 503.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import FrameType

from service.errors import OverloadedError

log = logging.getLogger(__name__)

# Shares of the seconds. The rest is for a supervisor, who hands the signal on to its workers.
ANSWERING, ENDING = 0.75, 0.9
SIGNALS = (signal.SIGTERM, signal.SIGINT)
# How a supervisor tells a worker that another one has taken its place.
REPLACED = signal.SIGHUP
Handler = Callable[[int, FrameType | None], object]
Server = Callable[[FrameType | None], object]


class Stopping:
    """Whether this process is being stopped, and what was let in before.

    Parameters
    ----------
    seconds : float
        Within which it ends once it was told to.
    is_port_kept : bool
        Whether the port stays open when the process ends.
    """

    def __init__(self, seconds: float, *, is_port_kept: bool = False) -> None:
        self.seconds = seconds
        self.is_port_kept = is_port_kept
        self.begun = False
        self._hands_over, self._latest = False, float("inf")
        self._let_in: set[asyncio.Timeout] = set()
        self._then: Callable[[], object] | None = None
        self._signalled, self._told = False, threading.Event()

    @asynccontextmanager
    async def let_in(self, seconds: float, *, is_readiness: bool = False) -> AsyncIterator[None]:
        """Let a request in and give it some seconds; fewer, if the process is stopped before.

        Parameters
        ----------
        is_readiness : bool
            Whether it asks if more requests may come.

        Raises
        ------
        OverloadedError
            If the process is being stopped.
        TimeoutError
            If it took longer.
        """
        if self.begun and (is_readiness or not self._hands_over):
            raise OverloadedError("this process of the service is being stopped; ask again in a moment")
        async with asyncio.timeout_at(self._end(seconds)) as limit:
            self._let_in.add(limit)
            try:
                yield
            finally:
                self._let_in.discard(limit)
                self._go_on()

    def _end(self, seconds: float) -> float:
        return min(asyncio.get_running_loop().time() + seconds, self._latest)

    def begin(self, then: Callable[[], object], *, hands_over: bool = False) -> None:
        """Let nothing in any more, and call ``then`` once all that was let in is answered.

        Where the port is handed over, call it at once, and let in what comes over open connections.
        """
        log.info("told to stop: %d requests are under way", len(self._let_in))
        self.begun, self._then, self._hands_over = True, then, hands_over
        self._latest = latest = self._end(self.seconds * ANSWERING)
        for limit in self._let_in:
            when = limit.when()
            if not limit.expired() and (when is None or when > latest):
                limit.reschedule(latest)
        self._go_on()

    def _go_on(self) -> None:
        if self._then is not None and (self._hands_over or not self._let_in):
            then, self._then = self._then, None
            then()

    # --- signals -----------------------------------------------------------------------------------------------------

    def obey(self) -> None:
        """Stand between the signals and the server, which would close at once: it is told when all are answered.

        Nothing is done where signals are somebody else's, such as in a thread.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        found = {number: signal.getsignal(number) for number in SIGNALS}
        servers = {number: partial(server, number) for number, server in found.items() if callable(server)}
        if len(servers) < len(SIGNALS):
            return
        threading.Thread(target=self._end_in_time, name="stopping", daemon=True).start()
        for number, server in servers.items():
            signal.signal(number, self._handler(loop, server, hands_over=self.is_port_kept))
        if multiprocessing.parent_process() is not None:
            signal.signal(REPLACED, self._handler(loop, servers[signal.SIGTERM], hands_over=True))

    def _handler(self, loop: asyncio.AbstractEventLoop, server: Server, *, hands_over: bool) -> Handler:
        is_worker = multiprocessing.parent_process() is not None

        def handle(number: int, frame: FrameType | None) -> None:
            if self._signalled:
                if number == signal.SIGINT or not is_worker:
                    server(frame)
                return
            self._signalled = True
            self._told.set()
            loop.call_soon_threadsafe(lambda: self.begin(lambda: server(None), hands_over=hands_over))

        return handle

    def _end_in_time(self) -> None:
        self._told.wait()
        time.sleep(self.seconds * ENDING)
        log.error(
            "stopping took longer than %.1f s, so the process ends now; whatever was answered is recorded",
            self.seconds * ENDING,
        )
        os._exit(1)
