"""Changes of the registry are actions: what one admin could have a genuine account cleared by takes a second one."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from service.auth.api_keys import end_access, revoke_key
from service.errors import RecordsError
from service.records.tables import log, registry_changes
from service.records.verification import verify

BOSS, CHIEF, AUDITOR = ("boss", "admin"), ("chief", "admin"), ("aud", "auditor")
JANE = ProtectedAccount(
    platform="x", handle="OllivanderBrask", account_id="100200", display_name="Ollivander Brask", followers=2_000_000,
    tier="high", aliases=("O. Brask", "President Brask"), bio="45th President of Velmoria. Building harbours.",
    secondary_handles=("PresVelmoria",), verified=True,
)  # fmt: skip
AS_REGISTERED = {
    "account_id": "100200", "display_name": "Ollivander Brask", "followers": 2_000_000, "tier": "high",
    "aliases": ["O. Brask", "President Brask"], "bio": "45th President of Velmoria. Building harbours.",
    "secondary_handles": ["PresVelmoria"], "verified": True,
}  # fmt: skip
PATH = "/v1/protected/x/OllivanderBrask"


@pytest.fixture
def worker(make_worker, registry_home):
    registry_store(registry_home).replace(
        Registry([JANE, ProtectedAccount(platform="x", handle="AdaBrixton", account_id="2")])
    )
    worker = make_worker()
    worker.key(*CHIEF)
    return worker


def put(client, by=BOSS, path=PATH, **columns):
    changed = AS_REGISTERED | columns if path == PATH else columns
    return client.request(
        "PUT", path, json={name: value for name, value in changed.items() if value is not None}, by=by
    )


def asked(client, by=BOSS):
    """A withdrawal that waits: where it is."""
    waits = client.request("DELETE", PATH, by=by)
    assert waits.status_code == 202, waits.text
    return f"/v1/registry/changes/{waits.json()['change_id']}"


def answer(client, path, by=CHIEF, answer="approve", look=True, **options):
    if look:
        assert client.get(path, by=by).status_code == 200
    return client.post(f"{path}/approvals", json={"answer": answer, "reason": "seen"}, by=by, **options)


def is_protected(client, handle="OllivanderBrask"):
    return client.get(f"/v1/protected/x/{handle}", by=AUDITOR).status_code == 200


def kinds(client):
    with client.check_service.engine.connect() as connection:
        verify(connection, client.check_service.signer.public())
        return [row.kind for row in connection.execute(select(log).where(log.c.kind.like("registry_%")))]


# --- what takes a second admin ---------------------------------------------------------------------------------------


def test_a_withdrawal_waits_and_is_put_into_force_by_a_second_admin(worker):
    path = asked(worker)
    assert is_protected(worker), "nothing is changed before a second admin approves"
    shown = worker.get(path, by=CHIEF).json()
    assert (shown["state"], shown["does"], shown["handle"]) == ("pending", "withdraw", "OllivanderBrask")
    assert {"field": "tier", "before": "high", "after": None} in shown["changes"]
    done = answer(worker, path)
    assert (done.status_code, done.json()["state"]) == (200, "applied"), done.text
    assert not is_protected(worker)
    assert kinds(worker) == [
        "registry_change_asked", "registry_change_shown", "registry_change_answered", "registry_edited",
        "registry_changed", "registry_change_applied",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"account_id": "100201"}, "account id"),
        ({"account_id": None}, "account id"),
        ({"display_name": "Somebody Else"}, "display name"),
        ({"aliases": ["O. Brask"]}, "aliases"),
        ({"secondary_handles": None}, "secondary handles"),
        ({"tier": "standard"}, "tier"),
        ({"followers": 9_000_000}, "followers"),
        ({"created_at": "2007-01-01T00:00:00Z"}, "created at"),
        ({"verification": "government"}, "verification"),
    ],
)
def test_what_identifies_or_protects_less_waits(worker, columns, field):
    waits = put(worker, **columns)
    assert waits.status_code == 202, waits.text
    [reason] = [reason for reason in waits.json()["reasons"] if reason["code"] == "weakens"]
    assert reason["text"].endswith(f": {field}.")
    assert worker.get(PATH, by=AUDITOR).json()["protected"]["display_name"] == "Ollivander Brask"


def test_another_handle_of_the_same_account_waits(worker):
    renamed = worker.request("PUT", "/v1/protected/x/BraskRenamed", json=AS_REGISTERED, by=BOSS)
    assert renamed.status_code == 202, renamed.text
    assert "handle" in renamed.json()["reasons"][0]["text"]


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"aliases": ["O. Brask", "President Brask", "Ollie Brask"]},
        {"links": ["https://velmoria.example"]},
        {"former_handles": ["BraskForVelmoria"]},
        {"secondary_handles": ["PresVelmoria", "BraskAtHome"]},
        {"followers": 2_010_000},
        {"bio": "46th President of Velmoria."},
    ],
)
def test_what_only_adds_is_done_at_once(worker, columns):
    assert put(worker, **columns).status_code == 200


@pytest.mark.parametrize(
    "columns",
    [
        {"display_name": "Ollivander Brask", "account_id": "900", "followers": 90_000_000, "verified": True,
         "created_at": "2006-03-01T00:00:00Z", "bio": "45th President of Velmoria. Building harbours."},
        {"account_id": "900", "display_name": "Velmorian Harbours",
         "aliases": ["Ollivander Brask"], "bio": "45th President of Velmoria. Building harbours."},
    ],
)  # fmt: skip
def test_an_account_that_resembles_another_waits(worker, columns):
    waits = put(worker, path="/v1/protected/x/OIIivanderBrask", **columns)
    assert waits.status_code == 202, waits.text
    assert [reason["code"] for reason in waits.json()["reasons"]] == ["resembles"]
    assert "@OllivanderBrask" in waits.json()["reasons"][0]["text"]
    assert not is_protected(worker, "OIIivanderBrask")


def test_an_account_that_is_changed_to_resemble_another_waits(worker):
    other = "/v1/protected/x/AdaBrixton"
    look = {"account_id": "2", "bio": "45th President of Velmoria. Building harbours.", "aliases": ["Ollivander Brask"]}
    waits = put(worker, path=other, **look)
    assert waits.status_code == 202, waits.text
    assert "resembles" in {reason["code"] for reason in waits.json()["reasons"]}


def test_an_account_that_resembles_nobody_is_protected_at_once(worker):
    assert put(worker, path="/v1/protected/x/QuimbyTerrane", account_id="7").status_code == 200


# --- who may approve -------------------------------------------------------------------------------------------------


def test_with_one_admin_nothing_of_this_kind_is_done_over_http(make_worker):
    alone = make_worker()
    alone.key("Boss", "admin"), alone.key(*AUDITOR)
    leaving = alone.key("chief", "admin")
    assert leaving
    alone.commit(lambda unit: end_access(unit, "chief", alone.clock() + timedelta(hours=1)))
    refused = alone.request("DELETE", "/v1/protected/x/AdaBrask", by=BOSS)
    assert (refused.status_code, refused.json()["code"]) == (409, "second_admin_missing")
    assert "doublecheck registry" in refused.json()["detail"]
    alone.commit(lambda unit: end_access(unit, "chief", None))
    assert alone.request("DELETE", "/v1/protected/x/AdaBrask", by=BOSS).status_code == 202


@pytest.mark.parametrize("name", ["boss", "Boss", "BOSS"])
def test_whoever_asks_cannot_approve(worker, name):
    path = asked(worker)
    refused = answer(worker, path, by=(name, "admin"))
    assert (refused.status_code, refused.json()["code"]) == (409, "review_refused")
    assert is_protected(worker)


def test_who_has_not_looked_cannot_approve(worker):
    path = asked(worker)
    worker.get("/v1/registry/changes", by=CHIEF)  # a list is no look at one
    assert f"GET {path}" in answer(worker, path, look=False).json()["detail"]
    assert answer(worker, path).status_code == 200


def test_who_is_about_to_leave_cannot_approve(worker):
    path = asked(worker)
    worker.commit(lambda unit: end_access(unit, "chief", worker.clock() + timedelta(hours=1)))
    assert "access" in answer(worker, path).json()["detail"]
    assert is_protected(worker)


def test_what_a_revoked_key_asked_for_is_not_approved(worker):
    """A key was stolen, and what the thief asked for outlives it."""
    path = asked(worker)
    stolen = worker.key(*BOSS).split("_")[1]
    worker.commit(lambda unit: revoke_key(unit, stolen))
    assert "not in force" in answer(worker, path).json()["detail"]
    assert is_protected(worker)


def test_only_admins_see_and_answer(worker):
    path = asked(worker)
    for by in (("agent-17", "agent"), ("rev-1", "reviewer")):
        assert worker.get(path, by=by).status_code == 403
        assert worker.get("/v1/registry/changes", by=by).status_code == 403
    assert worker.get(path, by=AUDITOR).status_code == 200
    assert answer(worker, path, by=AUDITOR).status_code == 403


# --- how it ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [CHIEF, BOSS])
def test_a_declined_change_is_over(worker, by):
    path = asked(worker)
    assert answer(worker, path, by=by, answer="decline").json()["state"] == "declined"
    assert "declined" in answer(worker, path).json()["detail"]
    assert is_protected(worker)


def test_a_change_waits_for_a_limited_time(worker):
    path = asked(worker)
    worker.clock.at += timedelta(hours=71)
    assert worker.get(path, by=CHIEF).json()["state"] == "pending"
    worker.clock.at += timedelta(hours=1)
    assert worker.get(path, by=CHIEF).json()["state"] == "expired"
    assert "too long" in answer(worker, path).json()["detail"]
    assert is_protected(worker)


def test_a_change_is_put_into_force_once(worker):
    path = asked(worker)
    assert answer(worker, path).status_code == 200
    assert "already" in answer(worker, path).json()["detail"]
    assert kinds(worker).count("registry_changed") == 1


def test_a_repeated_approval_is_the_same(worker):
    path, once = asked(worker), {"headers": {"Idempotency-Key": str(uuid4())}}
    assert answer(worker, path, **once).json() == answer(worker, path, **once).json()
    assert kinds(worker).count("registry_changed") == 1


def test_what_would_do_something_else_by_now_is_not_put_into_force(worker):
    """What was looked at is what is done: here the account was changed in between."""
    path = asked(worker)
    assert put(worker, bio="Anything else.", by=CHIEF).status_code == 200
    refused = answer(worker, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "registry_conflict")
    assert is_protected(worker)


def test_an_approval_that_was_interrupted_is_finished_when_it_is_sent_again(worker, monkeypatch):
    path = asked(worker)

    def fail(*_, **__):
        raise RecordsError("the database is gone")

    with monkeypatch.context() as broken:
        broken.setattr("service.decisions.registry_changes.mark_applied", fail)
        assert answer(worker, path).status_code == 503
    assert worker.get(path, by=CHIEF).json()["state"] == "approved"
    assert not is_protected(worker)
    assert answer(worker, path).json()["state"] == "applied"
    assert kinds(worker).count("registry_changed") == 1


def test_an_approval_that_is_sent_again_is_asked_about_again(worker, registry_home):
    """What could not be put into force then is not put into force for somebody who is gone by now."""
    path, store = asked(worker), registry_store(registry_home)
    store.change([replace(JANE, bio="Another.")])
    assert answer(worker, path).json()["code"] == "registry_conflict"
    store.change([JANE])
    key_id = worker.key(*BOSS).split("_")[1]
    worker.commit(lambda transaction: revoke_key(transaction, key_id))
    assert "not in force any more" in answer(worker, path).json()["detail"]
    assert is_protected(worker)


def test_changes_are_listed_the_newest_first(worker):
    asked(worker)
    waits = put(worker, tier="standard").json()["change_id"]
    listed = worker.get("/v1/registry/changes", by=AUDITOR).json()["changes"]
    assert listed[0]["change_id"] == waits
    assert [one["does"] for one in listed] == ["replace", "withdraw"]


def test_an_unknown_change_is_not_found(worker):
    for by in (CHIEF, AUDITOR):
        refused = worker.get(f"/v1/registry/changes/{uuid4()}", by=by)
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_change")


def test_a_change_that_was_tampered_with_is_noticed(worker):
    asked(worker)
    with worker.check_service.engine.begin() as connection:
        connection.execute(registry_changes.update().values(actor="somebody"))
    with pytest.raises(Exception, match="another row of registry_changes"):
        kinds(worker)
