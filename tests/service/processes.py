"""Services in processes of their own, on a database that lasts: started, killed, stopped and started again."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import psutil
from sqlalchemy import Connection, Engine, func, select

from service.auth.api_keys import create_key
from service.cli.options import opened
from service.records.database import open_database
from service.records.kept_checkpoints import Checkpoint
from service.records.tables import clearances, decisions
from service.records.verification import Verified, verify
from service.signing import Signer, clearance_keys
from tests.service.conftest import AGENT, UNLIMITED, body

ROOT = Path(__file__).parents[2]
# A busy machine is no error. Nothing waits that long unless something is broken.
PATIENCE = 300.0
T = TypeVar("T")


class Services:
    """Starts services; ``canned_server`` says how. Close it, and all of them are gone."""

    def __init__(self) -> None:
        self._template: subprocess.Popen[str] | None = None

    def fork(self, environment: dict[str, str], output: Path) -> int:
        """Start a service and return the id of its first process, which is that of its process group."""
        template = self._template or self._start()
        template.stdin.write(json.dumps({"environment": environment, "output": str(output)}) + "\n")
        template.stdin.flush()
        return int(template.stdout.readline())

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-m", "tests.service.canned_server"]
        self._template = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self._template

    def close(self) -> None:
        """Kill what still runs."""
        if self._template:
            self._template.stdin.close()
            self._template.wait(PATIENCE)
            self._template.stdout.close()


class Service:
    """A service on a home directory and a database, both of which outlast its processes.

    Parameters
    ----------
    settings
        As in ``service.settings``, or ``CANNED_...`` as in ``canned_server``.
    """

    def __init__(self, services: Services, home: Path, database_url: str | None = None, **settings: object) -> None:
        self.home = home
        self.database_url = database_url or f"sqlite:///{home}/doublecheck.db"
        self.settings = settings
        self.group = 0
        self.url = ""
        self._services = services
        self._keys: dict[tuple[str, ...], str] = {}
        self._opened: Engine | None = None
        (home / "tmp").mkdir(parents=True, exist_ok=True)

    # --- its life ----------------------------------------------------------------------------------------------------

    def start(self, *, ready: bool = True, **settings: object) -> Service:
        """Start it, on any free port, and wait until it is ready."""
        self.settings |= settings
        output = self.home / "output"
        output.unlink(missing_ok=True)
        self.group = self._services.fork(self._environment(), output)
        self.url = _until(lambda: _address(output), "prints its address", output)
        if ready:
            _until(lambda: self.status("/readyz") == 200, "is ready", output)
        return self

    def kill(self) -> None:
        """Kill all of its processes at once, as the loss of power does."""
        processes = self.processes()
        if self.alive(processes):
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)
        _until(lambda: not self.alive(processes), "is dead")
        self.group = 0

    def ask_to_stop(self) -> None:
        """Ask its first process to stop: what a supervisor does."""
        os.kill(self.group, signal.SIGTERM)

    def stop(self) -> None:
        """Stop it and wait until it has finished."""
        processes = self.processes()
        self.ask_to_stop()
        _until(lambda: not self.alive(processes), "has stopped", self.home / "output")
        self.group = 0

    def processes(self) -> list[psutil.Process]:
        """Return its processes: the first one, and its workers if it has several."""
        if self.group:
            with suppress(psutil.NoSuchProcess):
                first = psutil.Process(self.group)
                return [first, *first.children(recursive=True)]
        return []

    def connections(self) -> int:
        """Return how many connections it has accepted and not closed."""
        found = (one for process in self.workers() for one in process.net_connections("tcp"))
        return sum(one.status == psutil.CONN_ESTABLISHED for one in found)

    @staticmethod
    def alive(processes: Iterable[psutil.Process]) -> bool:
        """Tell whether one of them runs; what is dead and was not waited for does not."""
        return any(one.is_running() and _status(one) != psutil.STATUS_ZOMBIE for one in processes)

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer."""
        first, *others = self.processes()
        return [one for one in others if "resource_tracker" not in " ".join(one.cmdline())] or [first]

    def _engine(self) -> Engine:
        if self._opened is None:
            self._opened = open_database(self.database_url)
        return self._opened

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DOUBLECHECK_")}
        named = UNLIMITED | {"home": self.home, "port": 0, "database_url": self.database_url} | self.settings
        ours = {
            (name if name.isupper() else f"DOUBLECHECK_{name}".upper()): str(value) for name, value in named.items()
        }
        return inherited | {"TMPDIR": str(self.home / "tmp")} | ours

    def answers(self) -> list[dict[str, Any]]:
        """Return what it has logged of its answers since it was started: route, status and milliseconds."""
        lines = (json.loads(line) for line in (self.home / "output").read_text().splitlines() if line.startswith("{"))
        return [line for line in lines if "status" in line]

    # --- asking it ---------------------------------------------------------------------------------------------------

    def key(self, actor: str, *roles: str) -> str:
        """Return the key of an actor with these roles, made when first asked for."""
        if (actor, *roles) not in self._keys:
            with opened(self.home, self.database_url) as office:
                self._keys[actor, *roles] = office.change(lambda unit: create_key(unit, actor, roles))
        return self._keys[actor, *roles]

    def headers(self, *by: str, key: str | None = None) -> dict[str, str]:
        """Return the headers of a request by an actor and its roles, with an idempotency key."""
        return {"Authorization": f"Bearer {self.key(*by)}"} | ({"Idempotency-Key": key} if key else {})

    def client(self, **options: Any) -> httpx.AsyncClient:
        """Return a client that asks it, patiently."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        return httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=PATIENCE, limits=limits, **options)

    def status(self, path: str) -> int | None:
        """Return the status of a probe; ``None`` where nobody answers."""
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}{path}", trust_env=False, timeout=PATIENCE).status_code
        return None

    def ask(self, path: str, given: Any, by: tuple[str, ...] = AGENT, key: str | None = None) -> httpx.Response:
        """Post one request and return its answer."""
        headers = self.headers(*by, key=key)
        return httpx.post(f"{self.url}{path}", json=given, headers=headers, trust_env=False, timeout=PATIENCE)

    def check(self, **changes: Any) -> httpx.Response:
        """Ask for one check, of an account of its own."""
        return self.ask("/v1/checks", account_body(**changes))

    # --- its database ------------------------------------------------------------------------------------------------

    def read(self, work: Callable[[Connection], T]) -> T:
        """Read from its database, from outside."""
        engine = self._engine()
        with engine.connect() as connection:
            found = work(connection)
        engine.dispose()  # nothing stays open that could be in the way of what is tested
        return found

    def verify(self, kept: Checkpoint | None = None) -> Verified:
        """Verify the whole log and all that it vouches for."""
        trusted = Signer(clearance_keys(self.home)).public()
        return self.read(lambda connection: verify(connection, trusted, kept=kept))

    def decided(self, account_ids: Iterable[str]) -> dict[str, int]:
        """Return how many decisions there are on each account."""
        wanted = list(account_ids)
        query = select(decisions.c.account_id, func.count()).group_by(decisions.c.account_id)
        found = self.read(lambda connection: dict(connection.execute(query).all()))
        return {name: found.get(name, 0) for name in wanted}

    def spent(self) -> set[str]:
        """Return the clearances that it has seen redeemed."""
        query = select(clearances.c.id).where(clearances.c.spent.is_not(None))
        return {str(one) for one in self.read(lambda connection: connection.execute(query).scalars().all())}

    def clearances(self) -> int:
        """Return how many clearances were ever given."""
        return self.read(lambda connection: connection.execute(select(func.count()).select_from(clearances)).scalar())


def account_body(account_id: str | None = None, followers: int = 12, actor: str = "agent-17") -> dict[str, Any]:
    """Return the body of a check: of an account of its own, which takes two people from 100,000 followers on."""
    request = body(actor={"actor_id": actor})
    request["account"] |= {"account_id": account_id or str(uuid4().int % 10**15), "followers": followers}
    return request


async def together(asked: Iterable[Awaitable[T]]) -> list[T]:
    """Ask everything at once and return the answers in order."""
    return list(await asyncio.gather(*asked))


def eventually(done: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Tell whether something becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.02)
    return False


def _until(done: Callable[[], T], what: str, output: Path | None = None) -> T:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := done():
            return found
        time.sleep(0.01)
    written = output.read_text()[-3_000:] if output and output.exists() else ""
    raise AssertionError(f"the service never {what}\n{written}")


def _address(output: Path) -> str:
    found = re.search(r"is at (http://\S+)/ ", output.read_text()) if output.exists() else None
    return found[1] if found else ""


def _status(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_ZOMBIE
