"""What the tests of Coop's gate share: gates in front of a fake Coop, and its callbacks."""

import asyncio

import httpx
import pytest

from service.gates import calls
from service.gates import coop as module
from service.gates.first_step import FirstStep
from service.gates.listener import Listener
from service.gates.settings import load
from tests.service.conftest import body
from tests.service.gates.fakes.coop import TOKEN, FakeCoop
from tests.service.gates.fakes.loopback import SILENCE

ACTIONS = '{"a-suspend": "suspend", "a-delete": "delete"}'


@pytest.fixture
def coop(monkeypatch):
    monkeypatch.setattr(calls, "TIMEOUT", SILENCE * 0.4)
    with FakeCoop() as fake:
        fake.accounts["9001"] = dict(body()["account"])
        yield fake


@pytest.fixture
def environment(monkeypatch, tmp_path, coop):
    (tmp_path / "coop.pem").write_bytes(coop.pem())
    values = {
        "URL": "http://localhost:8000", "KEY": "dck_key", "GATE_STATE": str(tmp_path / "gate"),
        "GATE_COOP_KEY": str(tmp_path / "coop.pem"), "GATE_COOP_ACTIONS": ACTIONS, "GATE_COOP_TOKEN": TOKEN,
        "GATE_COOP_PROFILE_URL": f"{coop.url}/users/{{id}}",
        "GATE_COOP_ACTION_URL": f"{coop.url}/users/{{id}}/actions",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"DOUBLECHECK_{name}", value)
    return monkeypatch


@pytest.fixture
def gate(environment, rig):
    """A maker of gates that answer Coop as the process does."""
    made = []

    def make(answer="impersonation", **options):
        platform = module.platform(load(module.Settings))
        one = rig(platform, answer, **options)
        one.listener = Listener(platform, one.book)
        platform.first_step = FirstStep(one.worker.first_step, within=60.0)  # on a busy machine
        made.append(platform.first_step)
        return one

    yield make
    for first_step in made:
        first_step.close()


def post(gate, content, path="/coop/action", headers=None):
    """Send a callback to a gate in this process, signed unless told otherwise."""

    async def ask():
        transport = httpx.ASGITransport(app=gate.listener)
        async with httpx.AsyncClient(transport=transport, base_url="http://gate") as client:
            return await client.post(
                path, content=content, headers=FakeCoop.signed(content) if headers is None else headers
            )

    return asyncio.run(ask())


def only(gate):
    """Return the one case that the gate has."""
    [entry] = gate.book._entries("1")
    return entry.case
