"""A gate in front of a service in this process: its worker, its book, and the people who review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doublecheck_client import Doublecheck
from sqlalchemy import select

from service.gates.book import Book
from service.gates.case import Case
from service.gates.worker import Acts, Worker
from service.records.tables import clearances
from tests.service.client.wire import InProcess
from tests.service.conftest import Client

GATE = ("the-gate", "agent", "executor")
REVIEWERS = (("reviewer-1", "reviewer"), ("reviewer-2", "reviewer"))


class Rig:
    """A gate's worker over a platform and a service; time is the service's.

    Parameters
    ----------
    lost : set of int
        Numbers of requests to the service whose answers are lost on the way.
    """

    def __init__(
        self, directory: Path, service: Client, platform: Any, *, acts: Acts = "cleared", actor: str | None = None,
        lost: Any = (),
    ) -> None:  # fmt: skip
        self.directory, self.service, self.platform = directory, service, platform
        self.acts, self.actor = acts, actor
        self.transport = InProcess(service.app, lost)
        self.start()

    def start(self) -> None:
        """Start the gate, as after it was killed: what it has on disk is all that it knows."""
        self.book = Book(self.directory, self.platform.name, clock=self._now)
        client = Doublecheck(
            "http://localhost", self.service.key(*GATE), transport=self.transport, retries=0, sleep=lambda _: None
        )
        self.worker = Worker(self.platform, client, self.book, acts=self.acts, actor=self.actor, poll=30.0)

    def _now(self) -> float:
        return self.service.clock.at.timestamp()

    def restart(self) -> None:
        """Kill the gate and start it again."""
        self.book.close()
        self.start()

    def take_on(self, case: Case) -> None:
        """Take a case on, and work."""
        self.book.take_on(case)
        self.work()

    def work(self) -> None:
        """Do what is due, and what is put off too."""
        for entry in self.book.open():
            self.book.wake(entry.case.ref)
        self.worker.work()

    def spent(self) -> set[str]:
        """Return the clearances that the service has seen redeemed."""
        with self.service.check_service.engine.connect() as connection:
            return set(connection.execute(select(clearances.c.id).where(clearances.c.spent.is_not(None))).scalars())

    def case(self, ref: str) -> Case:
        """Return a case as it is on disk."""
        entry = self.book.find(ref)
        assert entry is not None
        return entry.case

    def review(self, ref: str, answer: str = "approve", **more: Any) -> None:
        """Let two reviewers look at a case's check and answer it."""
        address = f"/v1/checks/{self.case(ref).check_id}"
        for by in REVIEWERS if answer == "approve" else REVIEWERS[:1]:
            self.service.get(address, by=by)
            given = {"answer": answer, "reason": "Looked."} | more
            answered = self.service.post(f"{address}/approvals", json=given, by=by)
            assert answered.status_code == 200, answered.text


@pytest.fixture
def rig(tmp_path: Path, make_client: Callable[..., Client]) -> Callable[..., Rig]:
    """Return a maker of gates: over a platform, in front of a service with canned answers."""
    made: list[Rig] = []

    def make(platform: Any, answer: Any = "impersonation", *, service: Client | None = None, **options: Any) -> Rig:
        service = service or make_client(answer, database_url=f"sqlite:///{tmp_path}/service.db")
        made.append(Rig(tmp_path / "gate", service, platform, **options))
        return made[-1]

    yield make
    for one in made:
        one.book.close()
