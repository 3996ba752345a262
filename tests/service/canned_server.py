"""The real service with canned answers, in processes of its own: for tests that kill, starve and race it.

It is all there: the server, the workers, the committer, the database. Only the scorer is replaced, because nothing here
is about the model: every account is a certified impersonation, and the policy clears it unless its audience is large.

To import the service takes seconds and these tests start it hundreds of times. So this program imports it once and
then, for every line that it reads, forks a process that runs the service: with the environment that the line names, in
a process group of its own, its output in a file. ``processes.Service`` writes those lines and kills those groups.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

import uvicorn._subprocess

from classifier.accounts.account import Account
from classifier.scoring.assessment import Assessment
from service.decisions.check_service import CheckService
from service.decisions.current_scorer import FixedScorer
from service.records.database import open_database
from service.server import run
from service.server.bootstrap import open_check_service
from service.server.port import FIRST, at_handed_over
from service.settings import Settings, load_settings
from service.signing import Signer, clearance_keys
from service.utils.clock import utc_now
from tests.service.conftest import ASSESSMENTS, FakeScorer

# Seconds that scoring takes, whatever is scored together: for tests about waiting.
SCORING_SECONDS = "CANNED_SCORING_SECONDS"
# "served": the scorer that the settings name instead of canned answers, for tests of what people see.
SCORER = "CANNED_SCORER"
# Workers are forked like the service itself; "spawn", as in production, where a test is about that.
START_METHOD = "CANNED_START_METHOD"
# A port that stays open while the service is started anew, handed over as systemd does.
KEPT_PORT = "CANNED_KEPT_PORT"


class PatientScorer(FakeScorer):
    """Takes its time."""

    def assess_many(self, accounts: Sequence[Account]) -> list[Assessment]:
        time.sleep(float(os.environ.get(SCORING_SECONDS, "0")))
        return super().assess_many(accounts)


def open_canned_check_service(settings: Settings) -> CheckService:
    """As ``service.server.bootstrap.open_check_service``, but for the scorer."""
    signer = Signer(clearance_keys(settings.home))
    scorer: Any = PatientScorer(ASSESSMENTS["impersonation"])
    return CheckService(FixedScorer(scorer), settings, open_database(settings.database()), signer, clock=utc_now)


def serve() -> None:
    """As ``doublecheck serve``."""
    settings = at_handed_over(load_settings())
    check_service = (
        open_check_service(settings) if os.environ.get(SCORER) == "served" else open_canned_check_service(settings)
    )
    if settings.workers == 1:
        run.serve(check_service, settings)
    else:
        check_service.close()
        uvicorn._subprocess.spawn = multiprocessing.get_context(os.environ.get(START_METHOD, "fork"))
        run.serve_with_workers(settings)


def serve_on_demand() -> None:
    """Start a service for each line; when the lines end, kill what still runs."""
    running: list[int] = []
    kept: dict[str, socket.socket] = {}
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        running = [child for child in running if _runs(child)]
        port = order["environment"].get(KEPT_PORT)
        if port and port not in kept:
            kept[port] = socket.create_server(("127.0.0.1", int(port)), backlog=1_000)
        child = os.fork()
        if child == 0:
            if port:
                os.dup2(kept[port].fileno(), FIRST)
                order["environment"] |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
            _become_a_service(**order)
        running.append(child)
        print(child, flush=True)
    for child in running:
        if _runs(child):
            os.killpg(child, signal.SIGKILL)


def _runs(child: int) -> bool:
    """Tell whether a service still runs; the number of one that does not may be somebody else's next."""
    return os.waitpid(child, os.WNOHANG) == (0, 0)


def _become_a_service(environment: dict[str, str], output: str) -> None:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.clear()
    os.environ.update(environment)
    status = 1
    try:
        serve()
        status = 0
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ in {
    "__main__",
    "__mp_main__",
}:  # the second: in a spawned worker, which opens its check service by this name
    run.open_check_service = open_canned_check_service
if __name__ == "__main__":
    serve_on_demand()
