"""The same story with keys only. Focus is always seen, goes from top to bottom, and is never trapped."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.people import FAKE, LOUD_FAKE, PARODY, REAL, profile
from tests.browser.typist import Typist, stops

POSITIONS = """() => [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")]
    .filter(element => element.checkVisibility() && element.tabIndex >= 0).length"""


@pytest.fixture
def typist(enter: Enter):
    """Return a maker of people without a mouse."""

    def make(actor: str, *roles: str) -> Typist:
        person = enter(actor, *roles)
        made = Typist(person.browser, person.key, person.page)
        return made.opens("/sign-in").types("key", made.key).goes("Enter")

    return make


def test_the_story_with_keys_only(typist) -> None:
    agent = typist("agent-keys", "agent")
    agent.types("paste", LOUD_FAKE)
    with agent.page.expect_navigation(url="**/checks/*"):
        agent.page.keyboard.press("Control+Enter")
    address = agent.page.url.removeprefix(agent.browser.url)
    for number in (1, 2):
        reviewer = typist(f"reviewer-keys-{number}", "reviewer")
        reviewer.goes("r", "/reviews")
        if reviewer.fold_of(address).count():
            reviewer.reaches(reviewer.fold_of(address)).presses_key("Enter")
        reviewer.pressed(reviewer.page.locator(f'a[href="{address}"]'))
        reviewer.types("reason", f"Added 'official', says {number}.")
        reviewer.types("typed_handle", "OllivanderBrask_official")
        reviewer.pressed(reviewer.page.locator("button[name=answer][value=approve]"), "Space")
        assert f"says {number}" in reviewer.opens(address).text()
    agent.opens(address).types("typed_handle", "OllivanderBrask_official")
    agent.pressed(agent.form("/clearance").locator("button[value=take]"), "Space")
    agent.pressed(agent.form("/redeem").locator("button"))
    assert agent.opens(address).may("/clearance", "/redeem") == set()


def test_no_key_answers_by_a_slip(typist) -> None:
    """Enter in a field presses a form's first button; of approve and decline, none may be it."""
    address = typist("agent-keys", "agent").checks(LOUD_FAKE)
    reviewer = typist("reviewer-keys-1", "reviewer").opens(address)
    reviewer.types("reason", "Not sure yet.").presses_key("Control+Enter")
    reviewer.types("typed_handle", "OllivanderBrask_official").presses_key("Enter").presses_key("Control+Enter")
    reviewer.page.wait_for_timeout(200)
    assert reviewer.page.locator("[name=reason]").input_value() == "Not sure yet."
    assert reviewer.opens(address).may("/answer") == {"/answer"}


def test_the_real_one_is_refused_to_keys_as_well(typist) -> None:
    worker = typist("worker-keys", "agent")
    worker.types("paste", REAL)
    with worker.page.expect_navigation(url="**/checks/*"):
        worker.page.keyboard.press("Control+Enter")
    assert "do not act" in worker.heading()
    assert worker.may("/clearance", "/redeem", "/answer") == set()


def test_the_first_stop_leads_past_the_navigation(typist) -> None:
    agent = typist("agent-keys", "agent")
    agent.opens("/history").page.keyboard.press("Tab")
    assert agent.page.evaluate("document.activeElement.className") == "skip"
    agent.presses_key("Enter")
    assert agent.page.evaluate("document.activeElement.id") == "main"
    agent.page.keyboard.press("Tab")
    assert agent.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_tab_goes_through_each_page_in_order_and_ends(typist) -> None:
    both = typist("all-keys", "agent", "reviewer", "auditor")
    address = both.checks(PARODY)
    for path in ("/", address, "/reviews", "/history", "/batches"):
        page = both.opens(path).page
        reached = stops(page)
        assert len(reached) >= page.evaluate(POSITIONS), path
        assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0, path


def test_single_letters_lead_to_the_pages_but_not_while_somebody_writes(typist) -> None:
    both = typist("all-keys", "agent", "reviewer", "auditor")
    both.opens("/history").goes("r", "/reviews").goes("h", "/history").goes("b", "/batches").goes("c", "/")
    both.types("paste", "")
    both.page.keyboard.type("crhb")
    assert both.page.locator("[name=paste]").input_value() == "crhb"
    assert both.page.url == f"{both.browser.url}/"


def test_single_letters_can_be_turned_off(typist) -> None:
    """WCAG 2.1.4: a keyboard shortcut of one letter hurts whoever speaks to the computer."""
    agent = typist("agent-keys", "agent")
    page: Page = agent.opens("/history").page
    agent.reaches(page.locator("details.keys summary")).presses_key("Enter")
    agent.reaches(page.locator("#single-keys")).presses_key("Space")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    page.reload()
    page.keyboard.press("c")
    page.wait_for_timeout(200)
    assert page.url.endswith("/history")


def test_the_queue_is_walked_with_j_and_k(typist) -> None:
    agent = typist("agent-keys", "agent")
    wanted = [agent.checks(profile("BraskParody", "Parody", "Parody.", id_str=f"8{number}")) for number in range(3)]
    reviewer = typist("reviewer-keys-1", "reviewer").goes("r", "/reviews")
    links = []
    for key in ("j", "j", "k"):
        reviewer.page.keyboard.press(key)
        links.append(reviewer.page.evaluate("document.activeElement.getAttribute('href')"))
    assert links[0] == links[2] != links[1]
    assert all(link.startswith("/checks/") for link in links)
    assert wanted


def test_the_answer_of_a_check_is_where_reading_begins(typist) -> None:
    agent = typist("agent-keys", "agent")
    agent.checks(FAKE)
    assert agent.page.locator("main :is(h1, h2, h3)").first.evaluate("element => element.tagName") == "H1"
    skipped = """() => [...document.querySelectorAll("h1, h2, h3, h4")].map(element => Number(element.tagName[1]))
        .some((level, place, all) => place && level > all[place - 1] + 1)"""
    assert not agent.page.evaluate(skipped), "no level of headings is left out"
