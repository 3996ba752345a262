"""kill -9 of the gate for Ozone, and of the service, at random points: nothing acts without a clearance, or twice.

``OZONE_ROUNDS=100 pytest -m process tests/service/gates/test_ozone_crashes.py`` kills a hundred times; CI five times.
Every check takes two reviewers, who answer it whenever they see it.
"""

import os
import random
import sqlite3
import threading
import time
from contextlib import suppress
from functools import partial

import httpx
import pytest
from sqlalchemy import select

from service.records.tables import decisions
from tests.service.gates.fakes import ozone as fakes
from tests.service.gates.fakes.ozone import MODERATOR, FakeOzone
from tests.service.gates.gate_process import EXECUTOR, Gates, free_port, until
from tests.service.gates.ozone_rig import PROFILE
from tests.service.processes import Service

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("gates")]
ROUNDS = int(os.environ.get("OZONE_ROUNDS", "5"))
FAULTS = ("", "", "500", "lost", "half", "expired")
METHODS = ("tools.ozone.moderation.emitEvent", "tools.ozone.moderation.queryEvents", "app.bsky.actor.getProfile")


@pytest.fixture(scope="module")
def gates():
    starter = Gates("ozone")
    yield starter
    starter.close()


def did_of(number):
    """Return a DID of its own for each number."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "did:plc:" + (letters[number // 26] + letters[number % 26]).ljust(24, "b")


def environment(service, directory, fake):
    return {
        "DOUBLECHECK_URL": service.url, "DOUBLECHECK_KEY": service.key(*EXECUTOR),
        "DOUBLECHECK_GATE_STATE": directory / "gate", "DOUBLECHECK_GATE_POLL": 0.3,
        "DOUBLECHECK_GATE_ACTS": "approved", "DOUBLECHECK_GATE_OZONE_PDS": fake.url,
        "DOUBLECHECK_GATE_OZONE_DID": fakes.OZONE_DID, "DOUBLECHECK_GATE_OZONE_IDENTIFIER": fakes.IDENTIFIER,
        "DOUBLECHECK_GATE_OZONE_PASSWORD": fakes.PASSWORD,
    }  # fmt: skip


def review(service, seen):
    """Have two reviewers approve every check that they have not answered."""
    with suppress(httpx.TransportError):
        for check_id in service.read(lambda connection: connection.execute(select(decisions.c.id)).scalars().all()):
            for by in (("reviewer-1", "reviewer"), ("reviewer-2", "reviewer")):
                if (check_id, by) in seen:
                    continue
                address = f"{service.url}/v1/checks/{check_id}"
                httpx.get(address, headers=service.headers(*by), trust_env=False, timeout=30)
                given = {"answer": "approve", "reason": "Looked."}
                answered = service.ask(f"/v1/checks/{check_id}/approvals", given, by=by)
                if answered.status_code in {200, 409}:
                    seen.add((check_id, by))


def states(directory):
    """Return how many cases of a gate are in each state, read from outside."""
    with suppress(sqlite3.Error):
        db = sqlite3.connect(f"{(directory / 'gate' / 'ozone.db').absolute().as_uri()}?mode=ro", uri=True)
        try:
            return dict(db.execute("SELECT state, count(*) FROM cases GROUP BY state").fetchall())
        finally:
            db.close()
    return {}


@pytest.mark.parametrize("victim", ["gate", "service"])
def test_killed_at_any_moment_it_acts_once_on_whatever_was_reported(services, gates, tmp_path, victim):
    draw = random.Random(20261130)  # noqa: S311 -- the same draws each time
    service = Service(services, tmp_path / "home", port=free_port()).start()
    seen, dids = set(), []
    with FakeOzone(page=50) as fake:
        running = gates.start(environment(service, tmp_path, fake), tmp_path / "gate.log")
        for number in range(ROUNDS):
            dids.append(fake.add_account(did_of(number), **PROFILE | {"handle": f"janer0e{number}.example"}))
            fake.report(dids[-1], assigned=MODERATOR)
            fake.misbehave(draw.choice(METHODS), draw.choice(FAULTS))
            killing = threading.Timer(
                draw.uniform(0.0, 1.5), service.kill if victim == "service" else partial(gates.kill, running)
            )
            killing.start()
            while killing.is_alive():
                review(service, seen)
                time.sleep(0.05)
            if victim == "gate":
                running = gates.start(environment(service, tmp_path, fake), tmp_path / "gate.log")
            else:
                service.start()
        fake.plans.clear()
        assert until(lambda: review(service, seen) or states(tmp_path) == {"done": ROUNDS}), states(tmp_path)
        gates.kill(running)
        assert sorted(one["subject"]["did"] for one in fake.takedowns()) == sorted(dids)
        assert {one["externalId"] for one in fake.takedowns()} == service.spent()
        assert service.verify()
    service.kill()
    log = (tmp_path / "gate.log").read_text()
    assert "janer0e" not in log
    assert "did:" not in log
