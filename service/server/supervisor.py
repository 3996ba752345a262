"""Several workers on one port: they end when they are told to, in time, and none outlives its supervisor.

On SIGHUP each is replaced, one after the other: the old one ends once the new one answers, and no request is lost.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from multiprocessing.connection import wait

import uvicorn
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from service.utils.process_metrics import forget_process
from service.web.stopping import REPLACED

log = logging.getLogger(__name__)

# Share of the seconds after which a worker that still runs is killed; workers end by themselves before that.
KILLING = 0.97


class Supervisor(Multiprocess):
    """Starts workers, replaces those that die, and ends all of them within some seconds of SIGTERM or SIGINT.

    Parameters
    ----------
    seconds : float
    """

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], *, seconds: float) -> None:
        super().__init__(config, sockets)
        self._seconds = seconds
        self._told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._tell)
        threading.Thread(target=self._kill_in_time, name="supervisor", daemon=True).start()

    def _tell(self, number: int, _: object) -> None:
        self.signal_queue.append(number)
        self._told.set()

    def terminate_all(self) -> None:
        """Tell the workers to end. The port is theirs alone from now on, and free when they are gone."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()

    def restart_all(self) -> None:
        """Replace each worker by one that is ready; where one does not become ready, the others stay as they are."""
        for place, old in enumerate(self.processes):
            new = Process(self.config, self.sockets)
            new.start()
            if not new.wait_until_ready(self.config.timeout_worker_healthcheck, self._told):
                new.kill()
                new.join()
                if not self._told.is_set():
                    log.error("the new worker %s was not ready in time, so worker %s stays", new.pid, old.pid)
                return
            self.processes[place] = new
            self._let_go(old)

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died or hang."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for old, new in zip(before, self.processes, strict=True):
            if new is not old:
                log.error("worker %s died (exit status %s); worker %s takes its place", old.pid, old.exitcode, new.pid)
                forget_process(old.pid or 0)

    def _let_go(self, old: Process) -> None:
        """Let a worker answer what it has begun, and end."""
        if old.pid is not None and old.exitcode is None:
            os.kill(old.pid, REPLACED)
            old.process.join(self._seconds)
        old.kill()
        old.join()
        forget_process(old.pid or 0)

    def _kill_in_time(self) -> None:
        self._told.wait()
        time.sleep(self._seconds * KILLING)
        late = [process for process in self.processes if process.exitcode is None]
        for process in late:
            log.error("worker %s did not end in time and is killed; whatever was answered is recorded", process.pid)
            process.process.kill()
        if late:
            time.sleep(self._seconds * (1 - KILLING))
            os._exit(1)  # it waits for a sign of life of one that is dead


def end_with_supervisor(seconds: float) -> None:
    """End this worker, as by SIGTERM, when its supervisor dies: nobody would replace it, stop it or free its port."""
    supervisor = multiprocessing.parent_process()
    if supervisor is None:
        return

    def follow() -> None:
        wait([supervisor.sentinel])
        log.error("the supervisor has died, so this worker ends")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(seconds)
        os._exit(1)  # it had not begun to serve, and does not end where it waits

    threading.Thread(target=follow, name="supervisor", daemon=True).start()
