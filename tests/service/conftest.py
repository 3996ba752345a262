"""A scorer with canned answers, and a client that calls the service without a network."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from classifier.accounts import Account, ProtectedAccount
from classifier.evidence import Evidence
from classifier.registry import Registry
from classifier.scoring import Assessment
from classifier.thresholds import Certificate
from service.api import create_app
from service.settings import Settings

NO_HOME = Path("/nonexistent")
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TARGET = ProtectedAccount(
    platform="x",
    handle="JaneRoe",
    account_id="1001",
    display_name="Jane Roe",
    followers=2_400_000,
    created_at=datetime(2011, 3, 4, tzinfo=UTC),
    verified=True,
    tier="high",
)
REGISTRY = Registry([TARGET])
CERTIFICATE = Certificate(
    alpha=0.01, delta=0.05, n=1200, errors=5, threshold=0.9, population="invented genuine accounts"
)
EVIDENCE = (
    Evidence("handle_looks", "The handle looks like the protected one.", 0.97, "JaneR0e", "JaneRoe", 4.2),
    Evidence("name_covered", "The display names are the same.", 1.0, "Jane Roe", "Jane Roe", 1.61),
    Evidence("age", "How much younger the account is.", 15.1, "2026-04-20", "2011-03-04", 0.9),
    Evidence("links", "It links to the protected account's site.", float("nan"), "https://jane.example", "", -1.3),
)


class FakeScorer:
    """Answers every account with one assessment, or raises what it was given."""

    model_id = "model-0123456789abcdef"

    def __init__(self, answer: Assessment | Exception) -> None:
        self.answer = answer
        self.registry = REGISTRY
        self.seen: list[Account] = []

    def assess(self, account: Account) -> Assessment:
        self.seen.append(account)
        if isinstance(self.answer, Exception):
            raise self.answer
        return replace(self.answer, account=account)


def canned(**changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "account": Account(handle="replaced"),
        "relation": "impersonation",
        "target": TARGET,
        "impersonation_probability": 0.992,
        "relation_probabilities": {
            "impersonation": 0.992, "same_owner": 0.0005, "parody_or_fan": 0.0005, "unrelated": 0.007,
        },
        "evidence": EVIDENCE,
        "certificate": CERTIFICATE,
        "direction": 1.0,
        "inauthentic_probability": 0.93,
        "inauthentic": True,
        "model_id": FakeScorer.model_id,
        "registry_version": REGISTRY.version,
    }  # fmt: skip
    return Assessment(**(values | changes))


ASSESSMENTS = {
    "impersonation": canned(),
    "below_threshold": canned(impersonation_probability=0.71),
    "direction_unknown": canned(direction=0.0),
    "no_certificate": canned(certificate=None),
    "is_protected": canned(
        relation="is_protected", impersonation_probability=0.0, relation_probabilities={}, evidence=()
    ),
    "declared_secondary": canned(relation="same_owner", declared_secondary=True, impersonation_probability=0.01),
    "same_owner": canned(relation="same_owner", impersonation_probability=0.2),
    "parody_or_fan": canned(relation="parody_or_fan", impersonation_probability=0.1),
    "unrelated": canned(relation="unrelated", impersonation_probability=0.02),
    "no_target": canned(
        relation="no_target", target=None, impersonation_probability=0.0, relation_probabilities={}, evidence=(),
        certificate=None, inauthentic_probability=None, inauthentic=None,
        inauthentic_reason="out of what it knows: platform",
    ),
}  # fmt: skip


class Client:
    """Calls an app in this process. Starlette's TestClient warns about httpx, and warnings are errors here."""

    def __init__(self, app: FastAPI, scorer: FakeScorer) -> None:
        self.app = app
        self.scorer = scorer

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses; the service must not

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, path, **options)

        return asyncio.run(send())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def check(self, **changes: Any) -> httpx.Response:
        return self.post("/v1/checks", json=body(**changes))


def body(**changes: Any) -> dict[str, Any]:
    account = {"platform": "x", "account_id": "9001", "handle": "JaneR0e", "display_name": "Jane Roe", "followers": 12}
    account |= {"created_at": "2026-04-20T08:00:00Z", "verified": False, "bio": "Chair of Northwind."}
    return {"account": account, "action": "suspend", "actor": {"actor_id": "agent-17"}} | changes


def build(answer: Assessment | Exception, **settings: Any) -> Client:
    scorer = FakeScorer(answer)
    return Client(create_app(lambda: scorer, settings=Settings(home=NO_HOME, **settings), clock=lambda: NOW), scorer)


@cache
def built(name: str) -> Client:
    return build(ASSESSMENTS[name])


@pytest.fixture
def make_client():
    """Return a maker of clients: of the named assessment, or of any other, or of a scorer that raises."""

    def make(answer="impersonation", **settings):
        if settings or not isinstance(answer, str):
            return build(ASSESSMENTS[answer] if isinstance(answer, str) else answer, **settings)
        client = built(answer)
        client.scorer.seen.clear()
        return client

    return make


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def request_body():
    return body


@pytest.fixture(params=sorted(ASSESSMENTS))
def answer(request):
    """The name of each canned assessment in turn."""
    return request.param
