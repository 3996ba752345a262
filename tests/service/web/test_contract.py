"""The HTTP contract: whatever is sent, every answer is one that the OpenAPI document describes, and none is a 5xx.

Requests are made from the document itself, good ones and bad ones, by Schemathesis, and sent to a running server.
"""

from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks as openapi

from classifier.accounts.account import ProtectedAccount
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.decisions.current_scorer import FollowedScorer
from service.settings import Settings
from tests.service.conftest import UNLIMITED, Client, Clock

EVERYBODY = ("somebody", "agent", "reviewer", "admin", "auditor")
EXAMPLES = 40
PROTECTED = [
    ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1", followers=90_000, verified=True),
    ProtectedAccount(platform="x", handle="AdaBrask", account_id="2"),
]


@pytest.fixture(scope="module")
def server(home, stored, tmp_path_factory):
    """The service with the default model over a registry that can be changed, on a port of its own."""
    directory = tmp_path_factory.mktemp("contract")
    store = registry_store(directory)
    store.replace(Registry(PROTECTED))
    opened = store.open()
    followed = FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), store, opened, ModelStore(home))
    settings_ = Settings(home=directory, database_url=f"sqlite:///{directory}/test.db", **UNLIMITED)
    client = Client(followed, settings_, Clock())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = uvicorn.Server(uvicorn.Config(client.app, log_config=None))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", client.key(*EVERYBODY)
        running.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def operations(server):
    """The operations of the document, by method and path."""
    schema = schemathesis.openapi.from_url(f"{server[0]}/openapi.json")
    found = (one.ok() for one in schema.get_all_operations())
    return {f"{one.method.upper()} {one.path}": one for one in found}


@pytest.fixture(scope="module")
def known_ids(server):
    """Numbers of a check that was cleared, with its clearance, of one that waits for people, and of one refused."""
    url, key = server
    fake = {"platform": "x", "account_id": "9", "handle": "JaneQuiIlon", "followers": 1, "verified": False}
    ids = []
    for account in (fake, fake | {"followers": 10**6}, {"platform": "x", "handle": "AdaBrask"}):
        given_ = {"account": account, "action": "suspend", "actor": "agent-17"}
        answer = httpx.post(f"{url}/v1/checks", json=given_, headers={"X-API-Key": key}).json()
        ids.append({"check_id": answer["check_id"]})
        if answer["clearance"]:
            ids[-1]["clearance_id"] = answer["clearance"]["clearance_id"]
    return ids


CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
]
OPERATIONS = [
    "GET /healthz", "GET /readyz", "GET /metrics", "GET /.well-known/jwks.json", "GET /v1/models",
    "POST /v1/checks", "GET /v1/checks", "POST /v1/checks/batch", "GET /v1/checks/{check_id}",
    "GET /v1/checks/{check_id}/statement", "POST /v1/checks/{check_id}/statement",
    "POST /v1/checks/{check_id}/approvals",
    "POST /v1/checks/{check_id}/clearance", "POST /v1/checks/{check_id}/outcome", "POST /v1/clearances/redeem",
    "POST /v1/clearances/{clearance_id}/revoke", "GET /v1/protected", "GET /v1/protected/{platform}/{handle}",
    "PUT /v1/protected/{platform}/{handle}", "DELETE /v1/protected/{platform}/{handle}",
]  # fmt: skip


def test_every_operation_is_tested(operations):
    assert sorted(operations) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_one_that_the_document_describes(operations, server, known_ids, name):
    url, key = server
    operation = operations[name]
    good = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=good | bad, known=st.sampled_from([{}, *known_ids]))
    def holds(case, known):
        for name_, value in known.items():  # otherwise hardly a number would be one of ours
            if name_ in (case.path_parameters or {}):
                case.path_parameters[name_] = value
        response = case.call(base_url=url, headers={"Authorization": f"Bearer {key}"})
        assert response.status_code < 500, response.text
        case.validate_response(response, checks=CHECKS)

    holds()
