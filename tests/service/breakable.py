"""A PostgreSQL server that tests may break. ``databases.postgresql_server`` is the one that nobody breaks."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.service.databases import pgserver


class PostgreSQL:
    """A server that can be killed, stopped, frozen, and started again on the same data.

    It is a child of this process, not a daemon, so that its death is seen at once.
    """

    def __init__(self, directory: Path) -> None:
        self._data = directory / "pg"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own, about the machine's runtime directory
            self._files = pgserver().get_server(self._data, cleanup_mode=None, start=False)
            self._files.ensure_pgdata_inited()
        self._log = (directory / "log").open("wb")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres:@/postgres?host={self._data}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = self._files.bin_path / "postgres"
        # Only processes die here, not the machine: what they handed to the system outlives them without being flushed.
        options = ["-c", "listen_addresses=", "-c", "fsync=off"]
        command = [str(program), "-D", str(self._data), "-k", str(self._data), *options]
        self._process = subprocess.Popen(
            command, stdout=self._log, stderr=self._log, user=self._files.system_user, cwd=self._data
        )
        engine = create_engine(self.url.replace("postgresql://", "postgresql+psycopg://"))
        for _ in range(600):
            with suppress(OperationalError):
                engine.connect().close()
                break
            time.sleep(0.1)
        engine.dispose()

    def kill(self) -> None:
        """Kill all of its processes at once, as the loss of power does."""
        self.freeze()  # so that it starts none in the meantime
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Stop it; who is connected loses the connection."""
        self._process.send_signal(signal.SIGINT)  # "fast"
        self._process.wait()

    def freeze(self) -> None:
        """Let it answer nobody any more, without closing a connection."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        """Let it go on."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def close(self) -> None:
        """Kill it if it still runs."""
        if self._process and self._process.poll() is None:
            self.kill()
        self._log.close()

    def _processes(self) -> list[psutil.Process]:
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]


@contextmanager
def breakable_server() -> Iterator[PostgreSQL]:
    """Run a server that a test may kill."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)  # where root runs the tests, the server runs as another user
        server = PostgreSQL(Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.close()
