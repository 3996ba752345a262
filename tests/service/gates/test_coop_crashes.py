"""kill -9 of the gate for Coop, and of the service, at random points: nothing acts without a clearance, twice or never.

``COOP_ROUNDS=100 pytest -m process tests/service/gates/test_coop_crashes.py`` kills a hundred times; CI five times.
"""

import os
import random
import socket
import threading
from functools import partial

import pytest
from sqlalchemy import select

from service.records.tables import clearances
from tests.service.conftest import body
from tests.service.gates.fakes.coop import TOKEN, FakeCoop
from tests.service.gates.gate_process import Gates, health, until
from tests.service.processes import Service

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("gates")]
ROUNDS = int(os.environ.get("COOP_ROUNDS", "5"))
EXECUTOR = ("the-gate", "agent", "executor")


@pytest.fixture(scope="module")
def gates():
    starter = Gates("coop")
    yield starter
    starter.close()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def spent(service):
    """Return the clearances that the service has seen redeemed."""
    rows = service.read(lambda connection: connection.execute(select(clearances.c.id, clearances.c.spent)).all())
    return {str(row.id) for row in rows if row.spent is not None}


def setting(service, gates, directory, coop):
    """Return environment and address of a gate."""
    (directory / "coop.pem").write_bytes(coop.pem())
    port = free_port()
    return {
        "DOUBLECHECK_URL": service.url, "DOUBLECHECK_KEY": service.key(*EXECUTOR),
        "DOUBLECHECK_GATE_STATE": directory / "gate", "DOUBLECHECK_GATE_POLL": 0.2,
        "DOUBLECHECK_GATE_ACTS": "cleared", "DOUBLECHECK_GATE_LISTEN": f"127.0.0.1:{port}",
        "DOUBLECHECK_GATE_COOP_KEY": directory / "coop.pem", "DOUBLECHECK_GATE_COOP_ACTIONS": '{"a-suspend":"suspend"}',
        "DOUBLECHECK_GATE_COOP_TOKEN": TOKEN, "DOUBLECHECK_GATE_COOP_PROFILE_URL": f"{coop.url}/users/{{id}}",
        "DOUBLECHECK_GATE_COOP_ACTION_URL": f"{coop.url}/users/{{id}}/actions",
    }, f"http://127.0.0.1:{port}"  # fmt: skip


@pytest.mark.parametrize("victim", ["gate", "service"])
def test_killed_at_any_moment_it_acts_once_on_what_it_accepted(services, gates, tmp_path, victim):
    draw = random.Random(20261130)  # noqa: S311 -- the same draws each time
    service = Service(services, tmp_path / "home", port=free_port()).start()
    with FakeCoop() as coop:
        environment, address = setting(service, gates, tmp_path, coop)
        running, accepted = gates.start(environment, tmp_path / "gate.log"), set()
        for number in range(ROUNDS):
            assert until(lambda: health(address) is not None), (tmp_path / "gate.log").read_text()[-2000:]
            account = str(5000 + number)
            coop.accounts[account] = body()["account"] | {"account_id": account, "handle": f"JaneR0e{number}"}
            coop.faults["POST /users"] = draw.choice([[], [500], ["after"], ["half"]])
            kill = service.kill if victim == "service" else partial(gates.kill, running)
            killing = threading.Timer(draw.uniform(0.0, 0.6), kill)
            killing.start()
            answered = coop.call_back(address, coop.decision(account))
            if answered is not None and answered.status_code == 202:
                accepted.add(account)
            killing.join()
            if victim == "gate":
                running = gates.start(environment, tmp_path / "gate.log")
            else:
                service.start()
        assert until(lambda: set(health(address) or {"": 0}) <= {"done"}), (health(address), coop.done)
        gates.kill(running)
        acted = [done["account_id"] for done in coop.done.values()]
        assert len(acted) == len(set(acted))
        assert accepted <= set(acted)
        assert set(coop.done) == spent(service)
        assert service.verify()
    service.kill()
    log = (tmp_path / "gate.log").read_text()
    assert "JaneR0e" not in log
    assert "agent-17" not in log
