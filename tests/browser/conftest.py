"""Chromium, the service as a process of its own, and people who open its console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from classifier.registry.registry import Registry
from tests.browser.chromium import Watched, chromium, needs_chromium
from tests.browser.homes import copied_home
from tests.browser.people import Person
from tests.service.processes import Service, Services

HERE = Path(__file__).parent
Enter = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what takes a browser where there is none, but not in CI."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(needs_chromium)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def starter() -> Iterator[Services]:
    services = Services()
    yield services
    services.close()


@pytest.fixture(scope="package")
def service(
    starter: Services, home: Path, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The service as it is: the default model, over the president and 300 others."""
    path = copied_home(home, tmp_path_factory.mktemp("console"), registry)
    started = Service(starter, path, CANNED_SCORER="served", monitor_minutes=0).start()
    yield started
    started.stop()


@pytest.fixture(scope="package")
def canned(starter: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with canned answers: each account imitates Jane Roe and is cleared, or takes two if it is large."""
    started = Service(starter, tmp_path_factory.mktemp("canned"), trusted_proxies="127.0.0.1").start()
    yield started
    started.stop()


@pytest.fixture
def enter(browser: Browser, service: Service) -> Iterator[Enter]:
    """Return a maker of people, each in a browser of their own; whatever a page did that it may not fails the test."""
    watched: list[Watched] = []

    def make(actor: str, *roles: str, at: Service = service, **options: object) -> Person:
        watched.append(Watched(browser, at.url, **options))
        return Person(watched[-1], at.key(actor, *roles))

    yield make
    for one in watched:
        one.close()
    assert [offence for one in watched for offence in one.offences] == []
