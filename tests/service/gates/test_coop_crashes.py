"""kill -9 of the gate for Coop, of the service and of its database, at random points: all is done once, and cleared.

``COOP_ROUNDS=100 pytest -m process tests/service/gates/test_coop_crashes.py`` kills a hundred times; CI five times.
"""

import os
import random
import threading
from functools import partial

import pytest

from service.gates.waits import LONGEST_WAIT
from tests.service.conftest import body
from tests.service.databases import new_database
from tests.service.gates.fakes.coop import TOKEN, FakeCoop
from tests.service.gates.gate_process import EXECUTOR, PATIENCE, Gates, free_port, health, until
from tests.service.processes import Service

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("gates")]
ROUNDS = int(os.environ.get("COOP_ROUNDS", "5"))


@pytest.fixture(scope="module")
def gates():
    starter = Gates("coop")
    yield starter
    starter.close()


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


@pytest.mark.parametrize("victim", ["gate", "service", "database"])
def test_killed_at_any_moment_it_acts_once_on_what_it_accepted(services, gates, tmp_path, victim, request):
    draw = random.Random(20261130)  # noqa: S311 -- the same draws each time
    server = request.getfixturevalue("breakable_postgresql") if victim == "database" else None
    database_url = new_database(server.url) if server else None
    service = Service(services, tmp_path / "home", database_url, port=free_port()).start()
    with FakeCoop() as coop:
        environment, address = setting(service, gates, tmp_path, coop)
        running, accepted = gates.start(environment, tmp_path / "gate.log"), set()
        for number in range(ROUNDS):
            assert until(lambda: health(address) is not None), (tmp_path / "gate.log").read_text()[-2000:]
            account = str(5000 + number)
            coop.accounts[account] = body()["account"] | {"account_id": account, "handle": f"JaneR0e{number}"}
            coop.faults["POST /users"] = draw.choice([[], [500], ["after"], ["half"]])
            kills = {"service": service.kill, "gate": partial(gates.kill, running), "database": server and server.kill}
            kill = kills[victim]
            killing = threading.Timer(draw.uniform(0.0, 0.6), kill)
            killing.start()
            answered = coop.call_back(address, coop.decision(account))
            if answered is not None and answered.status_code == 202:
                accepted.add(account)
            killing.join()
            if victim == "gate":
                running = gates.start(environment, tmp_path / "gate.log")
            else:
                (server or service).start()
        over = until(lambda: set(health(address) or {"": 0}) <= {"done"}, LONGEST_WAIT + PATIENCE)
        assert over, (health(address), (tmp_path / "gate.log").read_text()[-5000:])
        gates.kill(running)
        acted = [done["account_id"] for done in coop.done.values()]
        assert len(acted) == len(set(acted))
        assert accepted <= set(acted)
        assert set(coop.done) == service.spent()
        assert service.verify()
    service.kill()
    log = (tmp_path / "gate.log").read_text()
    assert "JaneR0e" not in log
    assert "agent-17" not in log
