"""The registry over HTTP: changed by admins, seen by every worker, named by every decision."""

import pytest
from sqlalchemy import select

from service.records.tables import log
from service.records.verification import verify

ADMIN, AUDITOR = ("boss", "admin"), ("aud", "auditor")


def put(client, handle, by=ADMIN, **columns):
    return client.request("PUT", f"/v1/protected/x/{handle}", json=columns, by=by)


def approved(client, asked, by=("chief", "admin")):
    """Approve a change that waits, after a look at it."""
    assert asked.status_code == 202, asked.text
    path = f"/v1/registry/changes/{asked.json()['change_id']}"
    assert client.get(path, by=by).status_code == 200
    done = client.post(f"{path}/approvals", json={"answer": "approve", "reason": "seen"}, by=by)
    assert (done.status_code, done.json()["state"]) == (200, "applied"), done.text
    return done.json()


@pytest.fixture
def worker(make_worker):
    worker = make_worker()
    worker.key("chief", "admin")
    return worker


def relation(client, handle):
    given = {"account": {"platform": "x", "handle": handle}, "action": "suspend", "actor": "agent-17"}
    answer = client.post("/v1/checks", json=given).json()
    return answer["relation"], answer["registry_version"]


def test_an_account_is_protected_changed_and_withdrawn(worker):
    before = relation(worker, "BoTerrane")
    added = put(worker, "BoTerrane", account_id="3", aliases=["Bo"], tier="high").json()
    assert added["protected"]["tier"] == "high"
    after = relation(worker, "BoTerrane")
    assert (before[0], after[0]) == ("no_target", "is_protected")
    assert before[1] != after[1] == added["registry_version"], "every decision names the version"
    approved(worker, put(worker, "BoRenamed", account_id="3", aliases=["Bo"], tier="high"))
    found = worker.get("/v1/protected/x/borenamed", by=AUDITOR).json()
    assert found["protected"] == {
        "platform": "x", "handle": "BoRenamed", "account_id": "3", "aliases": ["Bo"], "tier": "high"
    }  # fmt: skip
    approved(worker, worker.request("DELETE", "/v1/protected/x/BoRenamed", by=ADMIN))
    assert worker.get("/v1/protected/x/BoRenamed", by=AUDITOR).json()["code"] == "unknown_account"
    assert relation(worker, "BoRenamed") == ("no_target", worker.check_service.current().registry.version)


def test_a_second_account_is_declared(worker):
    assert relation(worker, "QuillonAtHome")[0] != "same_owner"
    put(worker, "JaneQuillon", account_id="1", followers=9_000, secondary_handles=["QuillonAtHome"])
    assert relation(worker, "QuillonAtHome")[0] == "same_owner"


def test_another_worker_follows(make_worker):
    one, other = make_worker(), make_worker()
    put(one, "BoTerrane")
    other.check_service.current.look()  # what its thread does every second
    assert relation(one, "BoTerrane") == relation(other, "BoTerrane")
    assert relation(other, "BoTerrane")[0] == "is_protected"


def test_changes_are_in_the_log_with_who_made_them(worker):
    put(worker, "BoTerrane")
    approved(worker, worker.request("DELETE", "/v1/protected/x/BoTerrane", by=ADMIN))
    with worker.check_service.engine.connect() as connection:
        verify(connection, worker.check_service.signer.public())
        rows = connection.execute(
            select(log).where(log.c.subject == "registry", log.c.kind == "registry_changed").order_by(log.c.seq)
        ).all()
    assert len(rows) == 2
    assert '"actor":"boss"' in rows[0].data
    assert '"actor":"chief"' in rows[1].data, "who approved it made it"
    assert '"asked_by":"boss"' in rows[1].data


def test_they_are_listed_in_pages(worker):
    first = worker.get("/v1/protected", params={"limit": 1}, by=AUDITOR).json()
    second = worker.get("/v1/protected", params={"limit": 1, "after": first["next"]}, by=AUDITOR).json()
    assert [one["handle"] for page in (first, second) for one in page["protected"]] == ["AdaBrask", "JaneQuillon"]
    assert (first["total"], second["next"]) == (2, None)


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"followers": -1}, "followers"),
        ({"followers": "1"}, "followers"),
        ({"tier": "low"}, "tier"),
        ({"aliases": "a"}, "aliases"),
        ({"handle": "other"}, "handle"),
        ({"created_at": "1999"}, "created_at"),
        ({"secondary_ids": ["1, 2"]}, "account.secondary_ids"),
    ],
)
def test_what_cannot_be_read_names_its_field_and_changes_nothing(worker, columns, field):
    before = worker.check_service.current().registry.version
    refused = worker.request("PUT", "/v1/protected/x/BoTerrane", json=columns, by=ADMIN)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["field"] == field
    assert worker.check_service.current().registry.version == before


def test_an_id_and_a_handle_of_two_accounts_are_not_mixed(worker):
    refused = put(worker, "JaneQuillon", account_id="2")
    assert (refused.status_code, refused.json()["code"]) == (409, "registry_conflict")
    assert "withdraw one of them first" in refused.json()["detail"]


def test_the_last_account_cannot_be_withdrawn(worker):
    approved(worker, worker.request("DELETE", "/v1/protected/x/AdaBrask", by=ADMIN))
    refused = worker.request("DELETE", "/v1/protected/x/JaneQuillon", by=ADMIN)
    assert (refused.status_code, refused.json()["code"]) == (409, "registry_conflict")


def test_a_registry_from_a_file_is_not_changed_from_here(client):
    refused = put(client, "BoTerrane")
    assert (refused.status_code, refused.json()["code"]) == (409, "registry_read_only")
    assert "doublecheck registry import" in refused.json()["detail"]


def test_what_serves_is_named(worker, stored):
    models = worker.get("/v1/models", by=AUDITOR).json()
    assert models["serving"]["model_id"] == stored.model_id
    assert models["serving"]["certificates"].keys() == {"standard", "high"}
    assert models["registry_version"] == worker.check_service.current().registry.version
