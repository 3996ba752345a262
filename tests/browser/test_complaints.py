"""A person complains on the page without a sign-in; a reviewer finds it, lifts, decides, and has the text to send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Watched
from tests.browser.people import Person, profile
from tests.browser.test_accessibility import LOOKS, SMALL, assert_accessible
from tests.browser.test_hostile import sideways
from tests.service.processes import Service, Services

WORDS = "I am Jane Roe, the baker. My passport has my name."


@pytest.fixture(scope="module")
def open_to_all(starter: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with canned answers, every check drawn for a second look, and the page where people complain."""
    started = Service(
        starter,
        tmp_path_factory.mktemp("complaints"),
        appeals_per_hour=500,
        complaint_url="https://platform.example/appeal",
        second_look_share=1,
    ).start()
    yield started
    started.stop()


@pytest.fixture
def enter(browser: Browser, open_to_all: Service) -> Iterator[Callable[..., Person]]:
    """Return a maker of people, each in a browser of their own; whatever a page did that it may not fails the test."""
    watched: list[Watched] = []

    def make(actor: str, *roles: str, **options: Any) -> Person:
        watched.append(Watched(browser, open_to_all.url, **options))
        return Person(watched[-1], open_to_all.key(actor, *roles)).is_let_in()

    yield make
    for one in watched:
        one.close()
    assert [offence for one in watched for offence in one.offences] == []


@pytest.fixture(scope="module")
def story(open_to_all: Service, browser: Browser) -> dict[str, str]:
    """An account that was suspended, and the addresses of pages about it."""
    watched = Watched(browser, open_to_all.url)
    agent = Person(watched, open_to_all.key("agent-complaints", "agent")).is_let_in()
    check = agent.checks(profile("JaneR0eBakes", "Jane Roe", "Baker. Chair of Northwind.", id_str="820001"))
    agent.takes_the_clearance().redeems()
    agent.opens(f"{check}/text")
    code = re.search(r"(?:[A-Z2-7]{6}-?){3}", agent.page.locator("#text").input_value())
    assert code
    watched.close()
    complains(browser, open_to_all, code[0])
    reviewer = Person(Watched(browser, open_to_all.url), open_to_all.key("finder", "reviewer")).is_let_in()
    demands(open_to_all)
    demand = reviewer.opens("/demands").page.locator("a[data-item]").first.get_attribute("href")
    appeal = reviewer.opens("/appeals").page.locator("a[data-item]").first.get_attribute("href")
    reviewer.browser.close()
    assert appeal
    assert demand
    return {"check": check, "appeal": appeal, "code": code[0], "demand": demand}


def demands(service: Service) -> None:
    """Ask an account to change its name, as the platform's tool does."""
    by, asked = ("agent-complaints", "agent"), drawn_body("light", handle="JaneR0eFan", account_id="840001")
    asked |= {"action": "require_change", "demands": ["other_name"]}
    given = service.ask("/v1/checks", asked, by).json()["clearance"]
    spent = service.ask("/v1/clearances/redeem", {"token": given["token"], "account": asked["account"]}, by)
    assert spent.status_code == 200, spent.text


def complains(browser: Browser, service: Service, code: str, **look: Any) -> str:
    """Complain as anybody does, without cookies or a sign-in; return what the page says."""
    stranger = Watched(browser, service.url, **look)
    page = stranger.page()
    page.goto("/appeal")
    page.fill("#code", code.lower())
    page.fill("#arguments", WORDS)
    page.keyboard.press("Tab")
    page.keyboard.type("jane@roe.example")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("status").wait_for()
    said = page.locator("main").inner_text()
    assert stranger.context.cookies() == []
    assert stranger.offences == []
    stranger.close()
    return said


def without_time(said: str) -> str:
    """Return the words without the minute, which may have passed in between."""
    return re.sub(r"\d\d:\d\d", "", said)


@pytest.mark.parametrize("script", [True, False])
def test_a_person_complains_and_learns_nothing_of_codes(
    open_to_all: Service, browser: Browser, story: dict[str, str], script: bool
) -> None:
    real = complains(browser, open_to_all, story["code"], java_script_enabled=script)
    other = complains(browser, open_to_all, "AAAABB-BBCCCC-DDDDY4", java_script_enabled=script)
    assert without_time(real) == without_time(other)
    assert "We have got what you wrote." in real


def test_a_reviewer_decides_by_keyboard_and_has_the_text_to_send(
    open_to_all: Service, enter: Callable[..., Person], story: dict[str, str]
) -> None:
    judge = enter("judge-keys", "reviewer").opens("/history")
    judge.page.keyboard.press("a")
    judge.page.wait_for_url("**/appeals")
    judge.page.keyboard.press("j")
    judge.page.keyboard.press("Enter")
    judge.page.wait_for_url(f"**{story['appeal']}")
    for words in (WORDS, "jane@roe.example", "agent-complaints", "The handle looks like the protected one."):
        assert words in judge.page.locator("main").inner_text() or words in judge.page.content(), words
    judge.presses(judge.form("/lift"))
    assert "Undo the action on the platform until this is decided." in judge.text()
    judge.page.select_option("#found", "overturned namesake")
    judge.page.fill("#note", "Her passport has her name.")
    judge.page.locator("form[action$='/decision'] button:enabled").click()
    judge.page.get_by_text("Undo the action on the platform now.").wait_for()
    assert "we take back our action against @JaneR0eBakes" in judge.page.locator("#text").input_value()
    assert judge.may("/decision", "/lift") == set()
    open_to_all.verify()


def test_second_looks_go_one_after_the_other(enter: Callable[..., Person], story: dict[str, str]) -> None:
    assert story
    blind = enter("blind-browser", "reviewer").opens("/second-looks")
    blind.page.get_by_role("link", name="Judge the next one").click()
    assert blind.page.locator("a[href*='/checks/']").count() == 0
    for _ in range(2):
        blind.page.get_by_label("Unrelated, or somebody of the same name").check()
        blind.presses(blind.form("/answer"))
    blind.page.get_by_text("No checks for you to judge.").wait_for()


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_can_be_read_by_anybody(
    open_to_all: Service, enter: Callable[..., Person], story: dict[str, str], look: str
) -> None:
    open_to_all.ask("/v1/checks", drawn_body(look), ("agent-complaints", "agent"))
    person = enter(f"reader-{look[:4]}", "agent", "reviewer", **LOOKS[look])
    pages = ["/appeal", "/appeal?lang=ar", "/second-looks", "/second-looks/next", "/appeals", "/demands", "/findings",
             "/appeals?state=overturned", story["appeal"], story["demand"], f"{story['check']}/text",
             f"{story['check']}/complaint", f"{story['check']}/proof", story["check"]]  # fmt: skip
    for path in pages:
        looks_well(person.opens(path).page, path, look)


def drawn_body(look: str, **changes: str) -> dict[str, Any]:
    account: dict[str, Any] = {"platform": "x", "account_id": f"83{list(LOOKS).index(look)}", "handle": "JaneR0eAgain"}
    account |= {
        "display_name": "Jane Roe",
        "followers": 12,
        "verified": False,
        "bio": "Baker.",
        "created_at": "2026-04-20T08:00:00Z",
    }
    return {
        "account": account | changes,
        "action": "suspend",
        "actor": "agent-complaints",
        "report": "It asks for money.",
    }


def looks_well(page: Page, path: str, look: str) -> None:
    """Fail unless a page is accessible, does not scroll sideways, and has one heading of the first rank."""
    if look in {"light", "dark", "narrow"}:  # the same rules over the same parts take long
        assert_accessible(page, path)
    assert sideways(page) <= 0, f"{path} scrolls sideways"
    assert page.evaluate(SMALL) == [], path
    assert page.locator("h1").count() == 1, path
    assert page.locator("html[lang]").count() == 1, path
