"""Two homes on one database: nothing is cleared while they differ, whichever of them changed."""

import asyncio
import logging
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from classifier.accounts.account import ProtectedAccount
from classifier.errors import InputError
from classifier.registry.registry import Registry
from classifier.utils.keyring import KeyRing
from service.decisions import instances as module
from service.decisions.current_scorer import FixedScorer
from service.decisions.instances import NOTES, forget, instance_id
from service.records.tables import log
from service.settings import Settings
from tests.service.conftest import ASSESSMENTS, REGISTRY, UNLIMITED, Client, Clock, FakeScorer, body

NEWER = REGISTRY.changed([ProtectedAccount(platform="x", handle="newly_protected")])


class Home(Client):
    """A service on a database that others use too, with a home of its own."""

    def __init__(self, url, clock):
        scorer = FakeScorer(ASSESSMENTS["impersonation"])
        super().__init__(FixedScorer(scorer), Settings(database_url=url, **UNLIMITED), clock)

    def has(self, registry=REGISTRY, model="model-0123456789abcdef"):
        """Put a registry and a model into force here, and note that as the service does each second."""
        self.scorer.registry, self.scorer.model_id = registry, model
        self.scorer.answer = replace(self.scorer.answer, registry_version=registry.version, model_id=model)
        asyncio.run(self.upkeep.note_versions())

    def notes(self):
        with self.check_service.engine.connect() as connection:
            return connection.execute(NOTES).all()


@pytest.fixture
def homes(database_url):
    clock = Clock()
    found = [Home(database_url, clock) for _ in range(2)]
    for home in found:
        home.has()
    yield found
    for home in found:
        home.check_service.close()


def trust_each_other(homes):
    for one, other in (homes, homes[::-1]):
        ours, theirs = (home.check_service.signer.directory for home in (one, other))
        shutil.copytree(theirs / "trusted", ours / "trusted", dirs_exist_ok=True)


def apart(response):
    return (response.status_code, response.json()["code"]) == (503, "instances_apart")


def test_homes_that_have_the_same_clear_and_know_each_other_by_their_keys(homes):
    trust_each_other(homes)
    a, b = homes
    assert len({row.id for row in a.notes()}) == 2
    answer = a.check()
    assert answer.json()["verdict"] == "cleared"
    given = {"token": answer.json()["clearance"]["token"], "account": body()["account"], "actor": "agent-17"}
    key = {"Authorization": f"Bearer {a.key('agent-17', 'agent')}"}
    assert b.post("/v1/clearances/redeem", json=given, by=None, headers=key).status_code == 200


@pytest.mark.parametrize("changed", [{"registry": NEWER}, {"model": "model-fedcba9876543210"}])
def test_while_they_differ_neither_clears_nor_is_ready(homes, changed):
    a, b = homes
    a.has(**changed)
    for home in homes:
        assert apart(home.check())
        assert apart(home.get("/readyz"))
        assert "clearance" not in home.check().text.replace("nothing is cleared", "")
    b.has(**changed)
    for home in homes:
        assert home.check().json()["verdict"] == "cleared"
        assert home.get("/readyz").status_code == 200


def test_a_clearance_from_before_is_not_spent_while_they_differ(homes):
    a, b = homes
    token = a.check().json()["clearance"]["token"]
    b.has(NEWER)
    given = {"token": token, "account": body()["account"], "actor": "agent-17"}
    assert apart(a.post("/v1/clearances/redeem", json=given))
    b.has()
    assert a.post("/v1/clearances/redeem", json=given).status_code == 200


def test_a_clearance_after_review_is_not_given_while_they_differ(homes):
    a, b = homes
    check = a.check(account=body()["account"] | {"followers": 250_000}).json()
    for reviewer in ("ana", "bo"):
        a.get(f"/v1/checks/{check['check_id']}", by=(reviewer, "reviewer"))
        given = {"answer": "approve", "reason": "A copy."}
        a.post(f"/v1/checks/{check['check_id']}/approvals", json=given, by=(reviewer, "reviewer"))
    b.has(NEWER)
    assert apart(a.post(f"/v1/checks/{check['check_id']}/clearance"))
    b.has()
    assert a.post(f"/v1/checks/{check['check_id']}/clearance").status_code == 200


def test_what_permits_nothing_is_answered_all_the_same(homes):
    a, b = homes
    b.has(NEWER)
    answer = a.check(account=body()["account"] | {"followers": 250_000})
    assert answer.json()["verdict"] == "needs_review"


def test_a_home_that_is_switched_off_counts_until_it_is_forgotten(homes):
    a, b = homes
    b.has(NEWER)
    b.check_service.close()
    assert apart(a.check())
    [other] = [row.id for row in a.notes() if row.id != a.check_service.instances.own]
    with pytest.raises(InputError, match="no home with this id"):
        a.commit(lambda transaction: forget(transaction, "0" * 32, by="root"))
    a.commit(lambda transaction: forget(transaction, other, by="root"))
    assert a.check().json()["verdict"] == "cleared"
    with a.check_service.engine.connect() as connection:
        said = connection.execute(select(log.c.subject).where(log.c.kind == "instance_forgotten")).scalars().all()
    assert said == [f"instance:{other}"]


def test_one_that_was_forgotten_and_lives_notes_itself_again(homes):
    a, b = homes
    b.has(NEWER)
    a.commit(lambda transaction: forget(transaction, b.check_service.instances.own, by="root"))
    asyncio.run(b.upkeep.note_versions())
    assert apart(a.check())


def test_a_note_is_written_only_when_something_changes(homes):
    a, _ = homes
    before = a.notes()
    a.clock.at = a.clock.at.replace(minute=1)
    asyncio.run(a.upkeep.note_versions())
    assert a.notes() == before
    a.has(NEWER)
    assert a.notes() != before


def test_the_note_says_since_which_entry_of_the_log_the_registry_is_in_force(homes):
    a, _ = homes

    def own():
        return next(row for row in a.notes() if row.id == a.check_service.instances.own)

    before = own().since
    a.check(account=body()["account"] | {"followers": 250_000})
    a.has(model="another")
    assert own().since == before
    a.has(NEWER)
    assert own().since > before


def test_that_they_differ_is_logged_once_and_so_is_the_end(homes, caplog):
    trust_each_other(homes)
    a, b = homes
    asyncio.run(a.upkeep.note_versions())
    caplog.set_level(logging.INFO)
    for registry, said in ((NEWER, "another registry in force"), (REGISTRY, "all homes on this database agree again")):
        b.has(registry)
        caplog.clear()
        for _ in range(2):
            asyncio.run(a.upkeep.note_versions())
        assert caplog.text.count(said) == 1


def test_a_key_that_is_not_trusted_here_is_logged(homes, caplog):
    a, b = homes
    asyncio.run(a.upkeep.note_versions())
    assert f"the keys of {b.check_service.instances.own[:8]} are not trusted here" in caplog.text


def test_workers_of_one_home_are_one_and_a_copy_of_it_is_another(tmp_path, monkeypatch):
    ring = tmp_path / "keys"
    KeyRing(ring).signing_key()
    first = instance_id(ring)
    assert instance_id(ring) == first
    shutil.copytree(ring, tmp_path / "copy")
    assert instance_id(tmp_path / "copy") != first
    monkeypatch.setattr(module, "_MACHINE", tmp_path / "machine-id")
    without = instance_id(ring)
    (tmp_path / "machine-id").write_text("another\n")
    assert instance_id(ring) not in {first, without}, "a clone of the disk has the same file"


def test_a_directory_that_cannot_be_written_to_is_known_by_its_key(tmp_path, monkeypatch):
    ring = tmp_path / "keys"
    KeyRing(ring).signing_key()

    def refuse(**_):
        raise PermissionError

    monkeypatch.setattr(module.tempfile, "mkstemp", refuse)
    assert instance_id(ring) == instance_id(ring)
    assert not (ring / module.NAME).exists()


def test_versions_follow_from_the_changes_and_not_from_the_accounts():
    """Why the same list may have two versions: what was imported again has none of the past."""
    assert Registry(list(NEWER)).version != NEWER.version
