"""A permission that was right when it was given, and is not any more when somebody acts on it.

The worker of 2017 acted within his last hour; here it is 2025. A pending action is checked again when it is executed,
not only when it was asked for (R5). All people are invented; model, registry and database are real.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from service.auth.api_keys import end_access
from service.server.bootstrap import load_scorer
from service.settings import Settings
from tests.service.conftest import Client, Clock

WORKER, ADMIN, CHIEF = ("worker-1", "agent"), ("boss", "admin"), ("chief", "admin")
ASKED = datetime(2025, 11, 2, 18, 50, tzinfo=UTC)
LEAVES = datetime(2025, 11, 2, 19, 0, tzinfo=UTC)
EXECUTED = datetime(2025, 11, 2, 19, 1, tzinfo=UTC)
REPORTED = {
    "platform": "x", "account_id": "900100200", "handle": "OIIivanderBrask", "display_name": "Ollivander Brask",
    "bio": "45th President of Velmoria. Building harbours, bridges and a quiet country.", "followers": 120,
    "following": 300, "posts": 40, "created_at": "2025-09-01T00:00:00Z", "observed_at": "2025-11-02T18:45:00Z",
    "verified": False,
}  # fmt: skip


@pytest.fixture
def client(home: Path, president: ProtectedAccount, tmp_path: Path, database_url: str):
    """The service as it runs: the default model over a registry that was imported, with its clock set to 18:50."""
    own = tmp_path / "home"
    shutil.copytree(home, own)
    registry_store(own).replace(Registry([president]))
    settings = Settings(home=own, database_url=database_url)
    client = Client(load_scorer(settings), settings, Clock(ASKED))
    yield client
    client.check_service.close()


def test_cleared_at_18_50_and_refused_at_19_01_with_both_reasons(client: Client) -> None:
    asked = {"account": REPORTED, "action": "deactivate", "actor": "worker-1"}
    answer = client.post("/v1/checks", json=asked, by=WORKER).json()
    assert answer["verdict"] == "cleared", answer["reasons"]

    client.clock.at = datetime(2025, 11, 2, 18, 55, tzinfo=UTC)
    client.commit(lambda transaction: end_access(transaction, "worker-1", LEAVES))
    client.key(*CHIEF)
    protected = client.request(
        "PUT", "/v1/protected/x/OIIivanderBrask", json={"account_id": "900100200", "roles": ["Actor"]}, by=ADMIN
    )
    assert protected.status_code == 202, "it resembles another protected account: a second admin agrees first"
    change = f"/v1/registry/changes/{protected.json()['change_id']}"
    assert client.get(change, by=CHIEF).status_code == 200
    agreed = client.post(f"{change}/approvals", json={"answer": "approve", "reason": "his own"}, by=CHIEF)
    assert agreed.status_code == 200, agreed.text

    client.clock.at = EXECUTED
    redeeming = {"token": answer["clearance"]["token"], "account": REPORTED}
    refused = client.post("/v1/clearances/redeem", json=redeeming, by=WORKER)
    assert refused.status_code == 409
    assert {reason["code"] for reason in refused.json()["reasons"]} == {"access_ended", "is_protected"}

    history = client.get(f"/v1/checks/{answer['check_id']}", by=("auditor-1", "auditor")).json()["history"]
    assert [line["kind"] for line in history] == ["check", "clearance_issued", "clearance_refused", "warning_noted"]
    assert history[-2]["data"]["reasons"] == ["is_protected", "access_ended"]
    assert history[-1]["data"]["codes"] == ["is_protected"], "seen of the account, and remembered"


def test_nothing_changed_and_it_is_executed(client: Client) -> None:
    asked = {"account": REPORTED, "action": "deactivate", "actor": "worker-1"}
    answer = client.post("/v1/checks", json=asked, by=WORKER).json()
    client.clock.at = EXECUTED
    redeeming = {"token": answer["clearance"]["token"], "account": REPORTED | {"followers": 131, "posts": 44}}
    assert client.post("/v1/clearances/redeem", json=redeeming, by=WORKER).status_code == 200


def test_a_change_that_another_process_made_is_seen_before_a_clearance_is_spent(client: Client) -> None:
    """The service looks at the registry once a second; whoever redeems does not wait for that."""
    asked = {"account": REPORTED, "action": "suspend", "actor": "worker-1"}
    answer = client.post("/v1/checks", json=asked, by=WORKER).json()
    protected = ProtectedAccount(platform="x", handle="OIIivanderBrask", account_id="900100200")
    registry_store(client.settings.home).change([protected])  # as 'doublecheck registry put' does
    redeeming = {"token": answer["clearance"]["token"], "account": REPORTED}
    refused = client.post("/v1/clearances/redeem", json=redeeming, by=WORKER)
    assert "is_protected" in {reason["code"] for reason in refused.json()["reasons"]}
