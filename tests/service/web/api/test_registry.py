"""The registry over HTTP: changed by admins, seen by every worker, named by every decision."""

import pytest
from sqlalchemy import select

from classifier.accounts.account import ProtectedAccount
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.decisions.current_scorer import FollowedScorer
from service.records.tables import log
from service.records.verification import verify
from service.settings import Settings
from tests.service.conftest import UNLIMITED, Client, Clock

ADMIN, AUDITOR = ("boss", "admin"), ("aud", "auditor")
JANE = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1", followers=9_000)
ADA = ProtectedAccount(platform="x", handle="AdaBrask", account_id="2")


@pytest.fixture
def home_(tmp_path):
    registry_store(tmp_path).replace(Registry([JANE, ADA]))
    return tmp_path


@pytest.fixture
def make_worker(home_, stored, home, database_url):
    """Return a maker of workers on one registry and one database."""
    made = []

    def make():
        store = registry_store(home_)
        opened = store.open()
        followed = FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), store, opened, ModelStore(home))
        client = Client(followed, Settings(home=home_, database_url=database_url, **UNLIMITED), Clock())
        made.append(client)
        return client

    yield make
    for client in made:
        client.check_service.close()


@pytest.fixture
def worker(make_worker):
    return make_worker()


def put(client, handle, by=ADMIN, **columns):
    return client.request("PUT", f"/v1/protected/x/{handle}", json=columns, by=by)


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
    put(worker, "BoRenamed", account_id="3")
    found = worker.get("/v1/protected/x/borenamed", by=AUDITOR).json()
    assert found["protected"] == {"platform": "x", "handle": "BoRenamed", "account_id": "3", "tier": "standard"}
    gone = worker.request("DELETE", "/v1/protected/x/BoRenamed", by=ADMIN)
    assert gone.status_code == 200
    assert worker.get("/v1/protected/x/BoRenamed", by=AUDITOR).json()["code"] == "unknown_account"
    assert relation(worker, "BoRenamed") == ("no_target", gone.json()["registry_version"])


def test_a_second_account_is_declared(worker):
    assert relation(worker, "QuillonAtHome")[0] != "same_owner"
    put(worker, "JaneQuillon", account_id="1", secondary_handles=["QuillonAtHome"])
    assert relation(worker, "QuillonAtHome")[0] == "same_owner"


def test_another_worker_follows(make_worker):
    one, other = make_worker(), make_worker()
    put(one, "BoTerrane")
    other.check_service.current.look()  # what its thread does every second
    assert relation(one, "BoTerrane") == relation(other, "BoTerrane")
    assert relation(other, "BoTerrane")[0] == "is_protected"


def test_changes_are_in_the_log_with_who_made_them(worker):
    put(worker, "BoTerrane")
    worker.request("DELETE", "/v1/protected/x/BoTerrane", by=ADMIN)
    with worker.check_service.engine.connect() as connection:
        verify(connection, worker.check_service.signer.public())
        rows = connection.execute(select(log).where(log.c.subject == "registry")).all()
    assert [row.kind for row in rows] == ["registry_changed", "registry_changed"]
    assert all('"actor":"boss"' in row.data for row in rows)


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
    assert worker.request("DELETE", "/v1/protected/x/AdaBrask", by=ADMIN).status_code == 200
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
