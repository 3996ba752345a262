"""Signing in with a provider, in a browser: there and back, without the script too, and out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from service.auth.api_keys import revoke_key
from service.cli.options import opened
from service.records.tables import keys
from tests.browser.chromium import Watched
from tests.browser.people import Person, profile
from tests.browser.test_accessibility import LOOKS, SMALL, assert_accessible
from tests.browser.test_hostile import sideways
from tests.service import oidc_provider
from tests.service.oidc_provider import JANE, SECRET, TestProvider
from tests.service.processes import Service, Services

NOBODY = JANE | {"sub": "u-9", "email": "nobody@login.example", "groups": []}


@pytest.fixture(scope="module")
def running_provider() -> Iterator[TestProvider]:
    with oidc_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: TestProvider) -> TestProvider:
    """The provider, whose page has a button to press."""
    running_provider.reset()
    running_provider.asks = True
    return running_provider


@pytest.fixture(scope="module")
def registered(
    starter: Services, running_provider: TestProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A service that is registered with the provider."""
    home = tmp_path_factory.mktemp("registered")
    (home / "secret").write_text(SECRET, encoding="ascii")
    given = oidc_provider.settings(running_provider, home / "secret", oidc_end_session=True)
    started = Service(starter, home, demonstration=False, **given).start()
    yield started
    started.stop()


@pytest.fixture
def somebody(browser: Browser, registered: Service, provider: TestProvider) -> Iterator[Callable[..., Person]]:
    """Return a maker of people who are not signed in yet; whatever a page did that it may not fails the test."""
    watched: list[Watched] = []

    def make(**options: object) -> Person:
        watched.append(Watched(browser, registered.url, besides=provider.url, **options))
        return Person(watched[-1], registered.key("ada", "reviewer"))

    yield make
    for one in watched:
        one.close()
    assert [offence for one in watched for offence in one.offences] == []


def signs_in(person: Person) -> None:
    """Press the link, then the provider's button."""
    person.page.get_by_role("link", name="Sign in with Login Example").click()
    person.page.get_by_role("button", name="I am Jane").click()
    person.page.wait_for_load_state("domcontentloaded")


@pytest.mark.parametrize("script", [True, False])
def test_there_and_back_and_out_again(somebody: Any, registered: Service, script: bool) -> None:
    jane = somebody(java_script_enabled=script).opens("/history")
    signs_in(jane)
    assert jane.page.url == f"{registered.url}/history"
    assert "jane@login.example" in jane.page.locator("header").inner_text()
    jane.signs_out()
    assert jane.page.url == f"{registered.url}/sign-in?left=true"
    jane.page.get_by_role("link", name="Sign out of Login Example too").click()
    jane.page.wait_for_url(f"{registered.url}/sign-in")
    assert "Sign in" in jane.opens("/history").page.title()


def test_by_keyboard_alone(somebody: Any, registered: Service) -> None:
    jane = somebody().opens("/history")
    for _ in range(10):
        jane.page.keyboard.press("Tab")
        if "Login Example" in jane.page.evaluate("document.activeElement.textContent"):
            break
    jane.page.keyboard.press("Enter")
    jane.page.get_by_role("button", name="I am Jane").press("Enter")
    jane.page.wait_for_url(f"{registered.url}/history")


def test_who_has_no_role_is_told_so_and_may_use_a_key(somebody: Any, provider: TestProvider) -> None:
    provider.claims = dict(NOBODY)
    ada = somebody().opens("/sign-in")
    signs_in(ada)
    assert "You have no role here" in ada.page.get_by_role("alert").inner_text()
    ada.signs_in()
    assert "ada" in ada.page.locator("header").inner_text()


def test_what_was_typed_waits_in_its_tab(somebody: Any, registered: Service, provider: TestProvider) -> None:
    """The session ends while somebody types: they sign in again in a new tab, come back, and go on."""
    provider.claims = JANE | {"sub": "u-3", "email": "mia@login.example", "groups": ["agents"]}
    mia = somebody().opens("/")
    signs_in(mia)
    mia.page.fill("textarea[name=paste], input[name=paste]", profile("JaneR0e"))
    end_sessions(registered, "mia@login.example")
    mia.presses(mia.form("/"))
    assert "session has ended" in mia.heading()
    with mia.browser.context.expect_page() as opened_:
        mia.page.get_by_role("link", name="Sign in with Login Example").click()
    opened_.value.get_by_role("button", name="I am Jane").click()
    opened_.value.wait_for_url(f"{registered.url}/")
    mia.presses(mia.form("/sign-in/kept"))
    assert "JaneR0e" in mia.page.input_value("textarea[name=paste], input[name=paste]")


def end_sessions(service: Service, actor: str) -> None:
    """Take the key away that somebody has signed in with."""
    with opened(service.home, service.database_url) as office, office.reading() as connection:
        rows = connection.execute(keys.select().where(keys.c.actor == actor, keys.c.revoked.is_(None))).all()
    with opened(service.home, service.database_url) as office:
        for row in rows:
            office.change(lambda transaction, row=row: revoke_key(transaction, row.id))


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_page_is_accessible(somebody: Any, provider: TestProvider, look: str) -> None:
    provider.claims = dict(NOBODY)
    ada = somebody(**LOOKS[look]).opens("/sign-in?left=true")
    assert_accessible(ada.page, "/sign-in")
    assert sideways(ada.page) <= 0
    signs_in(ada)
    assert_accessible(ada.page, "/sign-in/provider/back")
    assert ada.page.evaluate(SMALL) == []
