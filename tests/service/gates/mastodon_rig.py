"""What the tests of Mastodon's gate share: gates in front of a fake server, and what it delivers to them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.gates import calls
from service.gates import run as running
from service.gates.attempts import SETTLE
from service.gates.mastodon import Settings, platform
from service.gates.platform import Delivery
from tests.service.conftest import TARGET, canned
from tests.service.gates.fakes.mastodon import DOMAIN, RULE, SECRET, TOKEN, Mastodon

PATH = "/mastodon/webhook"
PROTECTED = replace(TARGET, platform="mastodon", handle=f"janeroe@{DOMAIN}", account_id="1")
CLEAR = canned(target=PROTECTED, likeliest=PROTECTED, steadiest=PROTECTED)


def settings(server, directory, **changes):
    given = {
        "url": "http://localhost", "key": "dck_x", "gate_state": directory, "gate_mastodon_url": server.url,
        "gate_mastodon_token": TOKEN, "gate_mastodon_secret": SECRET, "gate_mastodon_domain": DOMAIN,
        "gate_mastodon_rules": f"{RULE}, 9",
    }  # fmt: skip
    return Settings(**(given | changes))


@pytest.fixture
def server():
    with Mastodon().running() as found:
        yield found


@pytest.fixture
def make(rig, server, tmp_path):
    """Return a maker of gates in front of the server; ``take`` delivers to them as their listener takes it."""

    gates = []

    def made(answer="impersonation", *, acts="approved", more=None, **options):
        given = platform(settings(server, tmp_path / "gate", **(more or {})))
        gate = rig(given, CLEAR if answer == "impersonation" else answer, acts=acts, **options)
        gate.server = server
        gates.append(gate)
        return gate

    yield made
    for gate in gates:
        gate.platform.api.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(calls, "TIMEOUT", 0.5)


def heard(gate, event, report, headers=None):
    """Deliver an event; return the status."""
    body = gate.server.event(event, report)
    return raw(gate, body, gate.server.sign(body) if headers is None else headers)


def raw(gate, body, headers, path=PATH):
    given = {name.lower(): value for name, value in headers.items()}
    return gate.platform.receive(Delivery(path, given, body), gate.book).status


def reported(gate, number="7", account="17", event="report.created", **more):
    """Let the account be reported, and the gate work."""
    if account not in gate.server.accounts:
        gate.server.add(account, followers_count=200_000)
    assert heard(gate, event, gate.server.report(number, account, **more)) == 200
    gate.work()


def poll(gate):
    running.poll(gate.platform, gate.book)


def later(gate, seconds=SETTLE + 1):
    gate.service.clock.at += timedelta(seconds=seconds)


def on_disk(directory):
    return b"".join(file.read_bytes() for file in Path(directory).rglob("*") if file.is_file())
