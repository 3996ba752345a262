"""Being stopped: what was let in is answered, whatever comes later is refused, and the process ends in time.

Rules, of ``seconds`` that begin with the signal (SIGTERM, or SIGINT: Ctrl+C):

1. From then on nothing is let in any more: a 503 says so, also at ``/readyz``, so that whoever distributes requests
   asks elsewhere. Only whether the process is alive, and its metrics, are still answered.
2. What was let in is answered within ``ANSWERING`` of the seconds: by its answer, or by a 503. The server listens until
   then, so that nobody is left without an answer, and no longer.
3. After ``ENDING`` of them the process ends, whatever a thread of it still waits for, such as a database that answers
   nobody. Nothing is lost by that: who was answered was answered after the commit (R4).
4. A second signal does not wait for answers.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

from service.errors import OverloadedError

log = logging.getLogger(__name__)

# Shares of the seconds. The rest is for a supervisor, who hands the signal on to its workers.
ANSWERING, ENDING = 0.75, 0.9
SIGNALS = (signal.SIGTERM, signal.SIGINT)
Handler = Callable[[int, FrameType | None], object]


class Stopping:
    """Whether this process is being stopped, and what was let in before.

    Parameters
    ----------
    seconds : float
        Within which it ends once it was told to.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.begun = False
        self._let_in: set[asyncio.Timeout] = set()
        self._then: Callable[[], object] | None = None
        self._signalled, self._told = False, threading.Event()

    @asynccontextmanager
    async def let_in(self, seconds: float) -> AsyncIterator[None]:
        """Let a request in and give it some seconds; fewer, if the process is stopped before.

        Raises
        ------
        OverloadedError
            If the process is being stopped.
        TimeoutError
            If it took longer.
        """
        if self.begun:
            raise OverloadedError("this process of the service is being stopped; ask again in a moment")
        async with asyncio.timeout(seconds) as limit:
            self._let_in.add(limit)
            try:
                yield
            finally:
                self._let_in.discard(limit)
                self._go_on()

    def begin(self, then: Callable[[], object]) -> None:
        """Let nothing in any more, and call ``then`` once all that was let in is answered."""
        self.begun, self._then = True, then
        latest = asyncio.get_running_loop().time() + self.seconds * ANSWERING
        for limit in self._let_in:
            when = limit.when()
            if not limit.expired() and (when is None or when > latest):
                limit.reschedule(latest)
        self._go_on()

    def _go_on(self) -> None:
        if self._then is not None and not self._let_in:
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
        servers = {number: signal.getsignal(number) for number in SIGNALS}
        if not all(map(callable, servers.values())):
            return
        threading.Thread(target=self._end_in_time, name="stopping", daemon=True).start()
        for number, server in servers.items():
            signal.signal(number, self._handler(loop, server))  # type: ignore[arg-type]

    def _handler(self, loop: asyncio.AbstractEventLoop, server: Handler) -> Handler:
        def handle(number: int, frame: FrameType | None) -> None:
            if self._signalled:
                server(number, frame)
                return
            self._signalled = True
            self._told.set()
            loop.call_soon_threadsafe(self.begin, lambda: server(number, None))

        return handle

    def _end_in_time(self) -> None:
        self._told.wait()
        time.sleep(self.seconds * ENDING)
        log.error(
            "stopping took longer than %.1f s, so the process ends now; whatever was answered is recorded",
            self.seconds * ENDING,
        )
        os._exit(1)
