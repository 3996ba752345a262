"""Alarms: what was withdrawn and which gate stands still, looked up at most every ten seconds, whatever fails."""

import asyncio
from datetime import timedelta

import pytest

from classifier.errors import ModelError
from classifier.model_store import ModelStore, Withdrawal
from service.decisions import alarms
from service.decisions.alarms import Alarms, Withdrawn
from service.monitoring.watcher import Watcher
from tests.service.conftest import NOW


@pytest.fixture
def service(make_client, database_url, monkeypatch):
    monkeypatch.setattr(alarms, "BELIEVED", 0.0)
    return make_client(database_url=database_url)


def now(service):
    return asyncio.run(service.check_service.alarms.now())


def test_a_gate_that_is_silent_for_too_long_stands_still(service):
    service.request("PUT", "/v1/gates/ozone", json={"waiting": 2}, by=("ozone-gate", "executor"))
    service.clock.at = NOW + timedelta(minutes=10)
    assert not now(service), "the limit itself is no silence"
    service.clock.at = NOW + timedelta(minutes=11)
    assert [(gate.name, gate.at) for gate in now(service).silent] == [("ozone", NOW)]
    service.request("PUT", "/v1/gates/ozone", json={"waiting": 2}, by=("ozone-gate", "executor"))
    assert now(service) == Alarms()


def test_a_withdrawn_certificate_is_told_as_the_scorer_goes_by_it(service, monkeypatch):
    monkeypatch.setattr(service.scorer, "withdrawn", {"high": "It was withdrawn.", "standard": "Cannot be read."})

    def write(transaction):
        said = {"model_id": service.scorer.model_id, "tier": "high", "at": transaction.stamp, "text": "It is broken."}
        transaction.log(
            "certificate_withdrawn", f"model:{said['model_id']}", **said, by="monitor", code="bound_broken", figures={}
        )

    service.commit(write)
    high, standard = Withdrawn("high", NOW, is_by_monitor=True), Withdrawn("standard", None, is_by_monitor=False)
    assert now(service).withdrawn == (high, standard)


def test_what_a_person_withdrew_is_not_said_to_be_the_monitors(service, monkeypatch, tmp_path):
    monkeypatch.setattr(service.scorer, "withdrawn", {"high": "It was withdrawn."})
    engine, signer = service.check_service.engine, service.check_service.signer
    watcher = Watcher(engine, signer, ModelStore(tmp_path), service.clock)
    monkeypatch.setattr(watcher, "restore", lambda _: None)
    watcher._withdraw(service.scorer.model_id, "high", by="head", code="by_hand", text="Mistakes.", figures={})
    [found] = now(service).withdrawn
    assert (found.at, found.is_by_monitor) == (NOW, False)
    assert isinstance(found, Withdrawn)
    assert not isinstance(found, Withdrawal)


def test_what_fails_changes_nothing_and_quotes_nothing(service, monkeypatch, caplog):
    monkeypatch.setattr(service.scorer, "withdrawn", {"high": "It was withdrawn."})
    before = now(service)
    assert before

    def fail(_):
        raise ModelError("Zanzibar-Quux")

    monkeypatch.setattr(alarms, "known_gates", fail)
    assert now(service) == before
    assert "ModelError" in caplog.text
    assert "Zanzibar" not in caplog.text


def test_what_was_found_is_believed_for_a_while(make_client, monkeypatch):
    client, looked = make_client(silent_gate_minutes=5), []
    monkeypatch.setattr(client.check_service.alarms, "_look", lambda: looked.append(1) or Alarms())
    for _ in range(5):
        now(client)
    assert looked == [1]
