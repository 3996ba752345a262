"""Strangers in the demonstration: what they approved there is worth nothing once a registry was imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from classifier.registry.demonstration import demonstration_registry
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from tests.browser.chromium import Watched
from tests.browser.people import Person, profile
from tests.service.processes import Service, Services

KNOWN = next(account for account in demonstration_registry() if account.tier == "standard" and account.platform == "x")
FAKE = profile(f"{KNOWN.handle}1", KNOWN.display_name, KNOWN.bio)
Visit = Callable[[str], Person]


@pytest.fixture
def tried(starter: Services, tmp_path: Path) -> Iterator[Service]:
    """The service as the README's first command starts it: no registry."""
    started = Service(starter, tmp_path, CANNED_SCORER="served", monitor_minutes=0).start()
    yield started
    started.stop()


@pytest.fixture
def real(starter: Services, tmp_path: Path) -> Iterator[Service]:
    """The service of the same home, to be started once a registry was imported."""
    service = Service(starter, tmp_path, f"sqlite:///{tmp_path}/real.db", CANNED_SCORER="served", monitor_minutes=0)
    yield service
    service.stop()


@pytest.fixture
def visit(browser: Browser, tried: Service) -> Iterator[Visit]:
    """Return a maker of strangers, each signed in as somebody invented, in a browser of their own."""
    watched: list[Watched] = []

    def make(name: str) -> Person:
        watched.append(Watched(browser, tried.url))
        stranger = Person(watched[-1], "").opens("/sign-in")
        stranger.page.locator(f"button[name=person][value={name}]").click()
        return stranger

    yield make
    for one in watched:
        one.close()
    assert [offence for one in watched for offence in one.offences] == []


def test_what_strangers_approved_is_redeemed_nowhere_after_the_import(
    visit: Visit, tried: Service, real: Service, registry: Registry, browser: Browser
) -> None:
    agent = visit("demo-agent")
    address = agent.checks(FAKE)
    for number in (1, 2):
        reviewer = visit(f"demo-reviewer-{number}").opens(address)
        reviewer.answers("approve", "I compared both.")
    token = agent.opens(address).takes_the_clearance().page.locator("#clearance").input_value()
    assert agent.may("/redeem") == {"/redeem"}, "in the demonstration itself it could be spent"
    registry_store(tried.home).replace(registry)
    assert "the demonstration is over" in agent.redeems().text()
    assert "the demonstration is over" in reviewer.opens("/reviews").text()
    real.start()
    given = {"token": token, "account": {"platform": "x", "handle": f"{KNOWN.handle}1"}}
    refused = real.ask("/v1/clearances/redeem", given, by=("demo-agent", "agent"))
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (409, "bad_token")
    stranger = Watched(browser, real.url)
    page = stranger.page()
    page.goto("/")
    assert page.locator("input[name=key]").count()
    assert not page.locator("button[name=person]").count()
    stranger.close()


def test_a_name_that_only_leads_here_sees_nothing(tried: Service) -> None:
    """What a page elsewhere makes a browser ask: the connection is to this machine, the name is its own."""
    for path in ("/", "/sign-in", "/v1/checks", "/.well-known/jwks.json"):
        answer = httpx.get(f"{tried.url}{path}", headers={"host": "rebound.example"}, trust_env=False)
        assert (answer.status_code, answer.json()["code"]) == (421, "unknown_host")
    forged = {"host": "rebound.example", "origin": "http://rebound.example", "sec-fetch-site": "same-origin"}
    answer = httpx.post(f"{tried.url}/sign-in/demo", data={"person": "demo-agent"}, headers=forged, trust_env=False)
    assert (answer.status_code, "set-cookie" in answer.headers) == (421, False)
