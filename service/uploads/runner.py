"""Letting uploads be scored, one at a time for a home, each by a process of its own.

Rules:

1. Whoever holds the lock of the home lets one upload be scored. The process that scores holds it too, so that it is
   free only when both are gone; a second service or worker waits.
2. An upload whose scoring is begun again and again and gets no further has failed, or it would never end.
3. Its answers are there when the log has how many of each verdict there were; it has so once.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import IO, Any, cast

from sqlalchemy import Engine, select

from classifier.errors import DoublecheckError
from service.records.tables import log as entries
from service.records.transaction import Answer, Transaction, Unit, commit
from service.settings import PREFIX, Settings
from service.signing import Signer
from service.uploads.jobs import Job, Jobs, read_json
from service.uploads.worker import CRASH, Order
from service.utils.traces import place

log = logging.getLogger(__name__)

# Seconds between two looks at what waits, and at a process that scores; seconds it has to end when it is told to.
INTERVAL, WATCHED, ENDING = 1.0, 0.2, 15.0
MOST_ATTEMPTS = 3
# Libraries would otherwise compute with all cores, which are the service's.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
_GAVE_UP = (
    f"scoring it ended unexpectedly {MOST_ATTEMPTS} times, and got no further. The service's log says how; upload it "
    "again when that is mended, or in smaller parts."
)


class Runner:
    """Scores what waits, in a thread that waits for another process; ``start`` it and ``stop`` it.

    Parameters
    ----------
    clock : callable
        Gives the time, aware.
    """

    def __init__(self, settings: Settings, engine: Engine, signer: Signer, clock: Callable[[], datetime]) -> None:
        self.jobs = Jobs(settings.records_home())
        self._settings = settings
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)

    def start(self) -> None:
        """Score what waits, until ``stop``."""
        self._thread.start()

    def stop(self) -> None:
        """End, and the process that scores too: its job goes on at the next start."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                while self.turn() and not self._stopped.is_set():
                    pass
            except DoublecheckError as error:  # the database cannot be used, most likely; it is tried again
                log.warning("uploads: %s", error)
            except Exception as error:  # nothing must end it
                log.error("uploads failed with %s at %s", type(error).__name__, place(error))
            self._stopped.wait(INTERVAL)

    def turn(self) -> bool:
        """Do the next thing that is to be done, and tell whether there was one.

        Raises
        ------
        RecordsError
            If it cannot be logged; it is not done then.
        """
        if not self.jobs.directory.exists():
            return False
        with self._locked() as lock:
            if lock is None:
                return False
            self._forget()
            for job in self.jobs.all():
                if self._done(job, lock):
                    return True
        return False

    def _done(self, job: Job, lock: IO[bytes]) -> bool:
        ended = job.read("ended.json")
        if ended is None:
            self._score(job, lock)
            return True
        if ended["state"] == "done" and job.read("entry.json") is None:
            job.write("entry.json", self._log(job, ended))
            return True
        return False

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes] | None]:
        """Hold the lock of the home; ``None`` where somebody else does."""
        with (self.jobs.directory / "lock").open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            yield file

    def _forget(self, but: str = "") -> None:
        self.jobs.forget(self._clock() - timedelta(hours=self._settings.upload_hours), but=but)

    # --- scoring -----------------------------------------------------------------------------------------------------

    def _score(self, job: Job, lock: IO[bytes]) -> None:
        if not self._count_attempt(job):
            job.end("failed", _GAVE_UP, self._clock())
            return
        self.jobs.take_turn(job.id)
        try:
            status = self._wait(job, self._begin(job, lock))
        finally:
            self.jobs.take_turn("")
        if self._stopped.is_set() and job.exists():
            job.write("attempts.json", {"count": 0, "rows": 0})  # that was nobody's fault
        elif job.exists() and not job.has_ended():
            crash = (read_json(job.directory / CRASH) or {}).get("what", "nothing said")
            log.error("scoring upload %s ended with status %d: %s", job.id, status, crash)

    def _count_attempt(self, job: Job) -> bool:
        """Count that it is begun, before it is: what brings down the whole machine is counted too."""
        before = job.read("attempts.json") or {"count": 0, "rows": 0}
        rows = (job.read("progress.json") or {"rows": 0})["rows"]
        count = 1 if rows > before["rows"] else before["count"] + 1
        job.write("attempts.json", {"count": count, "rows": rows})
        return count <= MOST_ATTEMPTS

    def _begin(self, job: Job, lock: IO[bytes]) -> subprocess.Popen[bytes]:
        (job.directory / CRASH).unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}  # no password
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "service.uploads"],
            env=kept | _ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock.fileno()],
            start_new_session=True,  # Ctrl-C is for the service
        )
        order = json.dumps(asdict(self._order(job)))
        with suppress(BrokenPipeError):
            os.write(cast(IO[bytes], child.stdin).fileno(), f"{order}\n".encode())
        return child

    def _order(self, job: Job) -> Order:
        settings = self._settings
        return Order.of(
            job, settings.home, settings.registry, settings.policy(),
            demo=settings.demo(), rows=settings.max_upload_rows,
        )  # fmt: skip

    def _wait(self, job: Job, child: subprocess.Popen[bytes]) -> int:
        """Wait until it ends; it is ended when the service stops and when the job is removed."""
        looks = 0
        with child:
            while child.poll() is None:
                if self._stopped.wait(WATCHED) or not job.exists():
                    return _ended(child)
                looks += 1
                if looks % round(60 / WATCHED) == 0:
                    self._forget(but=job.id)
        return child.returncode

    # --- the log -----------------------------------------------------------------------------------------------------

    def _log(self, job: Job, ended: dict[str, Any]) -> dict[str, Any]:
        """Log what came of a job, unless that was done before; numbers and digests only."""

        def write(transaction: Transaction) -> Answer:
            subject = f"upload:{job.id}"
            known = transaction.read(select(entries.c.seq, entries.c.hash).where(entries.c.subject == subject))
            if known:
                return Answer(json.dumps({"seq": known[0].seq, "hash": known[0].hash}))
            facts = {name: ended[name] for name in _LOGGED}
            entry = transaction.log("batch", subject, actor=job.actor, key=job.key, **facts, **ended["counts"])
            return Answer(json.dumps({"seq": entry.seq, "hash": entry.hash}))

        [answer] = commit(self._engine, self._signer, [Unit(write)], now=self._clock)
        if isinstance(answer, Exception):
            raise answer
        entry: dict[str, Any] = json.loads(answer.body)
        return entry


_LOGGED = ("upload_sha256", "answers_sha256", "model_id", "registry_version", "policy_version")


def _ended(child: subprocess.Popen[bytes]) -> int:
    child.terminate()
    try:
        return child.wait(ENDING)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()
