"""What the tests of Ozone's gate share: the gate in front of a fake, with one clock, and an account to report."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from service.gates.errors import LaterError
from service.gates.ozone import Ozone, Settings
from service.gates.ozone.wire import Wire
from tests.service import conftest
from tests.service.gates.fakes import ozone as fakes
from tests.service.gates.fakes.ozone import FakeOzone, RefusedError

DID = "did:plc:imitatoraaaaaaaaaaaaaaaa"
PROFILE = {
    "handle": "janer0e.example", "displayName": "Jane Roe", "description": "Chair of Northwind.",
    "followersCount": 12, "followsCount": 3, "postsCount": 4, "createdAt": "2026-04-20T08:00:00Z",
    "verification": {"verifiedStatus": "none"}, "avatar": "https://pictures.invalid/1", "viewer": {"muted": False},
}  # fmt: skip
LARGE = {"followersCount": 200_000}
TARGET = replace(conftest.TARGET, platform="bluesky", account_id="did:plc:janeaaaaaaaaaaaaaaaaaaaa")
CLEARED = conftest.canned(target=TARGET, likeliest=TARGET, steadiest=TARGET)


def settings(fake, **changes):
    given = {
        "url": "http://localhost", "key": "dck_x", "gate_state": "/nonexistent", "gate_ozone_pds": fake.url,
        "gate_ozone_did": fakes.OZONE_DID, "gate_ozone_identifier": fakes.IDENTIFIER,
        "gate_ozone_password": fakes.PASSWORD,
    }  # fmt: skip
    return Settings(**given | changes)


@pytest.fixture
def ozone(rig, make_client, tmp_path, monkeypatch):
    """Return a maker of a gate in front of a fake Ozone; both and the service have one clock."""
    monkeypatch.setattr("service.gates.calls.TIMEOUT", 0.5)
    started, wires = [], []

    def make(answer=CLEARED, *, acts="approved", page=2, old=None, **options):
        service = make_client(answer, database_url=f"sqlite:///{tmp_path}/service.db")

        def now():
            return service.clock.at.timestamp()

        fake = FakeOzone(page=page, old=old, clock=now)
        started.append(fake.__enter__())
        fake.add_account(DID, **PROFILE)
        wires.append(Wire(settings(fake), clock=now))
        gate = rig(Ozone(settings(fake), wires[-1]), service=service, acts=acts, **options)
        gate.fake = fake
        return gate

    yield make
    for one in wires:
        one.close()
    for one in started:
        one.__exit__()


def step(gate, rounds=1):
    """Poll and work, as the gate does by itself; what the platform fails in is tried at the next round."""
    for _ in range(rounds):
        with suppress(LaterError):
            gate.platform.poll(gate.book)
        gate.work()
        gate.service.clock.at += timedelta(seconds=1)


def cases(gate, did=DID):
    """Return the cases of an account, the oldest first."""
    return [entry.case for entry in gate.book.of_account(did)][::-1]


def case(gate):
    """Return the account's only case."""
    [found] = cases(gate)
    return found


def lose_takedowns(fake, times):
    """Lose the answers to takedowns, not to other events."""
    emit, left = fake._emit, [times]

    def losing(by, given):
        done = emit(by, given)
        if given["event"]["$type"].endswith("Takedown") and left[0]:
            left[0] -= 1
            raise RefusedError(502, "")
        return done

    fake._emit = losing
