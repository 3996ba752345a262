"""Two machines on one PostgreSQL, each with a home of its own: neither clears by a registry that the other has not."""

from __future__ import annotations

import shutil

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
    for one in found:
        one.start()
    trusted = [one.home / "keys" / "clearances" / "trusted" for one in found]
    shutil.copytree(trusted[0], trusted[1], dirs_exist_ok=True)
    shutil.copytree(trusted[1], trusted[0], dirs_exist_ok=True)
    yield found
    for one in found:
        one.kill()


def ready(*machines):
    return [machine.status("/readyz") for machine in machines]


def test_a_change_at_one_machine_stops_the_other_until_it_has_it_too(machines):
    a, b = machines
    assert ready(a, b) == [200, 200]
    put = httpx.put(
        f"{a.url}/v1/protected/x/SomebodyNew9", json={"display_name": "Somebody New"}, headers=a.headers(*ADMIN),
        trust_env=False, timeout=60,
    )  # fmt: skip
    assert put.status_code == 200
    assert b.status("/readyz") == 503  # from the very commit on, not a second later
    assert a.status("/readyz") == 503
    assert eventually(lambda: "another registry in force" in (b.home / "output").read_text())
    shutil.copytree(a.home / "registry", b.home / "registry", dirs_exist_ok=True)
    assert eventually(lambda: ready(a, b) == [200, 200])
    found = httpx.get(
        f"{b.url}/v1/protected/x/SomebodyNew9", headers=b.headers(*READER), trust_env=False, timeout=60
    )  # fmt: skip
    assert found.json()["registry_version"] == put.json()["registry_version"]
    a.verify()
    b.verify()


def test_a_machine_that_comes_with_another_registry_stops_both(machines, president):
    a, b = machines
    b.stop()
    registry_store(b.home).replace(Registry([president]))
    b.start(ready=False)
    assert eventually(lambda: ready(a, b) == [503, 503])
    shutil.rmtree(b.home / "registry")
    shutil.copytree(a.home / "registry", b.home / "registry")
    assert eventually(lambda: ready(a, b) == [200, 200])
