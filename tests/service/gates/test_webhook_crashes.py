"""kill -9 of the gate for any platform, at random points: it allows once what it accepted, with a redeemed clearance.

``WEBHOOK_ROUNDS=100 pytest -m process tests/service/gates/test_webhook_crashes.py`` kills a hundred times.
"""

import os
import random
import threading
from contextlib import suppress
from functools import partial

import httpx
import pytest

from service.gates.waits import LONGEST_WAIT
from tests.service.conftest import body
from tests.service.gates.fakes.webhook import SECRET, TOKEN, FakePlatform, sign
from tests.service.gates.gate_process import EXECUTOR, PATIENCE, Gates, free_port, health, until
from tests.service.processes import Service

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.xdist_group("gates")]
ROUNDS = int(os.environ.get("WEBHOOK_ROUNDS", "5"))


@pytest.fixture(scope="module")
def gates():
    starter = Gates("webhook")
    yield starter
    starter.close()


def test_killed_at_any_moment_it_allows_once_what_it_accepted(services, gates, tmp_path):
    draw = random.Random(20261130)  # noqa: S311 -- the same draws each time
    service, port = Service(services, tmp_path / "home").start(), free_port()
    log, address = tmp_path / "gate.log", f"http://127.0.0.1:{port}"
    with FakePlatform() as platform:
        environment = {
            "DOUBLECHECK_URL": service.url, "DOUBLECHECK_KEY": service.key(*EXECUTOR), "DOUBLECHECK_GATE_POLL": 0.2,
            "DOUBLECHECK_GATE_STATE": tmp_path / "gate", "DOUBLECHECK_GATE_ACTS": "cleared",
            "DOUBLECHECK_GATE_LISTEN": f"127.0.0.1:{port}", "DOUBLECHECK_GATE_WEBHOOK_SECRET": SECRET,
            "DOUBLECHECK_GATE_WEBHOOK_URL": f"{platform.url}/hook", "DOUBLECHECK_GATE_WEBHOOK_TOKEN": TOKEN,
            "DOUBLECHECK_GATE_WEBHOOK_PROFILE_URL": f"{platform.url}/profiles/{{id}}",
        }  # fmt: skip
        running, accepted = gates.start(environment, log), set()
        for number in range(ROUNDS):
            assert until(lambda: health(address) is not None), log.read_text()[-2000:]
            account = str(5000 + number)
            platform.accounts[account] = body()["account"] | {"account_id": account, "handle": f"JaneR0e{number}"}
            platform.faults["POST /hook"] = draw.choice([[], [500], ["after", "after"], ["half"]])
            killing = threading.Timer(draw.uniform(0.0, 0.6), partial(gates.kill, running))
            killing.start()
            content = platform.request(f"case-{number}", account_id=account)
            with suppress(httpx.TransportError):
                headers = sign(content, f"msg-{number}")
                answered = httpx.post(f"{address}/webhook", content=content, headers=headers, trust_env=False)
                assert answered.status_code == 202
                accepted.add(account)
            killing.join()
            running = gates.start(environment, log)
        over = until(lambda: set(health(address) or {"": 0}) <= {"done"}, LONGEST_WAIT + PATIENCE)
        assert over, (health(address), log.read_text()[-5000:])
        gates.kill(running)
        acted = [done["account_id"] for done in platform.done.values()]
        assert len(acted) == len(set(acted))
        assert accepted <= set(acted)
        assert set(platform.done) == service.spent()
    service.kill()
    assert "JaneR0e" not in log.read_text()
