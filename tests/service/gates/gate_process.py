"""Gates in processes of their own, for tests that kill them: imported once, then forked for every start.

``python -m tests.service.gates.gate_process NAME`` reads a line for each start: the environment, and a file for what it
prints; it answers with the process's id, and kills what still runs when the lines end.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[3]
# Seconds. A busy machine is no error.
PATIENCE = 120.0

# Whose key a gate has.
EXECUTOR = ("the-gate", "agent", "executor")


class Gates:
    """Starts gates of one name. Close it, and all of them are gone."""

    def __init__(self, name: str) -> None:
        command = [sys.executable, "-W", "error", "-m", "tests.service.gates.gate_process", name]
        paths = os.pathsep.join(str(path) for path in (ROOT / "service" / "client", ROOT))
        self._template = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def start(self, environment: Mapping[str, object], output: Path) -> int:
        """Start a gate and return its process's id."""
        order = {"environment": {name: str(value) for name, value in environment.items()}, "output": str(output)}
        self._template.stdin.write(json.dumps(order) + "\n")
        self._template.stdin.flush()
        return int(self._template.stdout.readline())

    def kill(self, process: int) -> None:
        """Kill one at once, as the loss of power does, and wait until it is gone."""
        self._template.stdin.write(json.dumps({"kill": process}) + "\n")
        self._template.stdin.flush()
        self._template.stdout.readline()

    def close(self) -> None:
        self._template.stdin.close()
        self._template.wait(PATIENCE)
        self._template.stdout.close()


def health(address: str) -> dict[str, int] | None:
    """Return what a gate says waits; ``None`` where nobody answers."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/healthz", timeout=5, trust_env=False).json()["waiting"]
    return None


def until(done: object, seconds: float = PATIENCE) -> bool:
    """Tell whether something becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.02)
    return False


def _serve(name: str) -> None:
    from importlib import import_module  # noqa: PLC0415

    from service.cli.gate import gate_group  # noqa: PLC0415
    from service.gates import run  # noqa: F401, PLC0415 -- loaded once

    import_module(f"service.gates.{name}")
    running: set[int] = set()
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if "kill" in order:
            _end(order["kill"], running)
            print("killed", flush=True)
            continue
        child = os.fork()
        if child == 0:
            _become(lambda: gate_group([name], standalone_mode=False), **order)
        running.add(child)
        print(child, flush=True)
    for child in list(running):
        _end(child, running)


def _end(child: int, running: set[int]) -> None:
    if child in running:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        running.remove(child)


def _become(work: object, environment: dict[str, str], output: str) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.update(environment)
    try:
        work()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    _serve(sys.argv[1])
