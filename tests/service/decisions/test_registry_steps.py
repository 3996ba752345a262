"""A change of the registry at one home reaches another, and nothing else does."""

import asyncio
import json
import logging
import shutil

import pytest
from sqlalchemy import delete, select, update

from classifier.accounts.account import ProtectedAccount
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.registry_store import RegistryStore
from service.decisions.current_scorer import FixedScorer, FollowedScorer
from service.decisions.registry_steps import KEPT
from service.records.database import writing
from service.records.tables import instances, registry_steps
from service.settings import Settings
from tests.service.conftest import UNLIMITED, Client, Clock

JANE = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1")
ADMIN = ("carla", "admin")
NEWCOMERS = [ProtectedAccount(platform="x", handle=name) for name in ("MotlowDrexel", "Zibbadock", "QuillfernHarbour")]


class Home(Client):
    """A service with a registry of its own, on a database that others use too."""

    def __init__(self, directory, url, stored, models, clock):
        self.store = RegistryStore(directory)
        self.store.replace(Registry([JANE]))
        opened = self.store.open()
        current = FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), self.store, opened, models)
        super().__init__(current, Settings(home=directory, database_url=url, **UNLIMITED), clock)

    def look(self):
        """Do what the service does each second."""
        asyncio.run(self.upkeep.note_versions())

    def put(self, account):
        return self.request("PUT", f"/v1/protected/x/{account.handle}", json={}, by=ADMIN)

    @property
    def version(self):
        return self.check_service.current().registry.version

    def handles(self):
        return {account.handle for account in self.check_service.current().registry}

    def steps(self):
        with self.check_service.engine.connect() as connection:
            return connection.execute(select(registry_steps)).all()

    def tamper(self, **values):
        with writing(self.check_service.engine).begin() as connection:
            connection.execute(update(registry_steps).values(**values))


@pytest.fixture
def homes(database_url, tmp_path, stored, home):
    clock, models = Clock(), ModelStore(home)
    found = [Home(tmp_path / name, database_url, stored, models, clock) for name in ("a", "b")]
    for one, other in (found, found[::-1]):
        ours, theirs = (each.check_service.signer.directory / "trusted" for each in (one, other))
        shutil.copytree(theirs, ours, dirs_exist_ok=True)
    for one in found:
        one.key("carla", "admin")
        one.look()
    yield found
    for one in found:
        one.check_service.close()


def test_changes_are_taken_over_in_their_order(homes):
    a, b = homes
    for account in NEWCOMERS[:2]:
        assert a.put(account).status_code == 200
        assert b.put(NEWCOMERS[2]).json()["code"] == "instances_apart", "it does not know yet what it would change"
        b.look()
        assert (b.version, b.handles()) == (a.version, a.handles())
    assert b.put(NEWCOMERS[2]).status_code == 200
    a.look()
    assert a.version == b.version
    assert a.get("/readyz").status_code == b.get("/readyz").status_code == 200


def test_a_single_home_writes_no_steps(homes):
    a, b = homes
    with writing(a.check_service.engine).begin() as connection:
        connection.execute(delete(instances).where(instances.c.id == b.check_service.instances.own))
    assert a.put(NEWCOMERS[0]).status_code == 200
    assert a.steps() == []


@pytest.mark.parametrize("part", ["change", "at", "signature", "after", "signed_by"])
def test_a_step_that_was_tampered_with_is_not_taken_over(homes, part, caplog):
    """Who may write to the database may not change what is protected."""
    a, b = homes
    a.put(NEWCOMERS[0])
    [step] = a.steps()
    other = {
        "change": json.dumps({"put": [], "withdraw": [["x", "JaneQuillon"]]}),
        "at": "2026-05-01T00:00:00.000000Z",
        "signature": step.signature[:-8] + "AAAAAA==",
        "after": "0" * 64,
        "signed_by": "nobody",
    }
    a.tamper(**{part: other[part]})
    before = b.handles()
    b.look()
    assert b.handles() == before
    assert "cannot be taken over" in caplog.text
    assert b.get("/readyz").json()["code"] == "instances_apart"


def test_a_step_of_a_key_that_is_not_trusted_is_not_taken_over_until_it_is(homes, caplog):
    a, b = homes
    trusted = b.check_service.signer.directory / "trusted"
    kept = trusted.with_name("kept")
    shutil.copytree(trusted, kept)
    own = a.check_service.signer.present().key_id
    for path in trusted.glob("*.pem"):
        path.unlink()
        if own not in b.check_service.signer.public():
            break
        shutil.copy(kept / path.name, trusted)
    a.put(NEWCOMERS[0])
    b.look()
    assert "is not trusted here" in caplog.text
    assert b.version != a.version
    shutil.copytree(kept, trusted, dirs_exist_ok=True)
    b.look()
    assert b.version == a.version


def test_a_step_that_does_not_lead_where_it_says_is_not_taken_over(homes, monkeypatch, caplog):
    """A signature alone is not enough: two versions of the code may differ in what a change does."""
    a, b = homes
    a.put(NEWCOMERS[0])
    monkeypatch.setattr("service.decisions.registry_steps._verify", lambda *_: None)
    a.tamper(change=json.dumps({"put": [], "withdraw": []}))
    b.look()
    assert "does not lead to the version" in caplog.text
    assert b.handles() == {"JaneQuillon"}


def test_what_was_imported_is_not_undone_by_steps_from_before(homes):
    """Somebody imports a list again because an account was withdrawn wrongly: it is not withdrawn once more."""
    a, b = homes
    a.put(NEWCOMERS[0])
    b.look()
    imported = b.store.replace(Registry([JANE]))
    b.check_service.current.look()
    b.look()
    b.look()
    assert b.version == imported.index.registry.version
    assert b.get("/readyz").json()["code"] == "instances_apart"


def test_a_directory_of_before_that_was_put_back_follows_again(homes, tmp_path):
    a, b = homes
    a.put(NEWCOMERS[0])
    b.look()
    shutil.copytree(tmp_path / "b", tmp_path / "kept")
    a.put(NEWCOMERS[1])
    b.look()
    shutil.rmtree(tmp_path / "b")
    shutil.copytree(tmp_path / "kept", tmp_path / "b")
    b.check_service.current.__init__(
        b.check_service.current(), b.store, b.store.open(), b.check_service.current._models
    )
    b.check_service.current._take_over(b.store.open())
    b.look()
    b.look()
    assert b.version == a.version


def test_a_home_whose_registry_is_a_file_says_so(homes, caplog):
    a, b = homes
    b.check_service.current = FixedScorer(b.check_service.current())
    b.check_service.registry._current = b.check_service.current
    a.put(NEWCOMERS[0])
    with caplog.at_level(logging.ERROR):
        b.look()
    assert "cannot be taken over" in caplog.text


def test_old_steps_are_forgotten(homes):
    a, b = homes
    a.put(NEWCOMERS[0])
    b.look()
    asyncio.run(a.upkeep.prune())
    assert len(a.steps()) == 1
    a.clock.at += KEPT * 1.01
    asyncio.run(a.upkeep.prune())
    assert a.steps() == []
