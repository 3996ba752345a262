"""The HTTP contract: whatever is sent, every answer is one that the OpenAPI document describes, and none is a 5xx.

Requests are made from the document itself, good ones and bad ones, by Schemathesis, with a key of all roles, over
a running service that holds checks in every state. Each run draws a seed of its own; ``python -m tests.contract`` tries
as many cases as one likes.
"""

from __future__ import annotations

import secrets

import httpx
import pytest

from tests.contract.fuzzer import ALONE, FUZZING, WALKS, fuzz
from tests.contract.service import running
from tests.contract.states import EVERYBODY, STATES, States
from tests.service.databases import new_database

# Cases drawn of each operation, and walks. Few: the rest is for ``python -m tests.contract``.
EXAMPLES = {ALONE: 5, WALKS: 20, FUZZING: 10}
OPERATIONS = [
    "DELETE /v1/protected/{platform}/{handle}", "GET /.well-known/jwks.json", "GET /healthz", "GET /metrics",
    "GET /readyz", "GET /v1/appeals", "GET /v1/appeals/{appeal_id}", "GET /v1/checks", "GET /v1/checks/{check_id}",
    "GET /v1/checks/{check_id}/notice", "GET /v1/checks/{check_id}/statement", "GET /v1/demands",
    "GET /v1/demands/{demand_id}", "GET /v1/findings", "GET /v1/findings/{finding_id}",
    "GET /v1/handles/{platform}/{handle}", "GET /v1/models", "GET /v1/protected",
    "GET /v1/protected/{platform}/{handle}", "GET /v1/registry/changes", "GET /v1/registry/changes/{change_id}",
    "GET /v1/reporters", "GET /v1/second-looks", "GET /v1/second-looks/report", "GET /v1/second-looks/{check_id}",
    "POST /v1/appeals/{appeal_id}/decision", "POST /v1/appeals/{appeal_id}/lift", "POST /v1/checks",
    "POST /v1/checks/batch", "POST /v1/checks/{check_id}/appeals", "POST /v1/checks/{check_id}/approvals",
    "POST /v1/checks/{check_id}/clearance", "POST /v1/checks/{check_id}/outcome",
    "POST /v1/checks/{check_id}/statement", "POST /v1/checks/{check_id}/withdrawal",
    "POST /v1/clearances/redeem", "POST /v1/clearances/{clearance_id}/revoke",
    "POST /v1/demands/{demand_id}/look", "POST /v1/findings", "POST /v1/findings/{finding_id}/end",
    "POST /v1/registry/changes/{change_id}/approvals", "POST /v1/second-looks/{check_id}/answer",
    "PUT /v1/gates/{gate}", "PUT /v1/protected/{platform}/{handle}",
]  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """The service on SQLite."""
    home = tmp_path_factory.mktemp("contract")
    with running(home, f"sqlite:///{home}/test.db") as running_:
        yield running_


def test_the_document_has_these_operations(service):
    paths = httpx.get(f"{service.url}/openapi.json", trust_env=False).json()["paths"]
    assert sorted(f"{method.upper()} {path}" for path, item in paths.items() for method in item) == OPERATIONS


def test_every_link_leads_to_an_operation(service):
    paths = httpx.get(f"{service.url}/openapi.json", trust_env=False).json()["paths"]
    answers = [answer for item in paths.values() for one in item.values() for answer in one["responses"].values()]
    links = [link for answer in answers for link in answer.get("links", {}).values()]
    assert len(links) > len(OPERATIONS) / 2
    for link in links:
        _, top, path, method = link["operationRef"].split("/")
        assert top == "paths"
        names = {one["name"] for one in paths[path.replace("~1", "/")][method]["parameters"]}
        assert link["parameters"].keys() <= names


def test_there_is_a_check_in_every_state(service):
    states = States(service.url, service.keys)
    made = {known.state: known for known in states.make()}
    assert tuple(made) == STATES
    found = {
        state: httpx.get(
            f"{service.url}/v1/checks/{known.check_id}", headers={"X-API-Key": service.keys[EVERYBODY]}, trust_env=False
        ).json()
        for state, known in made.items()
    }
    states.close()
    reviews = {state: one["review"]["state"] for state, one in found.items()}
    assert reviews["open"] == reviews["half_approved"] == "open"
    assert reviews["approved"] == reviews["given"] == reviews["redeemed"] == "approved"
    assert [one["state"] for one in found["redeemed"]["clearances"]] == ["spent"]
    assert [one["state"] for one in found["revoked"]["clearances"]] == ["revoked"]
    assert [one["outcome"] for one in found["overturned"]["outcomes"]] == ["overturned"]
    assert [one["state"] for one in found["appealed"]["appeals"]] == ["open"]
    assert found["cleared"]["actor"]["access_ends_at"], "the end of access that nearly every request names"


def tried(service, directory, phases, *options):
    """What Schemathesis found, with a seed that nobody has tried; how to try it again, where something failed."""
    seed = secrets.randbelow(2**32)
    found = fuzz(service, directory, seed=seed, examples=EXAMPLES[phases], phases=phases)
    again = ["python -m tests.contract", "--seed", seed, "--examples", EXAMPLES[phases], *options]
    assert not found.failed, f"{' '.join(map(str, again))}\n{found.report}"
    assert found.cases > len(OPERATIONS)
    return found


def test_every_answer_is_one_that_the_document_describes(service, tmp_path):
    assert tried(service, tmp_path, ALONE).operations == len(OPERATIONS)


def test_so_is_every_answer_to_what_an_answer_leads_to(service, tmp_path):
    tried(service, tmp_path, WALKS)


def test_so_it_is_on_postgresql(postgresql, tmp_path):
    home = tmp_path / "home"
    with running(home, new_database(postgresql)) as service:
        tried(service, tmp_path, FUZZING, "--database", "postgresql")
