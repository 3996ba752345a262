"""The spool of the plugin for Osprey: what is to be sent stands on disk, and a thread sends it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doublecheck_client import ClientError, Doublecheck

from service.gates.book import Book, Entry
from service.gates.case import Case
from service.gates.errors import GateError
from service.gates.failures import failure_of
from service.gates.waits import backoff
from service.utils.traces import place

log = logging.getLogger(__name__)

# Osprey runs several processes on one directory. Each has a file of its own, and takes over what others left.
MOST_PROCESSES = 256
# Seconds between two looks at what is due, and at what others left.
TICK, ADOPTS = 0.5, 60.0


class Spool:
    """What is kept and sent. Safe to share between threads.

    Raises
    ------
    GateError
        If the directory cannot be used.
    """

    def __init__(self, directory: Path, service: Doublecheck) -> None:
        self.directory, self._service = directory, service
        self.book, self.name = _first_free(directory)
        self._stop, self._heard = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="doublecheck", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sending: what is under way is sent again after the next start, under the same key."""
        self._stop.set()
        self._heard.set()
        if self._thread.is_alive():
            self._thread.join(2.0)
        self.book.close()
        self._service.close()

    def keep(self, key: str, given: Mapping[str, Any]) -> None:
        """Keep an account that is to be checked, durably. The same key is the same check."""
        account = dict(given["account"])
        case = Case(f"osprey-{key}", str(account.get("account_id", "")), "suspend")
        case.reports = [given["report"]] if given.get("report") else []
        case.extra = {"key": key, "account": account}
        self.book.take_on(case)
        self._heard.set()

    def send(self) -> int:
        """Send what is due; return how many were sent."""
        return sum(self._send(entry) for entry in self.book.due())

    def adopt(self) -> None:
        """Take over what other processes left that do not run any more."""
        for path in sorted(self.directory.glob("osprey-*.db")):
            if path.stem == self.name:
                continue
            try:
                left = Book(self.directory, path.stem)
            except GateError:
                continue  # its process runs
            for entry in left.open():
                self.book.take_on(entry.case)
                entry.case.state, entry.case.extra = "joined", {}
                left.save(entry.case)
            left.close()

    def _send(self, entry: Entry) -> bool:
        case = entry.case
        try:
            answer = self._service.check(
                case.extra["account"],
                "suspend",
                None,
                reports=case.reports or None,
                external_ref=case.ref,
                idempotency_key=case.extra["key"],
            )
        except ClientError as error:
            failure = failure_of(error)
            if failure.is_final:
                self._close(entry, "failed", failure.why)
                return False
            return self._put_off(entry, failure.why)
        case.check_id, case.verdict = answer.check_id, answer.verdict
        self._close(entry, "stands", "The service has it.")
        return True

    def _close(self, entry: Entry, state: Any, why: str) -> None:
        case = entry.case
        if state == "failed":
            log.error("case %d: closed, somebody has to look: %s", entry.number, why)
        case.state, case.why = state, why
        case.extra, case.reports = {}, []  # the account is the service's now
        self.book.save(case)

    def _put_off(self, entry: Entry, why: str) -> bool:
        log.warning("case %d: %s: put off, try %d", entry.number, why, entry.tries + 1)
        self.book.put_off(entry.case, why, after=backoff(entry.tries))
        return False

    def _run(self) -> None:
        next_look = 0.0
        while not self._stop.is_set():
            self._heard.clear()
            try:
                if self.book.now() >= next_look:
                    next_look = self.book.now() + ADOPTS
                    self.adopt()
                self.send()
            except Exception as error:
                log.error("sending failed with %s at %s", type(error).__name__, place(error))
            self._heard.wait(TICK)


def _first_free(directory: Path) -> tuple[Book, str]:
    for number in range(MOST_PROCESSES):
        try:
            return Book(directory, f"osprey-{number}"), f"osprey-{number}"
        except GateError as error:
            if error.__cause__ is not None:  # not that another process has it
                raise
    raise GateError("no spool is free")
