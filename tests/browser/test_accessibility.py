"""No page has a violation that axe-core finds, in any light, at any width, nor one that it cannot find."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Watched
from tests.browser.conftest import Enter
from tests.browser.people import FAKE, LOUD_FAKE, PARODY, REAL, Person, profile
from tests.browser.test_hostile import sideways
from tests.service.processes import Service

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# How somebody may look at a page: the browser's options.
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced colours": {"forced_colors": "active"},
    "wall": {"viewport": {"width": 2560, "height": 1440}},
}
# Smaller than 24 by 24 CSS pixels, and neither in a sentence nor the browser's own (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(element => element.checkVisibility() && !element.closest("p, dd, td, .skip, label"))
    .map(element => [element.getBoundingClientRect(), element])
    .filter(([box]) => box.width < 24 || box.height < 24)
    .map(([box, element]) => `${element.outerHTML.slice(0, 120)} is ${box.width} x ${box.height}`)"""


@pytest.fixture(scope="module")
def pages(service: Service, browser: Browser) -> list[str]:
    """The address of every page, with an answer of each kind."""
    found = []
    for paste in (FAKE, LOUD_FAKE, PARODY, profile("nobody_at_all", "Somebody", "Nothing in common.")):
        found.append(ask(service, {"format": "x-v1", "account": json.loads(paste)}))
    found.append(ask(service, {"account": {"platform": "x", "handle": REAL}}))
    agent = Person(Watched(browser, service.url), service.key("all-axe", "agent", "reviewer", "auditor")).is_let_in()
    found += [agent.checks(FAKE), agent.checks(profile("nobody_else", "Somebody", "Nothing in common."))]
    found.append(agent.uploads("reported.jsonl", "\n".join([FAKE, LOUD_FAKE, PARODY, "{"])))
    found += [f"{found[-1]}/rows", f"{found[-1]}/rows?handle=nobody", f"{found[-1]}/rows/1"]
    agent.browser.close()
    return [*found, "/", "/reviews", "/reviews?impact=high&q=nobody", "/overview?period=7d", "/model", "/quality",
            "/history", "/history?platform=x&handle=BraskParody", "/history?part=brask&target=OllivanderBrask",
            "/batches", "/docs", "/mine", "/browser-button", "/?q=https://x.com/BraskParody",
            "/checks/00000000-0000-0000-0000-000000000000", "/nowhere"]  # fmt: skip


def ask(service: Service, request: dict[str, Any]) -> str:
    """Return the address of a check."""
    answer = service.ask("/v1/checks", request | {"action": "suspend", "actor": "agent-axe"}, ("agent-axe", "agent"))
    return f"/checks/{answer.json()['check_id']}"


def assert_accessible(page: Page, where: str) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_has_a_violation(pages: list[str], enter: Enter, look: str) -> None:
    stranger = enter("stranger", "agent", **LOOKS[look]).opens("/sign-in")
    assert_accessible(stranger.page, "/sign-in")
    person = enter("all-axe", "agent", "reviewer", "auditor", **LOOKS[look]).is_let_in()
    for path in pages:
        person.opens(path)
        if look != "wall" and (path != "/docs" or look == "light"):  # the same rules over the same parts take long
            assert_accessible(person.page, path)
        assert sideways(person.page) <= 0, f"{path} scrolls sideways"
        assert person.page.evaluate(SMALL) == [], path
        assert person.page.locator("h1").count() == 1, path
        assert person.page.locator("html[lang]").count() == 1, path


def test_a_form_that_was_refused_says_so_where_it_was_filled_in(enter: Enter) -> None:
    agent = enter("agent-axe", "agent").is_let_in().opens("/")
    agent.page.fill("[name=paste]", '{"screen_name": 7}')
    agent.presses(agent.form("/"))
    assert_accessible(agent.page, "/ with an error")
    described = agent.page.locator("[aria-invalid=true]").first.get_attribute("aria-describedby")
    assert described
    assert all(agent.page.locator(f"#{name}").count() == 1 for name in described.split())


@pytest.mark.parametrize("zoom", [2, 4])
def test_enlarged_four_times_nothing_is_lost(enter: Enter, zoom: int) -> None:
    """WCAG 1.4.10: 1280 pixels at 400 % are 320 CSS pixels. Nor in a font whose letters are a good half wider."""
    look = {"viewport": {"width": 1280 // zoom, "height": 1024 // zoom}, "device_scale_factor": zoom}
    agent = enter("agent-axe", "agent", **look).is_let_in()
    agent.checks(FAKE)
    assert sideways(agent.page) <= 0
    assert agent.page.locator("h1").is_visible()
    agent.page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("* { letter-spacing: 0.35em !important }");
        document.adoptedStyleSheets = [sheet];
    }""")
    assert sideways(agent.page) <= 0


def test_wider_spacing_of_text_cuts_nothing(enter: Enter) -> None:
    """WCAG 1.4.12."""
    agent = enter("agent-axe", "agent", viewport={"width": 320, "height": 640}).is_let_in()
    agent.checks(LOUD_FAKE)
    agent.page.evaluate("""() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
            word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
        document.adoptedStyleSheets = [sheet];
    }""")
    assert sideways(agent.page) <= 0
    cut = """() => [...document.querySelectorAll("main *")].filter(element => {
        const style = getComputedStyle(element);  // what is shortened to so many lines stands in full above
        return style.overflow === "hidden" && style.webkitLineClamp === "none" && element.clientHeight > 1
            && element.scrollHeight > element.clientHeight + 1;
    }).map(element => element.outerHTML.slice(0, 100))"""
    assert agent.page.evaluate(cut) == []


WORDS = {"refused": (REAL, "do not act"), "cleared": (FAKE, "cleared"), "needs_review": (PARODY, "needs two approvals")}


@pytest.mark.parametrize("verdict", WORDS)
def test_every_verdict_is_a_word_not_only_a_colour(enter: Enter, verdict: str) -> None:
    paste, words = WORDS[verdict]
    agent = enter("agent-axe", "agent").is_let_in()
    agent.checks(paste)
    assert words in agent.text().casefold()


def test_whoever_wants_no_motion_gets_none(enter: Enter) -> None:
    agent = enter("agent-axe", "agent", reduced_motion="reduce").is_let_in()
    agent.checks(FAKE)
    assert agent.page.evaluate("document.getAnimations().length") == 0


def test_a_printed_answer_has_what_matters(enter: Enter) -> None:
    agent = enter("agent-axe", "agent").is_let_in()
    agent.checks(FAKE)
    agent.page.emulate_media(media="print")
    assert agent.page.locator("h1").is_visible()
    assert not agent.page.locator("nav").first.is_visible()
