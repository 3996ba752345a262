"""Two machines on one PostgreSQL, each with a home of its own: neither clears by a registry that the other has not."""

from __future__ import annotations

import shutil
import time

import httpx
import pytest

from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from tests.service.databases import new_database
from tests.service.processes import Service, eventually

ADMIN, READER = ("carla", "admin"), ("aud", "auditor")


@pytest.fixture
def machines(services, tmp_path, postgresql, registry: Registry):
    """Two services with the same registry, the same model and each other's public keys."""
    url = new_database(postgresql)
    found = []
    for name in ("a", "b"):
        home = tmp_path / name
        ModelStore(home).first_start()
        registry_store(home).replace(registry)
        found.append(Service(services, home, url, CANNED_SCORER="served", log_level="info", monitor_minutes=0))
    trusted = [one.home / "keys" / "clearances" / "trusted" for one in found]
    found[0].start()
    shutil.copytree(trusted[0], trusted[1])  # without it the second does not start: another key signed the log last
    found[1].start()
    shutil.copytree(trusted[1], trusted[0], dirs_exist_ok=True)
    yield found
    for one in found:
        one.kill()


def ready(*machines):
    return [machine.status("/readyz") for machine in machines]


def put(machine, handle):
    given = {"json": {"display_name": handle}, "headers": machine.headers(*ADMIN)}
    return httpx.put(f"{machine.url}/v1/protected/x/{handle}", **given, trust_env=False, timeout=60)


def version(machine):
    answer = httpx.get(
        f"{machine.url}/v1/protected?limit=1", headers=machine.headers(*READER), trust_env=False, timeout=60
    )
    return answer.json()["registry_version"]


def test_a_change_at_one_machine_reaches_the_other_within_seconds(machines):
    a, b = machines
    assert ready(a, b) == [200, 200]
    for machine, handle in ((a, "QuillfernHarbour"), (b, "MotlowDrexel"), (a, "Zibbadock")):
        changed = put(machine, handle)
        assert changed.status_code == 200, changed.text
        began = time.monotonic()
        assert eventually(lambda: ready(a, b) == [200, 200])
        assert time.monotonic() - began < 30  # two in fact; a busy machine takes its time
        assert {version(a), version(b)} == {changed.json()["registry_version"]}
    a.verify()
    b.verify()


def test_a_machine_that_was_off_takes_over_what_was_changed_meanwhile(machines):
    a, b = machines
    b.stop()
    assert put(a, "QuillfernHarbour").status_code == 200
    assert a.status("/readyz") == 503  # b may be lost for good, or come back and clear by what it has
    b.start()
    assert eventually(lambda: ready(a, b) == [200, 200])
    assert version(a) == version(b)


def test_a_machine_that_comes_with_another_registry_stops_both(machines, president):
    a, b = machines
    b.stop()
    registry_store(b.home).replace(Registry([president]))
    b.start(ready=False)
    assert eventually(lambda: ready(a, b) == [503, 503])
    shutil.rmtree(b.home / "registry")
    shutil.copytree(a.home / "registry", b.home / "registry")
    assert eventually(lambda: ready(a, b) == [200, 200])
